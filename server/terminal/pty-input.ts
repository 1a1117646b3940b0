import { writeSync } from 'node:fs'
import { errnoOf } from '../linux/linux.ts'

/** How soon a full PTY is tried again, in ms: a reader empties its 64 KiB in about one, one that sleeps costs 20 tries a second. */
const firstRetryMs = 1
const lastRetryMs = 50

/**
 * Bytes on their way into a PTY, whose buffer in the kernel holds some 64 KiB. The descriptor doesn't block, and nothing in
 * Node can wait for room in it (libuv spins on a PTY's master until all is written), so a full one is tried again.
 */
export class PtyInput {
  readonly #descriptor: number
  readonly #onDrain: () => void
  #chunks: Uint8Array[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  #closed = false

  /** `onDrain` is called whenever some of what waited was taken. */
  constructor(descriptor: number, onDrain: () => void) {
    this.#descriptor = descriptor
    this.#onDrain = onDrain
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.#bytes
  }

  /** Keeps `bytes` until they are taken. */
  write(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    if (!this.#timer) this.#flush()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#chunks = []
    this.#bytes = 0
  }

  #flush(): void {
    const before = this.#bytes
    while (this.#chunks.length > 0 && this.#writeFirst());
    if (this.#closed) return
    const moved = this.#bytes < before
    this.#retryMs = moved ? firstRetryMs : Math.min(this.#retryMs * 2, lastRetryMs)
    if (this.#bytes > 0) this.#timer = setTimeout(() => this.#retry(), this.#retryMs)
  }

  #retry(): void {
    this.#timer = undefined
    const before = this.#bytes
    this.#flush()
    if (this.#bytes < before) this.#onDrain()
  }

  /** Whether all of the first chunk was taken. */
  #writeFirst(): boolean {
    const chunk = this.#chunks[0] as Uint8Array
    const written = this.#tryWrite(chunk)
    this.#bytes -= written
    if (written === chunk.length) this.#chunks.shift()
    else this.#chunks[0] = chunk.subarray(written)
    return written === chunk.length
  }

  #tryWrite(chunk: Uint8Array): number {
    try {
      return writeSync(this.#descriptor, chunk)
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return 0
      // EIO: the last program on the other side is gone, and nobody will ever read this.
      return chunk.length
    }
  }
}
