import { type FileHandle, mkdir, rename, rmdir, unlink } from 'node:fs/promises'
import { inDirectory, reopen } from '../resolve-path.ts'
import type { Calls, Entry } from './calls.ts'
import { O_DIRECTORY, O_NOFOLLOW, O_PATH, O_RDONLY, readFlags } from './open-flags.ts'
import type { FileStatus, FileType } from './status.ts'
import { PathError, type Step } from './walk.ts'

/** How what stands under a name is to be asked about, where a mount point makes it another file system. May throw. */
export type Cross = (directory: Step, name: Buffer) => Promise<Calls | undefined>

/** Content was asked of what has none, or whose reading has effects. It was not opened. */
export class SpecialFileError extends Error {
  override readonly name = 'SpecialFileError'
  readonly type: FileType

  constructor(type: FileType) {
    super(`a ${type}`)
    this.type = type
  }
}

/** Something in a tree, held by O_PATH: whatever is renamed meanwhile, it stays the same thing. Closed by `using` or `close()`. */
export class Place implements Disposable {
  readonly fd: number
  readonly #calls: Calls
  readonly #cross: Cross | undefined

  constructor({ descriptor, calls }: Step, cross?: Cross) {
    this.fd = descriptor
    this.#calls = calls
    this.#cross = cross
  }

  async status(): Promise<FileStatus> {
    return this.#calls.status(this.fd)
  }

