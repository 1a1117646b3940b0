import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { ToolError } from '../core/errors.ts'
import { fileTrouble } from '../linux/file-trouble.ts'
import { errnoOf } from '../linux/linux.ts'
import { inDirectory } from '../linux/resolve-path.ts'
import { Refusal } from './refusal.ts'

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

export interface UploadTarget {
  /** Open; the upload closes it. */
  directory: FileHandle
  name: Buffer
  /** Both together as a path to be shown. */
  path: string
}

export interface UploadWish {
  /** null: as much as comes in one piece. */
  sizeBytes: number | null
  /** Milliseconds since 1970; undefined: now. */
  modifiedTime: number | undefined
  overwrite: boolean
  /** The owner of a file that is replaced stays its owner, or it isn't replaced. */
  keepsOwner?: boolean
  /** Asked right before the file takes its name: throws where it no longer may. */
  verify?(directory: FileHandle, name: Buffer): Promise<void>
}

/** What stands where the upload will; undefined when nothing does. A link counts as itself. */
export const statusOf = (directory: FileHandle, name: Buffer): Promise<Stats | undefined> =>
  lstat(inDirectory(directory, name)).catch(error => {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  })

/** Of one read, where a file is written over rather than replaced. */
const copyBytes = 256 * 1024

/** Without hard links (FAT, some network file systems) link(2) says one of these. */
const withoutLinks = ['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EINVAL']

/**
 * One file on its way in. It grows under a hidden name beside its place, and takes its own name when it is whole: nobody reads
 * half a file, and a cut leaves what came.
 */
export class Upload {
  readonly id = randomBytes(12).toString('hex')
  readonly target: UploadTarget
  readonly wish: UploadWish
  readonly #partial: Buffer
  #file: FileHandle | undefined
  #offset = 0
  #isComplete = false
  #appending: { body: Readable; done: Promise<void> } | undefined

  /** Throws ToolError when nothing may be written there. */
  static async begin(target: UploadTarget, wish: UploadWish): Promise<Upload> {
    const upload = new Upload(target, wish)
    try {
      upload.#file = await open(upload.#partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666)
    } catch (error) {
      await target.directory.close()
      throw fileTrouble(error, 'write', target.path)
    }
    return upload
  }

  private constructor(target: UploadTarget, wish: UploadWish) {
    this.target = target
    this.wish = wish
    this.#partial = inDirectory(target.directory, Buffer.from(`.ditty-${this.id}.part`))
  }

