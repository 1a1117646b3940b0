import type { Request, Response } from 'express'
import type { Clock } from '../../core/context.ts'
import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { type Doing, trouble } from '../../linux/root/trouble.ts'
import { containerLabel, findTarget } from '../../linux/target.ts'
import type { Uploads } from '../../transfer/uploads.ts'
import { queryOf } from '../path.ts'
import { Problem } from '../problem.ts'
import { pathBehind } from '../transfers/byte-path.ts'

export const filesRoot = '/api/v1/files'

/** What the routes of files share. */
export interface FilesDesk {
  linux: Linux
  clock: Clock
  uploads: Uploads
}

/** Whose files a request is about. */
export interface TargetInfo {
  /** null: ditty's own. */
  pid: number | null
  name: string
}

/** One request, in the root that it is about. */
export interface Visit {
  root: FileRoot
  target: TargetInfo
  /** Absolute, of any bytes. */
  path: Buffer
  query: URLSearchParams
  /** Nobody waits for the answer any more. */
  signal: AbortSignal
}

/** Opens the root, does the work there, and closes it; errors become those that name the path and the remedy. */
export async function visit(
  { linux, clock }: FilesDesk,
  [request, response]: [Request, Response],
  doing: Doing,
  work: (visit: Visit) => Promise<void>,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const { signal } = gone
  const path = pathBehind(filesRoot, request)
  const query = queryOf(request)
  const { pid, target } = await targetOf({ linux, clock, signal }, query.get('target') ?? undefined)
  if (!linux.openRoot) throw new ToolError('unsupported', "files are read by the running kernel's own calls alone")
  using root = await linux.openRoot(pid, { signal })
  try {
    await work({ root, target, path, query, signal })
  } catch (error) {
    throw error instanceof Problem ? error : await trouble({ linux, root }, error, doing, path)
  }
}

/** `self` is ditty's own container; without a word it is the one that ditty was put beside. */
async function targetOf(lookout: Parameters<typeof findTarget>[0], word: string | undefined) {
  if (word === 'self') return { pid: 'self' as const, target: { pid: null, name: 'self' } }
  const { pid, container } = await findTarget(lookout, word)
  return { pid, target: { pid, name: containerLabel(container) } }
}
