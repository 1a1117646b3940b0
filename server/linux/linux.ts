import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { sendSignal } from './kill.ts'
import { type NetlinkSocket, openNetlink } from './netlink/socket.ts'
import type { OpenFiles } from './open-files/descriptors.ts'
import type { FileRoot, RootOptions } from './root/root.ts'
import type { Look, LookKind } from './scout/look.ts'
import type { LookOptions, Sight } from './scout/scouts.ts'
import { kernelSocketLinks, type SocketLinks } from './socket-links.ts'

/**
 * The kernel's files as the rooms above see them. Reading is synchronous: a file of /proc is answered from memory in
 * microseconds, a thread-pool round trip costs thirty. Whoever reads many yields to the event loop between slices.
 * Every method throws Node's error (`code` ENOENT, EACCES, ESRCH, …): a process may vanish between two reads.
 */
export interface Linux {
  /** The whole file. Sizes in /proc are zero, so it is read until the end. */
  read(path: string): Buffer
  /**
   * The first `limit` bytes of a file (default and most: 64 KiB), in one read: for what the kernel answers in one piece, as
   * stat, status, cmdline and cgroup of a process are. A view into a buffer that the next call overwrites.
   */
  peek(path: string, limit?: number): Buffer
  /** Where a symbolic link points, unresolved: `pipe:[123]`, `net:[4026531840]`. */
  readlink(path: string): string
  /** Names in a directory, in the kernel's order. */
  list(path: string): string[]
  /** Opens a netlink socket in our network namespace. Only where this is the running kernel's own tree. */
  netlink?(protocol: number): Promise<NetlinkSocket>
  /** `list` and `readlink` of a whole `/proc/PID/fd` at the speed of C. Only where this is the running kernel's own tree. */
  socketLinks?(): Promise<SocketLinks>
  /** Open files of processes at the speed of C, and stat. Only where this is the running kernel's own tree. */
  openFiles?(): Promise<OpenFiles>
  /** kill(2) to one process; signal 0 only asks whether it may. Only where this is the running kernel's own tree. */
  kill?(pid: number, signal: number): void
  /**
   * Looks at the file system by another process, which is left behind when it hasn't answered in time: for mounts of types that
   * mayHang() (scout/may-hang.ts), the first look costs 50 ms and 9 MB; lookNow() (scout/look.ts) is for the rest. Only where
   * this is the running kernel's own tree.
   */
  lookAt?<Kind extends LookKind>(look: Look<Kind>, options: LookOptions): Promise<Sight<Kind>>
  /** The files of a process as its own root shows them, or ours: see FileRoot. Only where this is the running kernel's own tree. */
  openRoot?(pid: number | 'self', options?: RootOptions): Promise<FileRoot>
}

/** Grows when one file is larger (a cmdline may be megabytes); kept between reads, as reads are synchronous. */
let scratch = Buffer.allocUnsafe(64 * 1024)

/** A tree under `root`: the machine's own `/`, another process's `/proc/PID/root`, or a fixture. */
export function linuxAt(root: string): Linux {
  const at = (path: string) => (root === '/' ? path : join(root, path))
  return {
    read: path => readWhole(at(path)),
    peek: (path, limit) => readOnce(at(path), limit),
    readlink: path => readlinkSync(at(path)),
    list: path => readdirSync(at(path)),
    ...(root === '/' ? kernelCalls : {}),
  }
}

const kernelCalls: Pick<Linux, 'netlink' | 'socketLinks' | 'openFiles' | 'kill' | 'lookAt' | 'openRoot'> = {
  netlink: openNetlink,
  socketLinks: kernelSocketLinks,
  openFiles: async () => (await import('./open-files/descriptors.ts')).kernelOpenFiles(),
  kill: sendSignal,
  lookAt: async (look, options) => (await import('./scout/scouts.ts')).lookAt(look, options),
  openRoot: async (pid, options) => (await import('./root/root.ts')).openRoot(linuxAt('/'), pid, options),
}

function readWhole(path: string): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    for (;;) {
      const read = readSync(descriptor, scratch, length, scratch.length - length, null)
      if (read === 0) return Buffer.from(scratch.subarray(0, length))
      length += read
      if (length === scratch.length) scratch = Buffer.concat([scratch], scratch.length * 2)
    }
  } finally {
    closeSync(descriptor)
  }
}

function readOnce(path: string, limit = scratch.length): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    return scratch.subarray(0, readSync(descriptor, scratch, 0, Math.min(limit, scratch.length), null))
  } finally {
    closeSync(descriptor)
  }
}

/** The errno name of a failed call; undefined when it was no system error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
