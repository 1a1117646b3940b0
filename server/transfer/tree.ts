import { constants } from 'node:fs'
import { type FileHandle, open, opendir, readlink, statfs } from 'node:fs/promises'
import { fileProblem } from '../core/file-problem.ts'
import { shownName } from '../core/shown-name.ts'
import { inDirectory, reopen } from '../linux/resolve-path.ts'
import { O_PATH } from '../linux/root/open-flags.ts'
import { kindOf } from './source.ts'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants

/** Deeper folders are named and left out: each level holds a descriptor and a listing. */
const maxDepth = 128

/** What stands in a folder, in the kernel's order. `path` is relative to it, with `/` between names. */
export type TreeEntry =
  | ({ path: string; mode: number; modified: Date } & (
      | { kind: 'folder' }
      /** Open until the next entry is asked for. */
      | { kind: 'file'; handle: FileHandle; sizeBytes: number }
      | { kind: 'link'; target: Buffer }
    ))
  | { kind: 'left out'; path: string; why: string }

/** File systems that the kernel makes up, by statfs(2): endless, or with effects when read. include/uapi/linux/magic.h */
const madeUp = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x73636673, 'securityfs'],
  [0x1cd1, 'devpts'],
  [0xcafe4a11, 'bpf'],
])

/** Walks a folder, links not followed, each folder before what it holds. What can't be read is told of and left out. */
export async function* walkTree(folder: FileHandle, prefix: string, depth = 0): AsyncGenerator<TreeEntry, void> {
  const { dev } = await folder.stat()
  // A listing of its own, since opendir takes a path.
  for await (const { name } of await opendir(`/proc/self/fd/${folder.fd}`, { encoding: 'buffer' as BufferEncoding })) {
    const bytes = name as unknown as Buffer
    const path = `${prefix}${shownName(bytes)}`
    try {
      yield* entryAt(folder, bytes, path, dev, depth)
    } catch (error) {
      yield { kind: 'left out', path, why: fileProblem(error) }
    }
  }
}

async function* entryAt(
  folder: FileHandle,
  name: Buffer,
  path: string,
  dev: number,
  depth: number,
): AsyncGenerator<TreeEntry> {
  const place = await open(inDirectory(folder, name), O_PATH | O_NOFOLLOW)
  try {
    const status = await place.stat()
    const common = { path, mode: status.mode, modified: status.mtime }
    if (status.isDirectory()) yield* folderAt(place, common, dev === status.dev, depth)
    else if (status.isFile()) yield* fileAt(place, common, status.size)
    else if (status.isSymbolicLink())
      yield { ...common, kind: 'link', target: await readlink(inDirectory(folder, name), { encoding: 'buffer' }) }
    else yield { kind: 'left out', path, why: `a ${kindOf(status as never)}` }
  } finally {
    await place.close()
  }
}

type Common = Pick<Extract<TreeEntry, { kind: 'folder' }>, 'path' | 'mode' | 'modified'>

async function* folderAt(
  place: FileHandle,
  common: Common,
  isSameDevice: boolean,
  depth: number,
): AsyncGenerator<TreeEntry> {
  const { path } = common
  const system = isSameDevice ? undefined : madeUp.get((await statfs(`/proc/self/fd/${place.fd}`)).type)
  if (system) return yield { kind: 'left out', path, why: `made up by the kernel (${system})` }
  if (depth >= maxDepth) return yield { kind: 'left out', path, why: `more than ${maxDepth} folders deep` }
  const folder = await reopen(place, O_RDONLY | O_DIRECTORY)
  try {
    yield { ...common, kind: 'folder' }
    yield* walkTree(folder, `${path}/`, depth + 1)
  } finally {
    await folder.close()
  }
}

async function* fileAt(place: FileHandle, common: Common, sizeBytes: number): AsyncGenerator<TreeEntry> {
  const handle = await reopen(place, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  try {
    yield { ...common, kind: 'file', handle, sizeBytes }
  } finally {
    await handle.close()
  }
}
