import { type FileHandle, readlink } from 'node:fs/promises'
import { ToolError } from '../core/errors.ts'
import { shownName } from '../core/shown-name.ts'
import { fileTrouble } from '../linux/file-trouble.ts'
import { type Confines, reopen, resolvePath } from '../linux/resolve-path.ts'
import { Folder } from '../linux/root/folder.ts'
import { O_DIRECTORY, O_PATH, O_RDONLY, readFlags } from '../linux/root/open-flags.ts'
import { dateOf, type FileStatus, statusOfStats, typeWord } from '../linux/root/status.ts'
import { threadedCalls } from '../linux/root/threaded-calls.ts'
import { split } from '../linux/root/walk.ts'

/** Files up to this size are read before their length is told: those of /sys say 4096 and hold less. */
const smallBytes = 64 * 1024

/** Something to be downloaded, open; whoever asked for it closes it. */
export type Source = { handle: FileHandle; name: string; modified: Date } & (
  | {
      kind: 'file'
      /** What is sent: no more when it grows meanwhile. null: nobody knows before the end, as in /proc. */
      sizeBytes: number | null
      /** Stands in place of the file, where it is small. */
      content: Buffer | undefined
      /** Changes when the file does. */
      etag: string
    }
  | { kind: 'folder'; folder: Folder }
)

export type FileSource = Extract<Source, { kind: 'file' }>

/** Opens what a path leads to, for reading. Throws ToolError. */
export async function openSource(confines: Confines, path: Buffer): Promise<Source> {
  const shown = shownName(path)
  let place: FileHandle | undefined
  try {
    place = await resolvePath(confines, path)
    return await sourceAt(place, await nameOf(path, place), shown)
  } catch (error) {
    throw fileTrouble(error, 'read', shown)
  } finally {
    await place?.close()
  }
}

/** What a place holds, opened again for reading. Throws Node's error, or ToolError for what is neither file nor folder. */
export async function sourceAt(place: { fd: number }, name: string, shown: string): Promise<Source> {
  const handle = await reopen(place, O_PATH)
  try {
    const status = statusOfStats(await handle.stat({ bigint: true }))
    if (status.type === 'directory') return await folderSource(handle, name, status)
    if (status.type === 'file') return await fileSource(handle, name, status)
    throw new ToolError('invalid_input', `${shown}: neither a file nor a folder but a ${typeWord(status.type)}`)
  } finally {
    await handle.close()
  }
}

async function folderSource(place: FileHandle, name: string, { modified }: FileStatus): Promise<Source> {
  const handle = await reopen(place, O_RDONLY | O_DIRECTORY)
  const folder = new Folder({ descriptor: handle.fd, calls: threadedCalls() })
  return { kind: 'folder', handle, folder, name, modified: dateOf(modified) }
}

async function fileSource(place: FileHandle, name: string, status: FileStatus): Promise<FileSource> {
  const { size } = status
  const modified = dateOf(status.modified)
  const handle = await reopen(place, readFlags)
  try {
    const content = size <= smallBytes ? await readSmall(handle) : undefined
    const sizeBytes = content === null ? null : (content?.length ?? size)
    return { kind: 'file', handle, name, modified, sizeBytes, content: content ?? undefined, etag: etagOf(status) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Changes when the file does. */
export function etagOf({ deviceNumber, inode, size, modified }: FileStatus): string {
  const numbers = [deviceNumber, inode, size, modified.seconds, modified.nanoseconds]
  return `"${numbers.map(number => number.toString(36)).join('-')}"`
}

/** The whole of it; null when it is longer than it says. */
async function readSmall(handle: FileHandle): Promise<Buffer | null> {
  const buffer = Buffer.alloc(smallBytes + 1)
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
    if (bytesRead === 0) return buffer.subarray(0, length)
    length += bytesRead
  }
  return null
}

/** The name that was asked for, also of a link; `.` and the like have that of the folder they lead to. */
async function nameOf(path: Buffer, place: FileHandle): Promise<string> {
  const asked = split(path).findLast(name => name.length > 0)
  const text = asked?.toString('latin1') ?? '.'
  if (asked && text !== '.' && text !== '..') return shownName(asked)
  const real = await readlink(`/proc/self/fd/${place.fd}`, { encoding: 'buffer' })
  return shownName(split(real).at(-1)!) || 'root'
}
