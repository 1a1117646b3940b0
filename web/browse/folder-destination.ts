import { ApiError } from '../api/client.ts'
import { containerFileUrl, makeFolder, type Path, type Target } from '../api/container-files.ts'
import { type Slice, type Standing, sendBytes } from '../api/files.ts'
import type { Destination, Sending, Wish } from '../files/destination.ts'
import { showPath } from './path.ts'

/** A folder of a container: each file is a PUT in parts, which the server puts together again after a cut. */
export function folderOfContainer(target: Target, folder: Path): Destination {
  const made = new Map<string, Promise<void>>()
  const below = (path: string): Path => [...folder, ...path.split('/').map(name => ({ name }))]
  const make = (path: string): Promise<void> => {
    const making = made.get(path) ?? above(path, make).then(() => orThere(makeFolder(target, below(path))))
    made.set(path, making)
    return making
  }
  return {
    directory: showPath(folder),
    makeFolder: make,
    async begin(wish, signal) {
      await above(wish.path, make)
      return await beginAt(containerFileUrl(target, below(wish.path)), wish, signal)
    },
  }
}

/** The folders on the way, which a browser doesn't always name. */
async function above(path: string, make: (path: string) => Promise<void>): Promise<void> {
  const end = path.lastIndexOf('/')
  if (end > 0) await make(path.slice(0, end))
}

async function orThere(making: Promise<void>): Promise<void> {
  try {
    await making
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'already_exists')) throw error
  }
}

async function beginAt(url: URL, { file, overwrite }: Wish, signal: AbortSignal): Promise<Sending> {
  const condition: Record<string, string> = overwrite ? {} : { 'If-None-Match': '*' }
  const put = (headers: Record<string, string>, signal: AbortSignal, slice?: Slice) =>
    sendBytes('PUT', url, { signal, headers: { ...condition, ...headers }, ...(slice ? { slice } : {}) }).catch(
      thereAlready,
    )
  const look = (signal: AbortSignal) => put({ 'Content-Range': `bytes */${file.size}` }, signal)
  return {
    begun: file.size === 0 ? await put({}, signal) : await look(signal),
    look,
    append(slice, signal) {
      const range = `bytes ${slice.offset}-${slice.offset + slice.bytes.size - 1}/${file.size}`
      return put({ 'Content-Range': range }, signal, slice)
    },
    async cancel() {
      await fetch(url, { method: 'DELETE', headers: { ...condition, 'Content-Range': `bytes */${file.size}` } })
    },
  }
}

/** In the words of all uploads. */
function thereAlready(error: unknown): Standing {
  if (error instanceof ApiError && error.status === 412) throw new ApiError(409, error.message, error, 'already_exists')
  throw error
}
