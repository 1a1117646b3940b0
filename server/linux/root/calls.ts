import type { FileStatus, FileType } from './status.ts'

/** What stands in a folder. */
export interface Entry {
  /** Of any bytes but `/` and NUL. */
  readonly name: Buffer
  /** The same, one character a byte: there at once, where `name` is made when it is asked for. */
  readonly latin1: string
  /** undefined where the file system doesn't say (`DT_UNKNOWN`): then its status does. */
  type: FileType | undefined
  /** Where it was asked for, and the entry still stood. Of a link, not of what it leads to. */
  status?: FileStatus
  /** Why there is no status, other than that the entry has gone. */
  problem?: Error
}

/**
 * How the kernel is asked about what stands under one name in an open directory. Straight, through libc, an answer comes in a
 * microsecond and everything else waits for it; through Node's threads it costs fifty, and a file system that takes its time
 * keeps only that thread. Every call throws an error with Node's `code`.
 */
export interface Calls {
  /** openat(2), close-on-exec. */
  open(directory: number, name: Buffer, flags: number): number | Promise<number>
  /** The same thing once more, as for reading what was opened with O_PATH. */
  reopen(descriptor: number, flags: number): number | Promise<number>
  /** Of the name itself, links not followed; without a name of what is open. */
  status(descriptor: number, name?: Buffer): FileStatus | Promise<FileStatus>
  /** The same of the name itself, at once: only where it comes from memory, or what is cached will do. */
  statusNow?(directory: number, latin1: string): FileStatus
  readlink(directory: number, name: Buffer): Buffer | Promise<Buffer>
  readlinkNow?(directory: number, latin1: string): Buffer
  /** A directory opened for reading, in the kernel's order and slices of some hundred entries, without `.` and `..`. */
  entries(directory: number, wantStatus: boolean): Iterable<Entry[]> | AsyncIterable<Entry[]>
  /** Content from a position on; gives how many bytes came, 0 at the end. */
  read(descriptor: number, buffer: Buffer, position: number): number | Promise<number>
  close(descriptor: number): void
}