  /** To be listed. Throws ENOTDIR. */
  async folder(): Promise<Folder> {
    const descriptor = await this.#calls.reopen(this.fd, O_RDONLY | O_DIRECTORY)
    return new Folder({ descriptor, calls: this.#calls }, this.#cross)
  }

  /** A file's content. Throws SpecialFileError for everything but a regular file. */
  async open(): Promise<OpenFile> {
    const status = await this.status()
    if (status.type !== 'file') throw new SpecialFileError(status.type)
    return new OpenFile({ descriptor: await this.#calls.reopen(this.fd, readFlags), calls: this.#calls }, status)
  }

  /** The same thing for node:fs, opened again with these flags; the caller closes it. */
  handle(flags: number): Promise<FileHandle> {
    return reopen(this, flags)
  }

  close(): void {
    this.#calls.close(this.fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Files of /proc and /sys say 0 or 4096 and hold something else. */
const smallBytes = 64 * 1024

/** A regular file, open for reading: `read`, `readSync` and `createReadStream` of node:fs take its `fd`. */
export class OpenFile implements Disposable {
  readonly fd: number
  /** As it was when it was found. */
  readonly status: FileStatus
  readonly #calls: Calls

  constructor({ descriptor, calls }: Step, status: FileStatus) {
    this.fd = descriptor
    this.status = status
    this.#calls = calls
  }

  /** Fills a buffer from there on, a large one in one of Node's threads; gives how many bytes came, 0 at the end. */
  async read(buffer: Buffer, position: number): Promise<number> {
    return this.#calls.read(this.fd, buffer, position)
  }

  /** As it is now. */
  async statusNow(): Promise<FileStatus> {
    return this.#calls.status(this.fd)
  }

  /** At most `limit` bytes from its beginning. */
  async beginning(limit: number): Promise<Buffer> {
    const buffer = Buffer.alloc(Math.min(limit, Math.max(this.status.size + 1, smallBytes)))
    let length = 0
    while (length < buffer.length) {
      const bytesRead = await this.read(buffer.subarray(length), length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  }

  close(): void {
    this.#calls.close(this.fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/**
 * A directory, open for reading. Names are single steps: a `/`, `.` or `..` in one is refused, and no link is followed, so
 * nothing here leads out. Throws Node's errors (`code` ENOENT, EACCES, …). Closed by `using` or `close()`.
 */
export class Folder implements Disposable {
  readonly fd: number
  readonly #calls: Calls
  readonly #cross: Cross | undefined

  constructor({ descriptor, calls }: Step, cross?: Cross) {
    this.fd = descriptor
    this.#calls = calls
    this.#cross = cross
  }

  /**
   * What is in it, in the kernel's order and slices of some hundred, without `.` and `..`; `withStatus` adds the status of
   * each. Lists from the beginning, once at a time. A mount point that may keep one waiting tells what is cached of it.
   */
  async *entries(withStatus = false): AsyncGenerator<Entry[], void> {
    yield* this.slices(withStatus)
  }

  /** The same for those who look at hundreds of thousands: where nothing is waited for, the slices come at once. */
  slices(withStatus = false): Iterable<Entry[]> | AsyncIterable<Entry[]> {
    return this.#calls.entries(this.fd, withStatus)
  }

  /** Whether what follows is answered at once. */
  get isAtOnce(): boolean {
    return this.#calls.statusNow !== undefined
  }

  /**
   * Of what stands under the name of an entry of this folder, at once; undefined where it has to be waited for, by `status()`.
   * A mount point that may keep one waiting tells what is cached of it.
   */
  statusNow(latin1: string): FileStatus | undefined {
    return this.#calls.statusNow?.(this.fd, latin1)
  }

  /** Where the link of an entry of this folder points, under the same terms. */
  readlinkNow(latin1: string): Buffer | undefined {
    return this.#calls.readlinkNow?.(this.fd, latin1)
  }

  /** Of what stands under a name, or of the folder itself. */
  async status(name?: Buffer): Promise<FileStatus> {
    if (!name) return this.#calls.status(this.fd)
    return (await this.#callsFor(name)).status(this.fd, name)
  }

  async readlink(name: Buffer): Promise<Buffer> {
    return (await this.#callsFor(name)).readlink(this.fd, name)
  }

  async place(name: Buffer): Promise<Place> {
    const calls = await this.#callsFor(name)
    return new Place({ descriptor: await this.#calls.open(this.fd, name, O_PATH | O_NOFOLLOW), calls }, this.#cross)
  }

  /** The folder of that name. Throws ENOTDIR, also for a link. */
  async enter(name: Buffer): Promise<Folder> {
    const calls = await this.#callsFor(name)
    const descriptor = await calls.open(this.fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    return new Folder({ descriptor, calls }, this.#cross)
  }

  /** Content of the file of that name. Throws SpecialFileError for a link and whatever else is no regular file. */
  async open(name: Buffer): Promise<OpenFile> {
    using place = await this.place(name)
    return await place.open()
  }

  /** For node:fs, opened again; the caller closes it. */
  handle(flags = O_PATH): Promise<FileHandle> {
    return reopen(this, flags)
  }

  async makeFolder(name: Buffer, mode = 0o777): Promise<void> {
    await mkdir(inDirectory(this, oneStep(name)), mode)
  }

  /** Removes a name that is no folder. */
  async unlink(name: Buffer): Promise<void> {
    await unlink(inDirectory(this, oneStep(name)))
  }

  /** Removes an empty folder. */
  async removeFolder(name: Buffer): Promise<void> {
    await rmdir(inDirectory(this, oneStep(name)))
  }

  /** Takes the place of what is there. */
  async rename(name: Buffer, to: Folder, newName: Buffer): Promise<void> {
    await rename(inDirectory(this, oneStep(name)), inDirectory(to, oneStep(newName)))
  }

  close(): void {
    this.#calls.close(this.fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  async #callsFor(name: Buffer): Promise<Calls> {
    const step = { descriptor: this.fd, calls: this.#calls }
    oneStep(name)
    return (await this.#cross?.(step, name)) ?? this.#calls
  }
}

function oneStep(name: Buffer): Buffer {
  const text = name.toString('latin1')
  if (text === '' || text === '.' || text === '..' || text.includes('/'))
    throw new PathError('EXDEV', 'not one name in a directory')
  return name
}
