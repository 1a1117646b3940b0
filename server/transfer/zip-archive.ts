import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ZipFile } from 'yazl'
import { shownName } from '../core/shown-name.ts'
import { dateOf, type FileStatus } from '../linux/root/status.ts'
import type { ArchiveWriter, FileEntry, FolderEntry, LinkEntry } from './archive.ts'

/** Some 300 bytes of memory each until the end, where the directory of a zip stands. */
const maxEntries = 100_000
/** The light one: a slow port-forward gains, and a tenth of a CPU still keeps up with it. */
const compressionLevel = 1
const pieceBytes = 64 * 1024

/**
 * ZIP64 where it must be. Names that aren't UTF-8 are escaped (see shownName), and `\`, which unzip programs take for a slash,
 * becomes `%5C`.
 */
export async function zipArchive(name: Buffer, into: Writable): Promise<ArchiveWriter> {
  // Of a CommonJS package the bundle has the default export alone.
  const { ZipFile } = (await import('yazl')).default
  return new ZipArchive(new ZipFile(), zipName(shownName(name)).replace(/^([a-zA-Z]):/, '$1%3A'), into)
}

class ZipArchive implements ArchiveWriter {
  readonly keepsPieces = true
  readonly maxEntries = maxEntries
  readonly #zip: ZipFile
  readonly #output: Readable & Writable
  readonly #failed = Promise.withResolvers<never>()
  readonly #written: Promise<void>
  readonly #root: string

  constructor(zip: ZipFile, root: string, into: Writable) {
    this.#zip = zip
    this.#root = root
    this.#output = zip.outputStream as Readable & Writable
    this.#failed.promise.catch(() => undefined)
    zip.on('error', error => this.#output.destroy(error as Error))
    this.#written = pipeline(this.#output, into)
    this.#written.catch(this.#failed.reject)
    zip.addEmptyDirectory(root)
  }

  refuses({ path }: { path: string }): string | undefined {
    return Buffer.byteLength(this.#pathOf(path)) > 0xffff ? 'its path is too long for a zip' : undefined
  }

  folder({ path, status }: FolderEntry): Promise<void> {
    this.#zip.addEmptyDirectory(this.#pathOf(path), optionsOf(status))
    return this.#taken()
  }

  link({ path, status, target }: LinkEntry): Promise<void> {
    this.#zip.addBuffer(target, this.#pathOf(path), { ...optionsOf(status), compress: false })
    return this.#taken()
  }

  /** Resolves when all of the file was read. */
  async file({ path, status }: FileEntry, bytes: AsyncGenerator<Buffer>): Promise<void> {
    const content = Readable.from(bytes, { objectMode: false, highWaterMark: pieceBytes })
    const read = new Promise(resolve => content.once('close', resolve))
    const options = { ...optionsOf(status), compressionLevel }
    this.#zip.addReadStreamLazy(this.#pathOf(path), options, tell => tell(null, content))
    try {
      await Promise.race([read, this.#failed.promise])
    } finally {
      content.destroy()
      await read
    }
    await this.#taken()
  }

  note(name: string, text: string): Promise<void> {
    this.#zip.addBuffer(Buffer.from(text), this.#pathOf(name))
    return this.#taken()
  }

  async end(): Promise<void> {
    this.#zip.end()
    await this.#written
  }

  #pathOf(path: string): string {
    return `${this.#root}/${zipName(path)}`
  }

  /** The zip buffers without end what nobody takes. */
  async #taken(): Promise<void> {
    while (this.#output.writableNeedDrain) await Promise.race([once(this.#output, 'drain'), this.#failed.promise])
  }
}

const optionsOf = ({ modified, mode }: FileStatus) => ({ mtime: dateOf(modified), mode })

const zipName = (path: string) => path.replaceAll('\\', '%5C')
