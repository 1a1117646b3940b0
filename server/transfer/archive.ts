import { once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ZipFile } from 'yazl'
import { fileProblem } from '../core/file-problem.ts'
import { type TreeEntry, walkTree } from './tree.ts'

/** Some 300 bytes of memory each until the end, where the directory of a zip stands. */
const maxEntries = 100_000
/** Lines of what was left out; the rest is counted. */
const maxLeftOut = 1000
/** The light one: a slow port-forward gains, and a tenth of a CPU still keeps up with it. */
const compressionLevel = 1
const pieceBytes = 64 * 1024

/**
 * Writes a folder as a zip under its name, as it is read: nothing is kept but the list of names. ZIP64 where it must be. Names that
 * aren't UTF-8 are escaped (see shownName), and `\`, which unzip programs take for a slash, becomes `%5C`. Links stay links.
 * What can't be read, and pipes, devices and sockets, stand in `_not-included.txt`. Throws when `into` is closed early.
 */
export async function writeArchive(folder: FileHandle, name: string, into: Writable): Promise<void> {
  // Of a CommonJS package the bundle has the default export alone.
  const { ZipFile } = (await import('yazl')).default
  const zip = new ZipFile()
  const output = zip.outputStream as Readable & Writable
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  zip.on('error', error => output.destroy(error as Error))
  const written = pipeline(output, into)
  written.catch(failed.reject)
  const archive = new Archive(zip, output, failed.promise, zipName(name).replace(/^([a-zA-Z]):/, '$1%3A'))
  await archive.fill(folder)
  await written
}

class Archive {
  readonly #zip: ZipFile
  readonly #output: Writable
  readonly #failed: Promise<never>
  readonly #root: string
  readonly #leftOut: string[] = []
  #leftOutCount = 0
  #entries = 0

  constructor(zip: ZipFile, output: Writable, failed: Promise<never>, root: string) {
    this.#zip = zip
    this.#output = output
    this.#failed = failed
    this.#root = root
  }

  async fill(folder: FileHandle): Promise<void> {
    this.#zip.addEmptyDirectory(this.#root)
    for await (const entry of walkTree(folder, '')) {
      if (this.#entries >= maxEntries)
        this.#leave(entry.path, `more than ${maxEntries} entries; what follows is missing too`)
      if (this.#entries++ >= maxEntries) break
      await this.#add(entry)
      // The zip buffers without end what nobody takes.
      while (this.#output.writableNeedDrain) await Promise.race([once(this.#output, 'drain'), this.#failed])
    }
    if (this.#leftOutCount > 0) this.#zip.addBuffer(Buffer.from(this.#report()), `${this.#root}/_not-included.txt`)
    this.#zip.end()
  }

  async #add(entry: TreeEntry): Promise<void> {
    if (entry.kind === 'left out') return this.#leave(entry.path, entry.why)
    const { modified: mtime, mode } = entry
    const path = `${this.#root}/${zipName(entry.path)}`
    if (Buffer.byteLength(path) > 0xffff) this.#leave(entry.path, 'its path is too long for a zip')
    else if (entry.kind === 'folder') this.#zip.addEmptyDirectory(path, { mtime, mode })
    else if (entry.kind === 'link') this.#zip.addBuffer(entry.target, path, { mtime, mode, compress: false })
    else await this.#addFile(entry, path, { mtime, mode, compressionLevel })
  }

  /** Resolves when all of the file was read. */
  async #addFile(entry: Extract<TreeEntry, { kind: 'file' }>, path: string, options: object): Promise<void> {
    const content = Readable.from(this.#contentOf(entry), { objectMode: false, highWaterMark: pieceBytes })
    const read = new Promise(resolve => content.once('close', resolve))
    this.#zip.addReadStreamLazy(path, options, tell => tell(null, content))
    try {
      await Promise.race([read, this.#failed])
    } finally {
      content.destroy()
      await read
    }
  }

  /** As much as there was when it was opened. What grows is cut there, what shrinks ends early and is told of. */
  async *#contentOf({ handle, sizeBytes, path }: Extract<TreeEntry, { kind: 'file' }>): AsyncGenerator<Buffer> {
    try {
      for (let at = 0; at < sizeBytes; ) {
        const { bytesRead, buffer } = await handle.read(
          Buffer.allocUnsafe(pieceBytes),
          0,
          Math.min(pieceBytes, sizeBytes - at),
          at,
        )
        if (bytesRead === 0) return this.#leave(path, `became shorter while it was read: ${at} of ${sizeBytes} bytes`)
        yield buffer.subarray(0, bytesRead)
        at += bytesRead
      }
    } catch (error) {
      this.#leave(path, `incomplete: ${fileProblem(error)}`)
    }
  }

  #leave(path: string, why: string): void {
    this.#leftOutCount++
    if (this.#leftOut.length < maxLeftOut) this.#leftOut.push(`${JSON.stringify(path).slice(1, -1)}: ${why}`)
  }

  #report(): string {
    const more = this.#leftOutCount - this.#leftOut.length
    return [...this.#leftOut, ...(more > 0 ? [`… and ${more} more`] : []), ''].join('\n')
  }
}

const zipName = (path: string) => path.replaceAll('\\', '%5C')
