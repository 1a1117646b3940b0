import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  statfsSync,
  statSync,
} from 'node:fs'

/** One look at the file system. */
export interface Look<Kind extends LookKind = LookKind> {
  kind: Kind
  /** Bytes, or text that stands for its UTF-8. */
  path: string | Uint8Array
  /** The most entries of `list` (default 10,000), the first bytes of `read` (default 64 KiB). */
  limit?: number
}

export type LookKind = keyof Views

/** What each look brings. */
export interface Views {
  stat: FileStatus
  lstat: FileStatus
  statfs: FileSystemSpace
  readlink: Uint8Array
  list: Listing
  read: Uint8Array
}

/** stat(2) in its own units: sizes in bytes, `blocks` of 512 bytes, times in nanoseconds since 1970. */
export type FileStatus = Pick<
  BigIntStats,
  | 'dev'
  | 'ino'
  | 'mode'
  | 'nlink'
  | 'uid'
  | 'gid'
  | 'rdev'
  | 'size'
  | 'blksize'
  | 'blocks'
  | 'atimeNs'
  | 'mtimeNs'
  | 'ctimeNs'
>

/** statfs(2): `blocks`, `bfree` and `bavail` count fragments of `frsize` bytes. `bavail` is below zero where root's reserve is in use. */
export interface FileSystemSpace {
  type: bigint
  bsize: bigint
  frsize: bigint
  blocks: bigint
  bfree: bigint
  bavail: bigint
  files: bigint
  ffree: bigint
}

export type EntryKind = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'character' | 'block' | 'unknown'

export interface Listing {
  /** In the kernel's order, without `.` and `..`. */
  entries: { name: Uint8Array; kind: EntryKind }[]
  /** There are more than the limit. */
  more: boolean
}

/** Looks in this thread, which waits for the file system. Throws Node's error. */
export function lookNow<Kind extends LookKind>(look: Look<Kind>): Views[Kind]
export function lookNow(look: Look): Views[LookKind] {
  const path = typeof look.path === 'string' ? look.path : Buffer.from(look.path)
  switch (look.kind) {
    case 'stat':
      return statusOf(statSync(path, { bigint: true }))
    case 'lstat':
      return statusOf(lstatSync(path, { bigint: true }))
    case 'statfs':
      return spaceOf(path)
    case 'readlink':
      return readlinkSync(path, { encoding: 'buffer' })
    case 'list':
      return list(path, look.limit ?? 10_000)
    case 'read':
      return read(path, look.limit ?? 65_536)
  }
}

const statusOf = (stats: BigIntStats): FileStatus => {
  const { dev, ino, mode, nlink, uid, gid, rdev, size, blksize, blocks, atimeNs, mtimeNs, ctimeNs } = stats
  return { dev, ino, mode, nlink, uid, gid, rdev, size, blksize, blocks, atimeNs, mtimeNs, ctimeNs }
}

function spaceOf(path: string | Buffer): FileSystemSpace {
  const { type, bsize, frsize, blocks, bfree, bavail, files, ffree } = statfsSync(path, { bigint: true })
  return { type, bsize, frsize, blocks, bfree, bavail: BigInt.asIntN(64, bavail), files, ffree }
}

function list(path: string | Buffer, limit: number): Listing {
  const directory = opendirSync(path as string, { encoding: 'buffer' as BufferEncoding })
  try {
    const entries: Listing['entries'] = []
    for (;;) {
      const entry = directory.readSync() as unknown as Dirent<Buffer> | null
      if (!entry) return { entries, more: false }
      if (entries.length === limit) return { entries, more: true }
      entries.push({ name: entry.name, kind: kindOf(entry) })
    }
  } finally {
    directory.closeSync()
  }
}

function kindOf(entry: Dirent<Buffer>): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFIFO()) return 'fifo'
  if (entry.isSocket()) return 'socket'
  if (entry.isCharacterDevice()) return 'character'
  return entry.isBlockDevice() ? 'block' : 'unknown'
}

/** Without waiting for a FIFO's other end. */
function read(path: string | Buffer, limit: number): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    const bytes = Buffer.alloc(limit)
    return bytes.subarray(0, readSync(descriptor, bytes, 0, limit, null))
  } finally {
    closeSync(descriptor)
  }
}
