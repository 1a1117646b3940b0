/**
 * What all terminals that nobody sees may take of the emulator together, in bytes a tick of so many ms: 1.25 MB/s, some 5 % of
 * the page's time. No build prints as much; a flood is held back by its own acks.
 */
const tickMs = 100
const tickBytes = 128 * 1024

let tickStart = 0
let left = 0

function mayWrite(now: number): boolean {
  if (now - tickStart >= tickMs) {
    tickStart = now
    left = tickBytes
  }
  return left > 0
}

interface Piece {
  bytes: number
  write(): void
}

/** Lets output through at once while its terminal is seen, and at the pace of the unseen while it isn't. In order, always. */
export class Pace {
  readonly #waiting: Piece[] = []
  #isHidden = false
  #timer: ReturnType<typeof setTimeout> | undefined

  set isHidden(isHidden: boolean) {
    this.#isHidden = isHidden
    if (!isHidden) this.flush()
  }

  /** What waits is bounded by the server's window: it isn't acknowledged before it is written. */
  pass(bytes: number, write: () => void): void {
    if (this.#isHidden) {
      this.#waiting.push({ bytes, write })
      this.#drain()
    } else write()
  }

  /** Before something that isn't output: it must not overtake what waits. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const { write } of this.#waiting.splice(0)) write()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #drain(): void {
    clearTimeout(this.#timer)
    while (this.#waiting.length > 0 && mayWrite(performance.now())) {
      const { bytes, write } = this.#waiting.shift()!
      left -= bytes
      write()
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#drain(), tickMs)
  }
}
