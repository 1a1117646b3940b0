import type { Linux } from '../../linux/linux.ts'
import type { Notes } from './notes.ts'
import { look, type RootFiles } from './root-files.ts'

/** What each part of the look is given: the target's files, the process that matters, and where to say what wasn't seen. */
export interface Inside {
  files: RootFiles
  linux: Linux
  /** The main process, as ditty's /proc numbers it. */
  pid: number
  /** Of the main process, as it was started; null where the kernel doesn't show it. */
  environment: ReadonlyMap<string, string> | null
  notes: Notes
  /** Milliseconds since 1970. */
  nowMs: number
}

/** The first bytes of a file as text; undefined where it is missing, or denied: that is noted. */
export async function textAt({ files, notes }: Inside, path: string, limit = 64 * 1024): Promise<string | undefined> {
  return (await bytesAt({ files, notes }, path, limit))?.toString('utf8')
}

export async function bytesAt({ files, notes }: Pick<Inside, 'files' | 'notes'>, path: string, limit: number) {
  const found = await look(() => files.read(path, limit))
  if (found.state === 'denied') notes.denied(path, found.error)
  return found.state === 'found' ? found.value : undefined
}

/** Names in a directory; none where it is missing, or denied: that is noted. */
export async function namesIn({ files, notes }: Pick<Inside, 'files' | 'notes'>, path: string): Promise<string[]> {
  const found = await look(() => files.list(path))
  if (found.state === 'denied') notes.denied(path, found.error)
  return found.state === 'found' ? found.value.sort() : []
}

/** The first of these paths that leads to something of the kind. */
export async function firstThere(
  { files, notes }: Pick<Inside, 'files' | 'notes'>,
  paths: readonly string[],
  kind: 'file' | 'directory',
): Promise<string | undefined> {
  for (const path of paths) {
    const found = await look(() => files.kind(path))
    if (found.state === 'denied') notes.denied(path, found.error)
    if (found.state === 'found' && found.value === kind) return path
  }
  return undefined
}

/** Where a link points; undefined for what is no link. */
export async function linkAt({ files }: Pick<Inside, 'files'>, path: string): Promise<string | undefined> {
  const found = await look(() => files.readlink(path))
  return found.state === 'found' ? found.value : undefined
}
