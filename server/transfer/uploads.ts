import { type FileHandle, mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolError } from '../core/errors.ts'
import { fileTrouble } from '../linux/file-trouble.ts'
import { errnoOf } from '../linux/linux.ts'
import { inDirectory, resolvePath } from '../linux/resolve-path.ts'
import { uploadNames } from './names.ts'
import type { Place } from './places.ts'
import { Refusal } from './refusal.ts'
import { statusOf, Upload, type UploadTarget, type UploadWish } from './upload.ts'

export interface UploadLimits {
  /** Unfinished uploads at once; each holds two descriptors. A page sends three at a time. */
  uploads: number
  /** Without a byte for so long an upload is dropped, in ms: a laptop may sleep through lunch. */
  idleMs: number
  /** How long a finished one is remembered, in ms, for a client that lost the answer. */
  keepMs: number
  /** An upload silent for so long, in ms, may be taken up by whoever begins the same file again: the page was reloaded. */
  takeUpMs: number
}

export const uploadLimits: UploadLimits = { uploads: 64, idleMs: 3_600_000, keepMs: 60_000, takeUpMs: 1000 }

/** Finished ones remembered at most, the latest; some hundred bytes each. */
const maxKept = 256

export interface UploadRequest extends UploadWish {
  path: string
}

interface Entry {
  terminal: string
  upload: Upload
  timer: NodeJS.Timeout
  activeAt: number
  /** Device and inode of the directory, and what a client says of the file. */
  identity: string
}

/** All uploads of one server. */
export class Uploads {
  readonly #limits: UploadLimits
  readonly #entries = new Map<string, Entry>()
  #beginning = 0
  #closed = false

  constructor(limits: Partial<UploadLimits> = {}) {
    this.#limits = { ...uploadLimits, ...limits }
  }

  /**
   * Begins a file below where the shell stands, making the directories on the way; or takes up one that was begun and cut. Throws
   * Refusal where something is already, ToolError where it can't be written or too many are under way.
   */
  async begin(terminal: string, place: Place, request: UploadRequest): Promise<Upload> {
    this.#checkRoom()
    const target = await openTarget(place, request.path)
    const identity = await identityOf(target, request)
    const known = this.#cut(identity)
    if (!known) return await this.beginAt(terminal, target, request, identity)
    await target.directory.close()
    this.#touch(known)
    return known.upload
  }

  /** Begins a file at a place that is open, which is closed with it. `identity` finds it again. Throws as `begin` does. */
  async beginAt(owner: string, target: UploadTarget, wish: UploadWish, identity: string): Promise<Upload> {
    try {
      this.#checkRoom()
    } catch (error) {
      await target.directory.close()
      throw error
    }
    this.#beginning++
    try {
      await this.#check(target, wish)
      const upload = await Upload.begin(target, wish)
      await this.#keep(owner, upload, identity)
      return upload
    } finally {
      this.#beginning--
    }
  }

