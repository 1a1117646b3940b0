import { closeSync, readSync } from 'node:fs'
import { checked, type Libc, openLibc, pinned, SystemError } from '../libc.ts'
import type { Calls, Entry } from './calls.ts'
import { FileStatus, type FileType, statusBytes, statusMask } from './status.ts'
import { readAt } from './threaded-calls.ts'

/** A path of the most bytes the kernel takes, with its NUL. */
const pathBytes = 4096
/** About a thousand entries; with the status of each they take two milliseconds. */
const sliceBytes = 32 * 1024

/** So much of a local file is read sooner than a thread has been asked to. */
const readNowBytes = 64 * 1024

/** struct linux_dirent64, getdents64(2): u64 inode, s64 offset, u16 record length, u8 type, name with its NUL. */
const recordLengthAt = 16
const typeAt = 18
const nameAt = 19

/** DT_* of readdir(3). */
const types: (FileType | undefined)[] = []
types[1] = 'fifo'
types[2] = 'character'
types[4] = 'directory'
types[6] = 'block'
types[8] = 'file'
types[10] = 'link'
types[12] = 'socket'

const O_CLOEXEC = 0o2000000
const AT_FDCWD = -100
const AT_SYMLINK_NOFOLLOW = 0x100
const AT_NO_AUTOMOUNT = 0x800
const AT_EMPTY_PATH = 0x1000
/** What is cached will do: whoever asks straight shall not wait for a server, as on a mount point among the entries. */
const AT_STATX_DONT_SYNC = 0x4000
const statusFlags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC

/** The same number on every architecture. */
const SYS_openat2 = 437
const RESOLVE_NO_MAGICLINKS = 0x02
const RESOLVE_IN_ROOT = 0x10
const ENOENT = 2
const EAGAIN = 11
const EINVAL = 22
const ENAMETOOLONG = 36
/** Renaming elsewhere may get into the way of `..` (EAGAIN); more often than this it isn't chance. */
const tries = 32

/** Calls of libc in this thread, and the one that knows confines. */
export interface DirectCalls extends Calls {
  open(directory: number, name: Buffer, flags: number): number
  reopen(descriptor: number, flags: number): number
  status(descriptor: number, name?: Buffer): FileStatus
  statusNow(directory: number, latin1: string): FileStatus
  readlink(directory: number, name: Buffer): Buffer
  readlinkNow(directory: number, latin1: string): Buffer
  entries(directory: number, wantStatus: boolean): Generator<Entry[]>
  /**
   * openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS: `/`, `..` and absolute links lead to `root` and never above.
   * Throws ENOSYS before Linux 5.6 and EPERM under a seccomp filter that doesn't know it.
   */
  openInRoot(root: number, path: Buffer, flags: number): number
}

let opened: Promise<DirectCalls | undefined> | undefined

/** undefined where there is no koffi for this machine, or a seccomp filter doesn't know statx(2). */
export function directCalls(): Promise<DirectCalls | undefined> {
  opened ??= openLibc().then(
    calls => tried(new Direct(calls)),
    () => undefined,
  )
  return opened
}

function tried(calls: DirectCalls): DirectCalls | undefined {
  try {
    calls.status(AT_FDCWD, Buffer.from('/'))
    return calls
  } catch {
    return undefined
  }
}

class Direct implements DirectCalls {
  readonly #libc: Libc
  readonly #native: ReturnType<typeof declare>
  readonly #path = pinned(pathBytes)
  readonly #target = pinned(pathBytes)
  readonly #how = pinned(24)
  /** Between two calls nothing is kept in it. */
  readonly #slice = pinned(sliceBytes)
  readonly #sliceAddress: number
  readonly #pathAddress: number
  readonly #targetAddress: number
  readonly #howAddress: number
  #statuses = noStatuses

  constructor(libc: Libc) {
    this.#libc = libc
    this.#native = declare(libc)
    this.#sliceAddress = Number(libc.address(this.#slice))
    this.#pathAddress = Number(libc.address(this.#path))
    this.#targetAddress = Number(libc.address(this.#target))
    this.#howAddress = Number(libc.address(this.#how))
    this.#how.writeBigUInt64LE(BigInt(RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT), 16)
  }

