import * as z from 'zod/mini'
import { ToolError } from '../../core/errors.ts'
import { fileProblem } from '../../core/file-problem.ts'
import type { Entry } from '../../linux/root/calls.ts'
import type { Folder } from '../../linux/root/folder.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { type FileInfo, fileInfo, infoOf, linkInfo, type Names, nameInfo } from './describe.ts'
import type { Visit } from './visit.ts'

/** Entries of one JSON answer at most, and by default: some 5 MB. A stream has no such limit. */
export const mostEntries = 10_000

export const targetInfo = z.object({
  pid: z.nullable(z.int()).check(z.describe('The process whose root it is; null: ditty itself')),
  name: z.string(),
})

const place = {
  target: targetInfo,
  path: z.string(),
  pathBase64: z.optional(z.string()),
}

/** `?stat`. */
export const fileStat = z.extend(fileInfo, place)
/** A folder. */
export const folderList = z.extend(fileStat, {
  entries: z.array(fileInfo),
  truncated: z.boolean().check(z.describe('There are more; application/x-ndjson brings all')),
})
/** A line of a folder that comes as a stream: first the folder, last the summary. */
export const folderLine = z.union([
  z.extend(fileStat, { record: z.literal('folder') }),
  z.extend(fileInfo, { record: z.literal('entry') }),
  z.object({ record: z.literal('summary'), entries: z.int() }),
])

/** What stands at the path itself; of a link the link. */
export async function statOf({ root, target, path }: Visit, names: Names) {
  const status = await root.status(path, { follow: false })
  const info = infoOf({ name: lastName(path), type: undefined, status }, names)
  const link = status.type === 'link' ? await linkAt(root, path, await root.readlink(path)) : {}
  return { target, ...pathInfo(path), ...info, ...link }
}

export async function folderOf({ target, path }: Visit, folder: Folder, names: Names) {
  const status = await folder.status()
  return { target, ...pathInfo(path), ...infoOf({ name: lastName(path), type: 'directory', status }, names) }
}

/** What is in a folder, in the kernel's order. */
export async function* entriesOf(
  { root, path, signal }: Visit,
  folder: Folder,
  names: Names,
): AsyncGenerator<FileInfo[]> {
  for await (const slice of folder.entries(true)) {
    signal.throwIfAborted()
    const infos: FileInfo[] = []
    for (const entry of slice) infos.push(await entryInfo(root, path, folder, entry, names))
    yield infos
    // Slices of a local file system come without a wait.
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function entryInfo(root: FileRoot, above: Buffer, folder: Folder, entry: Entry, names: Names): Promise<FileInfo> {
  const { name, type, status, problem } = entry
  const info = infoOf({ name, type, status }, names)
  if (problem) return { ...info, problem: fileProblem(problem) }
  if (info.type !== 'link') return info
  try {
    return { ...info, ...(await linkAt(root, below(above, name), await folder.readlink(name))) }
  } catch (error) {
    return { ...info, problem: fileProblem(error) }
  }
}

async function linkAt(root: FileRoot, path: Buffer, target: Buffer) {
  try {
    return linkInfo(target, (await root.status(path)).type)
  } catch (error) {
    return { ...linkInfo(target, null), ...(error instanceof ToolError ? { problem: error.message } : {}) }
  }
}

const slash = Buffer.from('/')
const below = (above: Buffer, name: Buffer) => Buffer.concat([above, slash, name])

function pathInfo(path: Buffer) {
  const { name, nameBase64 } = nameInfo(path)
  return { path: name, ...(nameBase64 === undefined ? {} : { pathBase64: nameBase64 }) }
}

/** `/` for the root. */
export function lastName(path: Buffer): Buffer {
  const end = path.findLastIndex(byte => byte !== 0x2f) + 1
  return end === 0 ? slash : path.subarray(path.lastIndexOf(0x2f, end - 1) + 1, end)
}
