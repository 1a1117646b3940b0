/** Requests remembered: half the 16 bits of a sequence on the wire, so that old and new can be told apart. */
export const windowSize = 1 << 15

/** 0 is a slot never used. */
const pending = 1
const answered = 2
const lost = 3

export type Standing = 'pending' | 'answered' | 'lost' | 'unknown'
const standings: Standing[] = ['unknown', 'pending', 'answered', 'lost']

/** The requests sent last, and what became of each. 288 KiB of address space, touched as it fills; no timer for any of them. */
export class SentWindow {
  readonly #sentAt = new Float64Array(windowSize)
  readonly #state = new Uint8Array(windowSize)
  /** The newest sequence; the first is 1. */
  last = 0
  inFlight = 0
  /** No request before this one is pending. */
  #oldest = 1

  /** Starts the next request, at a time of the monotonic clock in ms; callers keep fewer than `windowSize` in flight. */
  add(now: number): number {
    const seq = ++this.last
    this.#sentAt[seq % windowSize] = now
    this.#state[seq % windowSize] = pending
    this.inFlight++
    return seq
  }

  /** Takes back the newest, which was not sent after all. */
  undo(): void {
    this.settle(this.last, 'lost')
    this.#state[this.last % windowSize] = 0
    this.last--
  }

  /** The sequence whose low 16 bits these are; undefined when no request remembered has them. */
  find(sequence: number): number | undefined {
    const behind = (this.last - sequence) & 0xffff
    const seq = this.last - behind
    return behind < windowSize && seq >= 1 ? seq : undefined
  }

  standing(seq: number): Standing {
    return standings[this.#state[seq % windowSize] ?? 0] ?? 'unknown'
  }

  /** When it was sent, by the clock given to `add`. */
  sentAt(seq: number): number {
    return this.#sentAt[seq % windowSize] ?? 0
  }

  settle(seq: number, as: 'answered' | 'lost'): void {
    if (this.standing(seq) === 'pending') this.inFlight--
    this.#state[seq % windowSize] = as === 'answered' ? answered : lost
  }

  /** The request that has waited longest; undefined when none does. */
  oldest(): number | undefined {
    if (this.inFlight === 0) return undefined
    this.#oldest = Math.max(this.#oldest, this.last - windowSize + 1)
    while (this.standing(this.#oldest) !== 'pending') this.#oldest++
    return this.#oldest
  }
}
