import { read } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ToolError } from '../../core/errors.ts'
import type { ByteSource } from '../../linux/byte-source.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { Folder, OpenFile } from '../../linux/root/folder.ts'
import { openRoot } from '../../linux/root/root.ts'
import { trouble } from '../../linux/root/trouble.ts'

/**
 * Files of a container by paths as seen from inside, as this tool reads them. Every method throws an error with Node's `code` for
 * what isn't there, and a ToolError that says what to do for what is refused; nothing but regular files is opened.
 */
export interface RootFiles {
  /** The first `limit` bytes. */
  read(path: string, limit: number): Promise<Buffer>
  open(path: string): Promise<OpenedFile>
  /** The first `limit` bytes of each of these files of one directory, several at once; links, and what can't be read, are left out. */
  readEach(directory: string, names: readonly string[], limit: number): AsyncGenerator<[name: string, content: Buffer]>
  /** Names in a directory. */
  list(path: string): Promise<string[]>
  /** Where a link points, unresolved; the directory it stands in is. Throws EINVAL where it is no link. */
  readlink(path: string): Promise<string>
  /** Of what the path leads to. */
  kind(path: string): Promise<'file' | 'directory' | 'other'>
}

export interface OpenedFile extends ByteSource, Disposable {
  modified: Date
}

const readAt = promisify(read)
const readAtOnce = 16

/** Those of a process' root. Throws ToolError where that is closed to us. */
export async function openRootFiles(linux: Linux, pid: number, signal: AbortSignal): Promise<RootFiles & Disposable> {
  const root = await openRoot(linux, pid, { signal })
  const at = async <Value>(path: string, act: (path: Buffer) => Promise<Value>): Promise<Value> => {
    try {
      return await act(Buffer.from(path))
    } catch (error) {
      throw isMissing(error) || error instanceof ToolError
        ? error
        : await trouble({ linux, root }, error, 'read', Buffer.from(path))
    }
  }
  return {
    read: (path, limit) =>
      at(path, async path => {
        using file = await root.open(path)
        return await file.beginning(limit)
      }),
    open: path => at(path, async path => openedFile(await root.open(path))),
    async *readEach(path, names, limit) {
      using folder = await at(path, path => root.folder(path))
      for (let from = 0; from < names.length; from += readAtOnce)
        yield* (await Promise.all(names.slice(from, from + readAtOnce).map(name => readIn(folder, name, limit)))).flat()
    },
    list: path =>
      at(path, async path => {
        using folder = await root.folder(path)
        const names: string[] = []
        for await (const slice of folder.entries()) names.push(...slice.map(({ name }) => name.toString('utf8')))
        return names
      }),
    readlink: path => at(path, async path => (await root.readlink(path)).toString('utf8')),
    kind: path =>
      at(path, async path => {
        const { type } = await root.status(path)
        return type === 'file' || type === 'directory' ? type : 'other'
      }),
    [Symbol.dispose]: () => root.close(),
  }
}

async function readIn(folder: Folder, name: string, limit: number): Promise<[string, Buffer][]> {
  try {
    using file = await folder.open(Buffer.from(name))
    return [[name, await file.beginning(limit)]]
  } catch {
    return []
  }
}

function openedFile(file: OpenFile): OpenedFile {
  const { seconds, nanoseconds } = file.status.modified
  return {
    ...bytesAt(file.fd, file.status.size),
    modified: new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6)),
    [Symbol.dispose]: () => file.close(),
  }
}

const bytesAt = (fd: number, size: number): ByteSource => ({
  size,
  async read(position, length) {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - position)))
    const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, position)
    return buffer.subarray(0, bytesRead)
  },
})

/** The executable of a process, also one that was deleted. Throws Node's error. */
export async function openExecutable(pid: number): Promise<ByteSource & AsyncDisposable> {
  const handle = await open(`/proc/${pid}/exe`)
  const { size } = await handle.stat()
  return { ...bytesAt(handle.fd, size), [Symbol.asyncDispose]: () => handle.close() }
}

/** What stood at a path: `denied` is told apart from `missing`, since it is no "no". */
export type Look<Value> =
  | { state: 'found'; value: Value }
  | { state: 'missing' }
  | { state: 'denied'; error: ToolError }

/** Errors that neither say "missing" nor come with a remedy are thrown on. */
export async function look<Value>(act: () => Promise<Value>): Promise<Look<Value>> {
  try {
    return { state: 'found', value: await act() }
  } catch (error) {
    if (isMissing(error)) return { state: 'missing' }
    if (error instanceof ToolError) return { state: 'denied', error }
    throw error
  }
}

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '')
