import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ReplayBudget } from '../replay-budget.ts'

/** Bytes compressed at a time: half a millisecond at most, and more would hardly shrink better. */
export const blockBytes = 64 * 1024

/** zstd at its fastest: three times as fast as deflate at its fastest, and smaller. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export interface CastStoreLimits {
  /** Memory: what is compressed, and one block that isn't yet. */
  heldBytes: number
  /** The text itself, as it is read again. */
  textBytes: number
}

/**
 * Lines of text that only grow, kept compressed. Blocks stand by themselves, so all of it can be read at any time while more
 * comes, and a reader holds one of them.
 */
export class CastStore {
  readonly #limits: CastStoreLimits
  readonly #budget: ReplayBudget
  #blocks: Buffer[] = []
  #blocksBytes = 0
  #open: Buffer | undefined
  #openBytes = 0
  #textBytes = 0

  /** `budget` is shared with other stores. */
  constructor(limits: CastStoreLimits, budget: ReplayBudget) {
    this.#limits = limits
    this.#budget = budget
  }

  get textBytes(): number {
    return this.#textBytes
  }

  /** Keeps a line whole, or answers false where it would be too much. */
  append(line: string): boolean {
    const length = Buffer.byteLength(line)
    if (this.#textBytes + length > this.#limits.textBytes || !this.#hasRoom(length)) return false
    const left = (this.#open?.length ?? 0) - this.#openBytes
    if (length <= left) this.#openBytes += this.#open!.write(line, this.#openBytes)
    else this.#fill(Buffer.from(line))
    this.#textBytes += length
    return true
  }

  /** Nothing more comes, save a last line of a few dozen bytes, which fits always. */
  end(line: string): void {
    const last = zstdCompressSync(Buffer.concat([this.#opened(), Buffer.from(line)]), compression)
    this.#textBytes += Buffer.byteLength(line)
    this.#closeBlock(last)
  }

  /** Everything so far, in pieces. What comes or is released meanwhile doesn't show in it. */
  *read(): Generator<Buffer> {
    const [blocks, opened] = [[...this.#blocks], Buffer.from(this.#opened())]
    for (const block of blocks) yield zstdDecompressSync(block)
    if (opened.length > 0) yield opened
  }

  release(): void {
    this.#budget.give(this.#blocksBytes + (this.#open?.length ?? 0))
    this.#blocks = []
    this.#blocksBytes = 0
    this.#open = undefined
    this.#openBytes = 0
  }

  /** Whether every block that `length` bytes open has its place. */
  #hasRoom(length: number): boolean {
    const left = (this.#open?.length ?? 0) - this.#openBytes
    const more = Math.ceil(Math.max(0, length - left) / blockBytes) * blockBytes
    const held = this.#blocksBytes + (this.#open?.length ?? 0)
    return held + more <= this.#limits.heldBytes && more <= this.#budget.left
  }

  #fill(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) {
      if (this.#openBytes === this.#open?.length) this.#closeBlock(zstdCompressSync(this.#open, compression))
      if (!this.#open) this.#openBlock()
      const copied = bytes.copy(this.#open!, this.#openBytes, done)
      this.#openBytes += copied
      done += copied
    }
  }

  #openBlock(): void {
    this.#budget.take(blockBytes)
    this.#open = Buffer.allocUnsafeSlow(blockBytes)
  }

  #closeBlock(block: Buffer): void {
    this.#budget.give((this.#open?.length ?? 0) - block.length)
    // zlib hands out a view of a larger buffer.
    this.#blocks.push(Buffer.from(block))
    this.#blocksBytes += block.length
    this.#open = undefined
    this.#openBytes = 0
  }

  #opened(): Buffer {
    return this.#open?.subarray(0, this.#openBytes) ?? Buffer.alloc(0)
  }
}