  open(directory: number, name: Buffer, flags: number): number {
    this.#put(name, 'openat')
    return checked(this.#libc, 'openat', this.#native.openat(directory, this.#pathAddress, flags | O_CLOEXEC))
  }

  reopen(descriptor: number, flags: number): number {
    return this.open(AT_FDCWD, Buffer.from(`/proc/self/fd/${descriptor}`), flags)
  }

  openInRoot(root: number, path: Buffer, flags: number): number {
    this.#put(path, 'openat2')
    this.#how.writeBigUInt64LE(BigInt(flags | O_CLOEXEC), 0)
    for (let left = tries; ; left--) {
      const descriptor = this.#native.syscall(SYS_openat2, root, this.#pathAddress, this.#howAddress, this.#how.length)
      if (descriptor >= 0) return descriptor
      const errno = this.#libc.errno()
      if (errno !== EAGAIN || left === 0) throw new SystemError(errno, 'openat2')
    }
  }

  status(descriptor: number, name = empty): FileStatus {
    this.#put(name, 'statx')
    const bytes = pinned(statusBytes)
    const flags = statusFlags | (name === empty ? AT_EMPTY_PATH : 0)
    const address = Number(this.#libc.address(bytes))
    checked(this.#libc, 'statx', this.#native.statx(descriptor, this.#pathAddress, flags, statusMask, address))
    return new FileStatus(viewOf(bytes))
  }

  statusNow(directory: number, latin1: string): FileStatus {
    if (latin1.length >= pathBytes) throw new SystemError(ENAMETOOLONG, 'statx')
    this.#path[this.#path.write(latin1, 'latin1')] = 0
    const { statx } = this.#native
    const { view, address, used } = this.#freeStatus()
    if (statx(directory, this.#pathAddress, statusFlags, statusMask, address + used) !== 0)
      throw new SystemError(this.#libc.errno(), 'statx')
    this.#statuses.used += statusBytes
    return new FileStatus(view, used)
  }

  readlink(directory: number, name: Buffer): Buffer {
    this.#put(name, 'readlinkat')
    const read = this.#native.readlinkat(directory, this.#pathAddress, this.#targetAddress, pathBytes)
    return Buffer.from(this.#target.subarray(0, checked(this.#libc, 'readlinkat', read)))
  }

  readlinkNow(directory: number, latin1: string): Buffer {
    return this.readlink(directory, Buffer.from(latin1, 'latin1'))
  }

  *entries(directory: number, wantStatus: boolean): Generator<Entry[]> {
    for (;;) {
      const read = this.#native.getdents64(directory, this.#sliceAddress, sliceBytes)
      const length = checked(this.#libc, 'getdents64', read)
      if (length === 0) return
      const entries = entriesOf(this.#slice, length)
      if (wantStatus) this.#addStatus(directory, entries)
      yield entries
    }
  }

  read(descriptor: number, buffer: Buffer, position: number): number | Promise<number> {
    if (buffer.length > readNowBytes) return readAt(descriptor, buffer, position)
    return readSync(descriptor, buffer, 0, buffer.length, position)
  }

  close(descriptor: number): void {
    closeSync(descriptor)
  }

  /** The names stand in the slice still, each with its NUL. */
  #addStatus(directory: number, entries: DirectEntry[]): void {
    const bytes = pinned(Math.max(1, entries.length) * statusBytes)
    const view = viewOf(bytes)
    const address = Number(this.#libc.address(bytes))
    const { statx } = this.#native
    let start = 0
    let at = 0
    for (const entry of entries) {
      while (isDots(this.#slice, at + nameAt)) at += this.#slice.readUInt16LE(at + recordLengthAt)
      const name = this.#sliceAddress + at + nameAt
      if (statx(directory, name, statusFlags, statusMask, address + start) === 0)
        entry.status = new FileStatus(view, start)
      else if (this.#libc.errno() !== ENOENT) entry.problem = new SystemError(this.#libc.errno(), 'statx')
      at += this.#slice.readUInt16LE(at + recordLengthAt)
      start += statusBytes
    }
  }

  /** One after the other from memory for many: memory of its own costs more than the call. */
  #freeStatus(): Statuses {
    if (this.#statuses.used + statusBytes <= this.#statuses.view.byteLength) return this.#statuses
    const bytes = pinned(statusesAtOnce * statusBytes)
    this.#statuses = { view: viewOf(bytes), address: Number(this.#libc.address(bytes)), used: 0 }
    return this.#statuses
  }

  #put(path: Buffer, call: string): void {
    if (path.length >= pathBytes) throw new SystemError(ENAMETOOLONG, call)
    if (path.includes(0)) throw new SystemError(EINVAL, call)
    path.copy(this.#path)
    this.#path[path.length] = 0
  }
}

interface Statuses {
  view: DataView
  address: number
  /** Bytes that were given away. */
  used: number
}

const statusesAtOnce = 64
const noStatuses: Statuses = { view: new DataView(new ArrayBuffer(0)), address: 0, used: 0 }

/** Stands for what is open itself. */
const empty = Buffer.alloc(0)

class DirectEntry implements Entry {
  readonly latin1: string
  readonly type: FileType | undefined
  status?: FileStatus
  problem?: Error

  constructor(latin1: string, type: FileType | undefined) {
    this.latin1 = latin1
    this.type = type
  }

  get name(): Buffer {
    return Buffer.from(this.latin1, 'latin1')
  }
}

/** What getdents64 wrote; as text, whose pieces cost nothing. */
function entriesOf(slice: Buffer, length: number): DirectEntry[] {
  const text = slice.toString('latin1', 0, length)
  const entries: DirectEntry[] = []
  for (let at = 0; at < length; at += slice[at + recordLengthAt]! | (slice[at + recordLengthAt + 1]! << 8)) {
    const start = at + nameAt
    if (isDots(slice, start)) continue
    entries.push(new DirectEntry(text.slice(start, text.indexOf('\0', start)), types[slice[at + typeAt]!]))
  }
  return entries
}

/** `.` or `..`, with the NUL. */
const isDots = (bytes: Buffer, at: number) =>
  bytes[at] === 0x2e && (bytes[at + 1] === 0 || (bytes[at + 1] === 0x2e && bytes[at + 2] === 0))

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

const declare = ({ func }: Libc) => ({
  openat: func<(directory: number, path: number, flags: number) => number>('int openat(int, uintptr_t, int)'),
  syscall: func<(number: number, root: number, path: number, how: number, size: number) => number>(
    'int64_t syscall(int64_t, int64_t, uintptr_t, uintptr_t, size_t)',
  ),
  statx: func<(directory: number, path: number, flags: number, mask: number, status: number) => number>(
    'int statx(int, uintptr_t, int, uint32_t, uintptr_t)',
  ),
  readlinkat: func<(directory: number, name: number, target: number, length: number) => number>(
    'int64_t readlinkat(int, uintptr_t, uintptr_t, size_t)',
  ),
  getdents64: func<(directory: number, address: number, length: number) => number>(
    'int64_t getdents64(int, uintptr_t, size_t)',
  ),
})
