import { close, type Dirent, fstat, lstat, open, opendir, read, readlink } from 'node:fs'
import { promisify } from 'node:util'
import { errnoOf } from '../linux.ts'
import type { Calls, Entry } from './calls.ts'
import { type FileStatus, type FileType, statusOfStats } from './status.ts'

/** How many entries make a slice. */
const sliceEntries = 256

const call = {
  open: promisify(open),
  fstat: promisify(fstat),
  lstat: promisify(lstat),
  readlink: promisify(readlink),
  opendir: promisify(opendir),
  read: promisify(read),
}

/** Lets a call be waited for no longer than it may take; `late` hears of a result that nobody waits for any more. */
export type Patience = <Value>(work: Promise<Value>, late?: (value: Value) => void) => Promise<Value>

/**
 * Calls in Node's threads, by `/proc/self/fd/N/name`: for file systems that may take their time, and for where libc can't be
 * called.
 */
export function threadedCalls(patience: Patience = work => work): Calls {
  return {
    open: (directory, name, flags) => patience(call.open(pathOf(directory, name) as never, flags), closeUnwatched),
    reopen: (descriptor, flags) => patience(call.open(pathOf(descriptor), flags), closeUnwatched),
    status: (descriptor, name) => patience(statusOf(descriptor, name)),
    readlink: (directory, name) => patience(call.readlink(pathOf(directory, name), { encoding: 'buffer' })),
    entries: (directory, wantStatus) => entriesOf(patience, directory, wantStatus),
    read: (descriptor, buffer, position) => patience(readAt(descriptor, buffer, position)),
    close: closeUnwatched,
  }
}

export const readAt = async (descriptor: number, buffer: Buffer, position: number): Promise<number> =>
  (await call.read(descriptor, buffer, 0, buffer.length, position)).bytesRead

const closeUnwatched = (descriptor: number) => close(descriptor, () => undefined)

/** What stands under one name in an open directory, as a path for Node's calls; it is not looked up again from above. */
function pathOf(descriptor: number): string
function pathOf(descriptor: number, name: Buffer): Buffer
function pathOf(descriptor: number, name?: Buffer): string | Buffer {
  const directory = `/proc/self/fd/${descriptor}`
  return name ? Buffer.concat([Buffer.from(`${directory}/`), name]) : directory
}

async function statusOf(descriptor: number, name?: Buffer): Promise<FileStatus> {
  const stats = name
    ? await call.lstat(pathOf(descriptor, name), { bigint: true })
    : await call.fstat(descriptor, { bigint: true })
  return statusOfStats(stats)
}

async function* entriesOf(patience: Patience, directory: number, wantStatus: boolean): AsyncGenerator<Entry[]> {
  // A listing of its own, since opendir takes a path.
  const listing = await patience(
    call.opendir(pathOf(directory), { encoding: 'buffer' as BufferEncoding, bufferSize: sliceEntries }),
    late => void late.close(),
  )
  try {
    for (;;) {
      const slice: Entry[] = []
      for (let entry: Dirent | null; slice.length < sliceEntries; ) {
        entry = await patience(listing.read())
        if (!entry) break
        const name = entry.name as unknown as Buffer
        slice.push({ name, latin1: name.toString('latin1'), type: typeOf(entry) })
      }
      if (wantStatus) await Promise.all(slice.map(entry => addStatus(patience, directory, entry)))
      if (slice.length > 0) yield slice
      if (slice.length < sliceEntries) return
    }
  } finally {
    void listing.close()
  }
}

async function addStatus(patience: Patience, directory: number, entry: Entry): Promise<void> {
  try {
    entry.status = await patience(statusOf(directory, entry.name))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') entry.problem = error as Error
  }
}

function typeOf(entry: Dirent): FileType | undefined {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFIFO()) return 'fifo'
  if (entry.isSocket()) return 'socket'
  if (entry.isCharacterDevice()) return 'character'
  return entry.isBlockDevice() ? 'block' : undefined
}
