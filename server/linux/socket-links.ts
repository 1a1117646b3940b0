import { closeSync, openSync } from 'node:fs'
import { checked, type Libc, openLibc, pinned, SystemError } from './libc.ts'
import { errnoOf, type Linux } from './linux.ts'

/**
 * The sockets among a process's open files, read from its `/proc/PID/fd`: batches of descriptor, inode, descriptor, inode, …
 * Throws EACCES when the process may not be looked into, ENOENT when it has gone.
 */
export type SocketLinks = (directory: string) => Iterable<number[]>

/** Through any Linux, a link at a time. */
export const socketLinksOf = (linux: Linux): SocketLinks =>
  function* (directory) {
    const names = linux.list(directory)
    for (let at = 0; at < names.length; at += namesPerBatch)
      yield names.slice(at, at + namesPerBatch).flatMap(name => readOne(linux, directory, name))
  }

/** 512 links are read in about 2 ms, so that whoever listens may pause between batches. */
const namesPerBatch = 512

function readOne(linux: Linux, directory: string, name: string): number[] {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(linux.readlink(`${directory}/${name}`))?.[1]
    return inode === undefined ? [] : [Number(name), Number(inode)]
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

/** 32 KiB of directory hold about 1,300 entries, read in 2 ms. */
const entriesBytes = 32 * 1024
/** `socket:[18446744073709551615]` has 29 bytes; a longer target is cut and is no socket. */
const targetBytes = 32

/** struct linux_dirent64, getdents64(2): u64 inode, s64 offset, u16 record length, u8 type, name with its NUL. */
const recordLengthAt = 16
const nameAt = 19

/**
 * Through libc, straight from the kernel's buffers: no string is made of any path, name or target. Ten thousand descriptors
 * take 16 ms, as in C; with readdirSync and readlinkSync 35.
 */
export async function kernelSocketLinks(): Promise<SocketLinks> {
  const libc = await openLibc()
  const calls = callsOf(libc)
  const entries = pinned(entriesBytes)
  const target = pinned(targetBytes)
  const entriesAddress = Number(libc.address(entries))
  const targetAddress = Number(libc.address(target))

  function readBatch(directory: number, length: number): number[] {
    const found: number[] = []
    for (let at = 0; at < length; at += entries.readUInt16LE(at + recordLengthAt)) {
      const size = calls.readlinkat(directory, entriesAddress + at + nameAt, targetAddress, targetBytes)
      if (size > 0) {
        const inode = socketInode(target, size)
        if (inode > 0) found.push(numberOf(entries, at + nameAt), inode)
      } else if (size < 0) {
        const errno = libc.errno()
        if (accessDenied.has(errno)) throw new SystemError(errno, 'readlinkat')
      }
    }
    return found
  }

  return function* (path) {
    const directory = openSync(path, 'r')
    try {
      for (;;) {
        const length = checked(libc, 'getdents64', calls.getdents64(directory, entriesAddress, entriesBytes))
        if (length === 0) return
        yield readBatch(directory, length)
      }
    } finally {
      closeSync(directory)
    }
  }
}

/** EPERM, EACCES. `.` and `..` are no links (EINVAL), and a descriptor may close meanwhile (ENOENT). */
const accessDenied = new Set([1, 13])

/** 0 when the target isn't `socket:[N]`. */
function socketInode(target: Buffer, size: number): number {
  const isSocket = target[0] === 0x73 && target[6] === 0x3a && target[7] === 0x5b
  return isSocket && target[size - 1] === 0x5d ? numberOf(target, 'socket:['.length) : 0
}

function numberOf(bytes: Buffer, start: number): number {
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
})