  get offset(): number {
    return this.#offset
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  get isAppending(): boolean {
    return this.#appending !== undefined
  }

  /**
   * Writes a body behind what is there. Whoever comes later wins: an older request may hang on a connection that died unseen.
   * Throws Refusal for another offset than the upload's own, ToolError when it can't be written.
   */
  async append(offset: number, body: Readable): Promise<void> {
    await this.interrupt()
    if (offset !== this.#offset)
      throw new Refusal('offset_mismatch', `the upload stands at ${this.#offset}, not at ${offset}`, this.#offset)
    const done = this.#write(body)
    this.#appending = { body, done: done.catch(() => undefined) }
    try {
      await done
    } finally {
      this.#appending = undefined
    }
  }

  /** Ends a request that still brings bytes; what it brought stays. */
  async interrupt(): Promise<void> {
    this.#appending?.body.destroy()
    await this.#appending?.done
  }

  /** Gives the whole file its name. Throws Refusal where something else took it and `overwrite` says no. */
  async complete(overwrite = this.wish.overwrite): Promise<void> {
    if (this.#isComplete || this.#offset < (this.wish.sizeBytes ?? 0)) return
    const { path, directory, name } = this.target
    await this.wish.verify?.(directory, name)
    try {
      const isOwned = await this.#dress()
      if (!overwrite) await this.#put()
      else if (isOwned || !this.wish.keepsOwner) await this.#replace()
      else await this.#overwrite()
    } catch (error) {
      throw error instanceof Refusal ? error : fileTrouble(error, 'write', path)
    }
    this.#isComplete = true
    await this.#close()
  }

  /** Leaves nothing behind but a file that was completed. */
  async drop(): Promise<void> {
    await this.interrupt()
    if (!this.#file) return
    await unlink(this.#partial).catch(() => undefined)
    await this.#close()
  }

  async #write(body: Readable): Promise<void> {
    const { wish, target } = this
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const bytes = wish.sizeBytes === null ? chunk : chunk.subarray(0, wish.sizeBytes - this.#offset)
      try {
        await this.#writeAll(bytes)
      } catch (error) {
        throw fileTrouble(error, 'write', target.path)
      }
      if (bytes.length < chunk.length)
        throw new ToolError('invalid_input', `more came than the ${wish.sizeBytes} bytes that were announced`)
    }
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file!.write(bytes, at, bytes.length - at, this.#offset)
      at += bytesWritten
      this.#offset += bytesWritten
    }
  }

  /**
   * A file that is replaced passes on its owner and its mode, so that a program stays one. Tells whether the new one has that
   * owner. Neither mode nor time is worth losing the file for: some file systems know none.
   */
  async #dress(): Promise<boolean> {
    const { modifiedTime } = this.wish
    const before = await statusOf(this.target.directory, this.target.name)
    const isOwned = !before?.isFile() || (await this.#giveTo(before))
    if (before?.isFile()) await this.#file!.chmod(before.mode & 0o7777).catch(() => undefined)
    if (modifiedTime !== undefined) await this.#file!.utimes(new Date(), new Date(modifiedTime)).catch(() => undefined)
    return isOwned
  }

  async #giveTo({ uid, gid }: Stats): Promise<boolean> {
    const own = await this.#file!.stat()
    if (own.uid === uid && own.gid === gid) return true
    return await this.#file!.chown(uid, gid).then(
      () => true,
      () => false,
    )
  }

  /** What is mounted by itself, as a pod's /etc/hosts, can't be renamed over. */
  async #replace(): Promise<void> {
    try {
      await rename(this.#partial, inDirectory(this.target.directory, this.target.name))
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY') throw error
      await this.#overwrite()
    }
  }

  /** Writes into the file that is there: it stays itself, and whoever reads it now may see half. */
  async #overwrite(): Promise<void> {
    const { directory, name, path } = this.target
    const into = await openForWriting(inDirectory(directory, name), path)
    try {
      await copy(this.#partial, into)
      await into.truncate(this.#offset)
    } finally {
      await into.close()
    }
    await unlink(this.#partial)
  }

  /** link(2) fails where something is; so does creating, where links aren't known. */
  async #put(): Promise<void> {
    const { directory, name, path } = this.target
    const place = inDirectory(directory, name)
    try {
      await link(this.#partial, place).catch(async error => {
        if (!withoutLinks.includes(errnoOf(error) ?? '')) throw error
        await (await open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666)).close()
        await rename(this.#partial, place)
      })
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') throw new Refusal('already_exists', `${path} is there already`)
      throw error
    }
    await unlink(this.#partial).catch(() => undefined)
  }

  async #close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await Promise.all([file?.close(), this.target.directory.close()])
  }
}

async function copy(path: Buffer, into: FileHandle): Promise<void> {
  const from = await open(path)
  const buffer = Buffer.alloc(copyBytes)
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      await writeAll(into, buffer.subarray(0, bytesRead), at)
      at += bytesRead
    }
  } finally {
    await from.close()
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; )
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
}

async function openForWriting(place: Buffer, shown: string): Promise<FileHandle> {
  try {
    return await open(place, O_WRONLY | O_NOFOLLOW)
  } catch {
    const { uid, gid } = await lstat(place)
    throw new ToolError(
      'not_permitted',
      `${shown}: it belongs to ${uid}:${gid}, and ditty may neither write it nor make a file of theirs`,
      { remedy: `run ditty as UID ${uid}, or as UID 0 with CAP_CHOWN` },
    )
  }
}
