import type { Writable } from 'node:stream'
import { fileProblem } from '../core/file-problem.ts'
import type { Folder } from '../linux/root/folder.ts'
import type { TreeEntry } from './tree.ts'
import { walkTree } from './tree.ts'

export type ArchiveFormat = 'zip' | 'tar'

export const archiveFormats: readonly ArchiveFormat[] = ['zip', 'tar']

export type FileEntry = Extract<TreeEntry, { kind: 'file' }>
export type LinkEntry = Extract<TreeEntry, { kind: 'link' }>
export type FolderEntry = Extract<TreeEntry, { kind: 'folder' }>

/** An archive as it is written: each promise resolves when more may come. They reject when nobody takes it any more. */
export interface ArchiveWriter {
  /** Entries it can hold. */
  maxEntries: number
  /** Why it can't hold an entry of that name. */
  refuses(entry: TreeEntry & { name: Buffer }): string | undefined
  folder(entry: FolderEntry): Promise<void>
  link(entry: LinkEntry): Promise<void>
  /** `content` brings at most as many bytes as the status tells. */
  /** A piece of the content is its own only until it asks for the next, unless it keeps pieces. */
  file(entry: FileEntry, content: AsyncGenerator<Buffer>): Promise<void>
  readonly keepsPieces: boolean
  /** A text of our own, beside what the folder holds. */
  note(name: string, text: string): Promise<void>
  end(): Promise<void>
}

/** Lines of what was left out; the rest is counted. */
const maxLeftOut = 1000
const pieceBytes = 64 * 1024

/**
 * Writes a folder as an archive under its name, as it is read: nothing is kept but the list of names that a zip needs. Links stay
 * links. What can't be read, and pipes, devices and sockets, stand in `_not-included.txt`. Throws when `into` is closed early.
 */
export async function writeArchive(format: ArchiveFormat, folder: Folder, name: Buffer, into: Writable): Promise<void> {
  const writer =
    format === 'zip'
      ? await (await import('./zip-archive.ts')).zipArchive(name, into)
      : (await import('./tar-archive.ts')).tarArchive(name, await folder.status(), into)
  await new Archive(writer).fill(folder)
}

class Archive {
  readonly #writer: ArchiveWriter
  readonly #leftOut: string[] = []
  #leftOutCount = 0
  #entries = 0

  constructor(writer: ArchiveWriter) {
    this.#writer = writer
  }

  async fill(folder: Folder): Promise<void> {
    const { maxEntries } = this.#writer
    for await (const entry of walkTree(folder)) {
      if (this.#entries >= maxEntries)
        this.#leave(entry.path, `more than ${maxEntries} entries; what follows is missing too`)
      if (this.#entries++ >= maxEntries) break
      await this.#add(entry)
    }
    if (this.#leftOutCount > 0) await this.#writer.note('_not-included.txt', this.#report())
    await this.#writer.end()
  }

  async #add(entry: TreeEntry): Promise<void> {
    const problem = entry.kind === 'left out' ? entry.why : this.#writer.refuses(entry)
    if (problem !== undefined) return this.#leave(entry.path, problem)
    if (entry.kind === 'folder') await this.#writer.folder(entry)
    else if (entry.kind === 'link') await this.#writer.link(entry)
    else if (entry.kind === 'file') await this.#writer.file(entry, this.#contentOf(entry))
  }

  /** As much as there was when it was opened. What grows is cut there, what shrinks ends early and is told of. */
  async *#contentOf({ file, status: { size }, path }: FileEntry): AsyncGenerator<Buffer> {
    const make = () => Buffer.allocUnsafe(Math.min(pieceBytes, size))
    const reused = this.#writer.keepsPieces ? undefined : make()
    try {
      for (let at = 0; at < size; ) {
        const buffer = reused ?? make()
        const length = await file.read(buffer.subarray(0, size - at), at)
        if (length === 0) return this.#leave(path, `became shorter while it was read: ${at} of ${size} bytes`)
        yield buffer.subarray(0, length)
        at += length
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