  /** The latest of that identity, also one that is complete and still remembered. */
  find(owner: string, identity: string): Upload | undefined {
    const entry = [...this.#entries.values()].findLast(entry => entry.terminal === owner && entry.identity === identity)
    if (entry) this.#touch(entry)
    return entry?.upload
  }

  /** Throws ToolError `not_found` for one that is not there, or no longer. */
  get(terminal: string, id: string): Upload {
    const entry = this.#entries.get(id)
    if (entry?.terminal !== terminal)
      throw new ToolError('not_found', `there is no upload '${id}'`, {
        remedy: `begin it again; one without a byte for ${this.#limits.idleMs / 60_000} minutes is dropped`,
      })
    this.#touch(entry)
    return entry.upload
  }

  /** After bytes came: gives the file its name when it is whole. */
  async settle(upload: Upload, overwrite?: boolean): Promise<void> {
    await upload.complete(overwrite)
    const entry = this.#entries.get(upload.id)
    if (entry) this.#touch(entry)
    this.#trim()
  }

  async drop(id: string): Promise<void> {
    const entry = this.#entries.get(id)
    if (!entry) return
    clearTimeout(entry.timer)
    this.#entries.delete(id)
    await entry.upload.drop()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#entries.keys()].map(id => this.drop(id)))
  }

  #checkRoom(): void {
    if (this.#closed) throw new ToolError('unavailable', 'the server stops')
    const { uploads } = this.#limits
    const unfinished = [...this.#entries.values()].filter(({ upload }) => !upload.isComplete).length
    if (unfinished + this.#beginning < uploads) return
    throw new ToolError('unavailable', `${uploads} uploads are under way already`, {
      remedy: 'wait for one to end, or cancel one with DELETE',
    })
  }

  async #check({ directory, name, path }: UploadTarget, { sizeBytes, overwrite }: UploadWish): Promise<void> {
    try {
      const status = await statusOf(directory, name)
      if (status?.isDirectory()) throw new ToolError('invalid_input', `${path}: a directory of that name is there`)
      if (status && !overwrite) throw new Refusal('already_exists', `${path} is there already`)
      await checkSpace(directory, path, sizeBytes ?? 0)
    } catch (error) {
      await directory.close()
      throw error instanceof Refusal ? error : fileTrouble(error, 'write', path)
    }
  }

  async #keep(terminal: string, upload: Upload, identity: string): Promise<void> {
    // The server may have stopped meanwhile.
    if (this.#closed) {
      await upload.drop()
      throw new ToolError('unavailable', 'the server stops')
    }
    const timer = setTimeout(() => void this.drop(upload.id), this.#limits.idleMs).unref()
    this.#entries.set(upload.id, { terminal, upload, timer, identity, activeAt: performance.now() })
  }

  #cut(identity: string): Entry | undefined {
    const latest = performance.now() - this.#limits.takeUpMs
    return [...this.#entries.values()].find(
      ({ upload, ...entry }) =>
        entry.identity === identity && !upload.isComplete && !upload.isAppending && entry.activeAt < latest,
    )
  }

  #touch(entry: Entry): void {
    const { upload } = entry
    entry.activeAt = performance.now()
    clearTimeout(entry.timer)
    const ms = upload.isComplete ? this.#limits.keepMs : this.#limits.idleMs
    entry.timer = setTimeout(() => void this.drop(upload.id), ms).unref()
  }

  #trim(): void {
    const finished = [...this.#entries].filter(([, { upload }]) => upload.isComplete)
    for (const [id] of finished.slice(0, -maxKept)) void this.drop(id)
  }
}

/** Makes a directory below where the shell stands, and those on the way; one that is there already is as good. */
export async function makeDirectory(place: Place, path: string): Promise<string> {
  const shown = join(place.directory, path)
  const directory = await reach(place, uploadNames(path), shown)
  await directory.close()
  return shown
}

async function openTarget(place: Place, path: string): Promise<UploadTarget> {
  const names = uploadNames(path)
  const shown = join(place.directory, path)
  return { directory: await reach(place, names.slice(0, -1), shown), name: names.at(-1)!, path: shown }
}

/** The directory at the end of `names`, made where it is missing. Links on the way are followed, but not out of the start. */
async function reach({ start }: Place, names: Buffer[], shown: string): Promise<FileHandle> {
  const upTo = (count: number) => Buffer.concat(names.slice(0, count).flatMap(name => [name, Buffer.from('/')]))
  let directory: FileHandle | undefined
  try {
    let count = names.length
    while (!directory) directory = await openDirectory(start, upTo(count--))
    for (count++; count < names.length; count++) {
      await makeIn(directory, names[count]!)
      await directory.close()
      directory = await resolvePath({ start, root: null }, upTo(count + 1))
    }
    return directory
  } catch (error) {
    await directory?.close()
    throw fileTrouble(error, 'write', shown)
  }
}

async function makeIn(directory: FileHandle, name: Buffer): Promise<void> {
  await mkdir(inDirectory(directory, name)).catch(error => {
    if (errnoOf(error) !== 'EEXIST') throw error
  })
}

async function openDirectory(start: FileHandle, path: Buffer): Promise<FileHandle | undefined> {
  try {
    return await resolvePath({ start, root: null }, path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return undefined
  }
}

/** Told before gigabytes were sent. A file system that counts no blocks (some of FUSE) has no limit that it knows. */
async function checkSpace(directory: FileHandle, path: string, sizeBytes: number): Promise<void> {
  const { blocks, bavail, bsize } = await statfs(`/proc/self/fd/${directory.fd}`)
  if (blocks === 0 || sizeBytes <= bavail * bsize) return
  throw new ToolError('unavailable', `${path}: ${sizeBytes} bytes don't fit, ${bavail * bsize} are free there`, {
    remedy: 'free some, or cd to another volume',
  })
}

async function identityOf(target: UploadTarget, { sizeBytes, modifiedTime }: UploadRequest): Promise<string> {
  const { dev, ino } = await target.directory.stat({ bigint: true })
  const file = modifiedTime === undefined ? crypto.randomUUID() : `${sizeBytes}:${modifiedTime}`
  return `${dev}:${ino}:${file}:${target.name.toString('hex')}`
}
