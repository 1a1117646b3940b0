import { isUtf8 } from 'node:buffer'
import { closeSync, openSync } from 'node:fs'
import { shownName } from '../../core/shown-name.ts'
import { checked, type Libc, openLibc, pinned, SystemError } from '../libc.ts'
import { errnoOf, type Linux } from '../linux.ts'
import { type FdInfo, parseFdInfo } from '../procfs/pid-fdinfo.ts'
import { type FileStat, openStat } from './file-stat.ts'

/** One open descriptor of a process. */
export interface Descriptor {
  fd: number
  /** Where it leads: a path, or the kernel's name for what has none: `socket:[261942]`. */
  link: string
  /** The link's bytes where they are no UTF-8. */
  linkBytes?: Buffer
  /** Sockets have none: they are opened for both ways, and the rest is told elsewhere. */
  info: FdInfo | undefined
  /** Undefined where it was not looked at, or could not. */
  stat: FileStat | undefined
}

/** Which descriptors are read, and of which more than the name. */
export interface DescriptorWish {
  socketsOnly: boolean
  /** Stat on a dead mount would never come back, so each is asked for. */
  mayStat(link: string, info: FdInfo): boolean
}

/** What reading open files needs of the kernel. */
export interface OpenFiles {
  /**
   * Open files of a process in batches. Throws EACCES when the process may not be looked into, ENOENT when it has gone; one that
   * is closed meanwhile is left out.
   */
  descriptors(pid: number, wish: DescriptorWish): Iterable<Descriptor[]>
  stat(path: string): FileStat | undefined
  /** `TCP`, `UNIX`, …: what a socket is that no table lists. */
  socketProtocol(pid: number, fd: number): string | undefined
}

/** Through any Linux: names and fdinfo, no stat. */
export const openFilesOf = (linux: Linux): OpenFiles => ({
  *descriptors(pid, { socketsOnly }) {
    for (const name of linux.list(`/proc/${pid}/fd`)) {
      const found = orClosed(() => readOne(linux, pid, name, socketsOnly))
      if (found) yield [found]
    }
  },
  stat: () => undefined,
  socketProtocol: () => undefined,
})

function readOne(linux: Linux, pid: number, name: string, socketsOnly: boolean): Descriptor | undefined {
  const link = linux.readlink(`/proc/${pid}/fd/${name}`)
  const isSocket = link.startsWith('socket:[')
  if (socketsOnly && !isSocket) return undefined
  const info = isSocket ? undefined : parseFdInfo(linux.read(`/proc/${pid}/fdinfo/${name}`))
  return { fd: Number(name), link, info, stat: undefined }
}

function orClosed<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** 16 KiB of directory hold some 650 entries, read in 4 ms. */
const entriesBytes = 16 * 1024
/** PATH_MAX. */
const targetBytes = 4096
/** Of an epoll with thousands of descriptors only the first are shown. */
const infoBytes = 4096
/** struct linux_dirent64, getdents64(2). */
const recordLengthAt = 16
const nameAt = 19

