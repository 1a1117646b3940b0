import { constants } from 'node:fs'
import { type FileHandle, readlink } from 'node:fs/promises'
import { ToolError } from '../core/errors.ts'
import { shownName } from '../core/shown-name.ts'
import { fileTrouble } from '../linux/file-trouble.ts'
import { type Confines, reopen, resolvePath } from '../linux/resolve-path.ts'
import { split } from '../linux/root/walk.ts'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants

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
  | { kind: 'folder' }
)

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

async function sourceAt(place: FileHandle, name: string, shown: string): Promise<Source> {
  const status = await place.stat({ bigint: true })
  const { dev, ino, size, mtimeNs, mtime } = status
  if (status.isDirectory())
    return { kind: 'folder', handle: await reopen(place, O_RDONLY | O_DIRECTORY), name, modified: mtime }
  if (!status.isFile())
    throw new ToolError('invalid_input', `${shown}: neither a file nor a folder but a ${kindOf(status)}`)
  const handle = await reopen(place, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  const etag = `"${[dev, ino, size, mtimeNs].map(number => number.toString(36)).join('-')}"`
  try {
    const content = size <= smallBytes ? await readSmall(handle) : undefined
    const sizeBytes = content === null ? null : (content?.length ?? Number(size))
    return { kind: 'file', handle, name, modified: mtime, sizeBytes, content: content ?? undefined, etag }
  } catch (error) {
    await handle.close()
    throw error
  }
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

type Kind = Pick<import('node:fs').BigIntStats, 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>

/** What a special file is, in a word. */
export function kindOf(status: Kind): string {
  if (status.isFIFO()) return 'pipe'
  if (status.isSocket()) return 'socket'
  return status.isBlockDevice() || status.isCharacterDevice() ? 'device' : 'special file'
}
