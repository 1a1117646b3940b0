/** A longer line is searched in pieces. */
export const maxLineBytes = 16 << 20
const firstBytes = 512 * 1024

/** Whole lines, standing in a buffer. */
export interface Lines {
  buffer: Buffer
  /** Of the buffer's first byte in the file. */
  base: number
  /** Where new lines begin; those before it have been told already. */
  start: number
  /** Behind the last line's end, or where the file ends. */
  end: number
}

/** Puts blocks of one file after the other together so that they hold whole lines, and keeps some of those before at hand. */
export class WholeLines {
  readonly #endOfLine: number
  readonly #keep: number
  #buffer = Buffer.allocUnsafeSlow(firstBytes)
  #length = 0
  #base = 0
  /** What of the buffer has been told. */
  #told = 0
  /** A line was longer than may be. */
  wasCut = false

  /** `keep`: how many lines stay at hand. */
  constructor(endOfLine: number, keep: number) {
    this.#endOfLine = endOfLine
    this.#keep = keep
  }

  /** Another file. */
  begin(): void {
    this.#length = this.#base = this.#told = 0
    this.wasCut = false
  }

  /** undefined as long as no line has come to its end. What it gives is valid until the next call. */
  push(block: Uint8Array): Lines | undefined {
    this.#makeRoom(block.length)
    this.#buffer.set(block, this.#length)
    this.#length += block.length
    const ending = this.#buffer.subarray(0, this.#length).lastIndexOf(this.#endOfLine)
    if (ending < this.#told) {
      if (this.#length - this.#told < maxLineBytes) return undefined
      this.wasCut = true
      return this.#tell(this.#length)
    }
    return this.#tell(ending + 1)
  }

  /** A last line without its end. */
  rest(): Lines | undefined {
    return this.#length > this.#told ? this.#tell(this.#length) : undefined
  }

  #tell(end: number): Lines {
    const start = this.#told
    this.#told = end
    return { buffer: this.#buffer.subarray(0, this.#length), base: this.#base, start, end }
  }

  #makeRoom(more: number): void {
    const from = this.#keepFrom()
    if (from > 0) {
      this.#buffer.copyWithin(0, from, this.#length)
      this.#length -= from
      this.#base += from
      this.#told -= from
    }
    if (this.#length + more <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + more))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }

  #keepFrom(): number {
    let from = this.#told
    for (let count = this.#keep; count > 0 && from > 0; count--) {
      if (this.#told - from > maxLineBytes) break
      from = from < 2 ? 0 : this.#buffer.lastIndexOf(this.#endOfLine, from - 2) + 1
    }
    return from
  }
}
