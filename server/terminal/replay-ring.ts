import type { ReplayBudget } from './replay-budget.ts'

/** An idle shell's prompt and a few screens fit; 256 sessions own 4 MiB of these. */
export const smallestRingBytes = 16 * 1024

/**
 * The last bytes of a session's output, by their offset in the stream. It doubles as it fills, as far as its own limit and the
 * shared budget go, and then overwrites the oldest.
 */
export class ReplayRing {
  #buffer = Buffer.alloc(0)
  #held = 0
  #end = 0
  readonly #limit: number
  readonly #budget: ReplayBudget

  /** `limit` is a power of two, at least `smallestRingBytes`. */
  constructor(limit: number, budget: ReplayBudget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** Offset of the oldest byte held. */
  get start(): number {
    return this.#end - this.#held
  }

  /** Offset of the byte that comes next. */
  get end(): number {
    return this.#end
  }

  get capacity(): number {
    return this.#buffer.length
  }

  /** How many bytes can still come without losing any from `offset` on. */
  room(offset: number): number {
    return this.#reachable() - (this.#end - Math.max(offset, this.start))
  }

  /**
   * A place for up to `most` bytes that come next; `commit` says how many came. It grows only when none is free, and where it
   * can't, gives the place of the oldest bytes, which are lost as they are overwritten.
   */
  reserve(most: number): Buffer {
    if (this.#held === this.#buffer.length) this.#grow()
    const size = this.#buffer.length
    const at = this.#position(this.#end)
    const free = this.#held < size ? size - this.#held : size
    return this.#buffer.subarray(at, Math.min(at + most, at + free, size))
  }

  commit(length: number): void {
    this.#end += length
    this.#held = Math.min(this.#held + length, this.#buffer.length)
  }

  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const place = this.reserve(bytes.length - done)
      place.set(bytes.subarray(done, done + place.length))
      this.commit(place.length)
      done += place.length
    }
  }

  /** Copies held bytes from `offset` on into `target`, as many as fit. */
  copy(offset: number, target: Uint8Array): void {
    const at = this.#position(offset)
    const first = this.#buffer.subarray(at, at + target.length)
    target.set(first)
    if (first.length < target.length) target.set(this.#buffer.subarray(0, target.length - first.length), first.length)
  }

  /** A copy of the held bytes from `offset` up to `end`. */
  slice(offset: number, end = this.#end): Uint8Array {
    const bytes = new Uint8Array(end - offset)
    this.copy(offset, bytes)
    return bytes
  }

  byteAt(offset: number): number | undefined {
    return offset >= this.start && offset < this.#end ? this.#buffer[this.#position(offset)] : undefined
  }

  /** Offset of the last such byte before `before`; -1 where there is none from `from` on. */
  lastIndexOf(byte: number, before: number, from: number): number {
    for (let end = before; end > from; ) {
      const last = this.#position(end - 1)
      const length = Math.min(last + 1, end - from)
      const at = this.#buffer.subarray(last + 1 - length, last + 1).lastIndexOf(byte)
      if (at >= 0) return end - length + at
      end -= length
    }
    return -1
  }

  /** Forgets the bytes and returns the memory; offsets stay. */
  release(): void {
    if (this.#buffer.length > smallestRingBytes) this.#budget.give(this.#buffer.length - smallestRingBytes)
    this.#buffer = Buffer.alloc(0)
    this.#held = 0
  }

  #position(offset: number): number {
    return this.#buffer.length === 0 ? 0 : offset % this.#buffer.length
  }

  /** The largest size that the budget allows now. */
  #reachable(): number {
    let size = Math.max(this.#buffer.length, smallestRingBytes)
    const most = size + this.#budget.left
    while (size * 2 <= Math.min(this.#limit, most)) size *= 2
    return size
  }

  #grow(): boolean {
    const size = Math.max(this.#buffer.length * 2, smallestRingBytes)
    const isFirst = this.#buffer.length === 0
    if (size > this.#limit || !(isFirst || this.#budget.take(size - this.#buffer.length))) return false
    const grown = Buffer.allocUnsafeSlow(size)
    for (let offset = this.start; offset < this.#end; ) {
      const [from, to] = [this.#position(offset), offset % size]
      const length = Math.min(this.#end - offset, this.#buffer.length - from, size - to)
      grown.set(this.#buffer.subarray(from, from + length), to)
      offset += length
    }
    this.#buffer = grown
    return true
  }
}