/** Through libc, straight from the kernel's buffers. */
export async function kernelOpenFiles(): Promise<OpenFiles> {
  const libc = await openLibc()
  const calls = callsOf(libc)
  const stat = openStat(libc)
  const [entries, entriesAddress] = pinnedAt(libc, entriesBytes)
  const [target, targetAddress] = pinnedAt(libc, targetBytes)
  const [info, infoAddress] = pinnedAt(libc, infoBytes)

  /** Undefined when it is gone, or not what is wished for. */
  function readEntry(fds: number, infos: number, at: number, wish: DescriptorWish): Descriptor | undefined {
    const name = entriesAddress + at + nameAt
    const size = calls.readlinkat(fds, name, targetAddress, targetBytes)
    if (size < 0) {
      if (accessDenied.has(libc.errno())) throw new SystemError(libc.errno(), 'readlinkat')
      return undefined
    }
    const isSocket = target[0] === 0x73 && target[6] === 0x3a && target[7] === 0x5b
    if (wish.socketsOnly && !isSocket) return undefined
    const text = target.toString('latin1', 0, size)
    const link = isAscii(text) ? text : shownName(target.subarray(0, size))
    const descriptor: Descriptor = { fd: numberAt(entries, at + nameAt), link, info: undefined, stat: undefined }
    if (isSocket) return descriptor
    if (!isAscii(text) && !isUtf8(target.subarray(0, size)))
      descriptor.linkBytes = Buffer.from(target.subarray(0, size))
    const found = readInfo(infos, name)
    if (!found) return undefined
    descriptor.info = found
    if (wish.mayStat(link, found)) descriptor.stat = stat.byName(fds, name)
    return descriptor
  }

  function readInfo(infos: number, name: number): FdInfo | undefined {
    const file = calls.openat(infos, name, readCloseOnExec)
    if (file < 0) return undefined
    const length = calls.read(file, infoAddress, infoBytes)
    calls.close(file)
    return length > 0 ? parseFdInfo(info, length) : undefined
  }

  function readBatch(fds: number, infos: number, length: number, wish: DescriptorWish): Descriptor[] {
    const found: Descriptor[] = []
    for (let at = 0; at < length; at += entries.readUInt16LE(at + recordLengthAt)) {
      if (entries[at + nameAt] === 0x2e) continue
      const descriptor = readEntry(fds, infos, at, wish)
      if (descriptor) found.push(descriptor)
    }
    return found
  }

  return {
    *descriptors(pid, wish) {
      const fds = openSync(`/proc/${pid}/fd`, 'r')
      let infos = -1
      try {
        infos = openSync(`/proc/${pid}/fdinfo`, 'r')
        for (;;) {
          const length = checked(libc, 'getdents64', calls.getdents64(fds, entriesAddress, entriesBytes))
          if (length === 0) return
          yield readBatch(fds, infos, length, wish)
        }
      } finally {
        closeSync(fds)
        if (infos >= 0) closeSync(infos)
      }
    },
    stat: path => stat.byPath(path),
    socketProtocol(pid, fd) {
      const size = calls.getxattr(`/proc/${pid}/fd/${fd}`, 'system.sockprotoname', targetAddress, targetBytes)
      return size > 1 ? target.toString('latin1', 0, size - 1) : undefined
    },
  }
}

function pinnedAt(libc: Libc, length: number): [bytes: Buffer, address: number] {
  const bytes = pinned(length)
  return [bytes, Number(libc.address(bytes))]
}

/** EPERM, EACCES. */
const accessDenied = new Set([1, 13])
/** O_RDONLY, O_CLOEXEC. */
const readCloseOnExec = 0o2000000

const isAscii = (text: string) => !/[^\x00-\x7f]/.test(text)

function numberAt(bytes: Buffer, start: number): number {
  let value = 0
  for (let at = start; bytes[at]! >= 0x30 && bytes[at]! <= 0x39; at++) value = value * 10 + bytes[at]! - 0x30
  return value
}

let declared: ReturnType<typeof declare> | undefined
const callsOf = (libc: Libc) => {
  declared ??= declare(libc)
  return declared
}

const declare = ({ func }: Libc) => ({
  getdents64: func<(directory: number, address: number, length: number) => number>(
    'int64_t getdents64(int, uintptr_t, size_t)',
  ),
  readlinkat: func<(directory: number, name: number, target: number, length: number) => number>(
    'int64_t readlinkat(int, uintptr_t, uintptr_t, size_t)',
  ),
  openat: func<(directory: number, name: number, flags: number) => number>('int openat(int, uintptr_t, int)'),
  read: func<(file: number, address: number, length: number) => number>('int64_t read(int, uintptr_t, size_t)'),
  close: func<(file: number) => number>('int close(int)'),
  getxattr: func<(path: string, name: string, address: number, length: number) => number>(
    'int64_t getxattr(const char *, const char *, uintptr_t, size_t)',
  ),
})
