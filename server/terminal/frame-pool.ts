/** Fewer bytes than this aren't worth a place in the pool: an echo has 20. */
const small = 8 * 1024

/** Buffers of large frames, used again once they are sent: a flood would leave 64 KiB of garbage a millisecond. */
export class FramePool {
  readonly #size: number
  readonly #free: Buffer[] = []

  /** `size`: bytes of the largest frame. */
  constructor(size: number) {
    this.#size = size
  }

  /** A buffer of at least `length` bytes. */
  take(length: number): Buffer {
    if (length < small) return Buffer.allocUnsafe(length)
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#size)
  }

  /** Nobody reads it any more. At most 256 KiB are kept, since most of a window waits in the kernel. */
  give(buffer: Buffer): void {
    if (buffer.length === this.#size && this.#free.length < 4) this.#free.push(buffer)
  }
}
