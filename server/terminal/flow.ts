import type { Audience } from './audience.ts'
import type { Limits } from './limits.ts'
import type { ReplayRing } from './replay-ring.ts'

/**
 * How far a PTY may be read. While someone looks: as far as the fastest one's window, and never over bytes it hasn't acked.
 * While nobody does: until the ring is full of what the last one hasn't acked, then not at all for `holdMs`, then without end, so
 * that a short cut loses nothing and a long one stops nobody. A new session counts as cut at offset 0.
 */
export class Flow {
  readonly #ring: ReplayRing
  readonly #audience: Audience
  readonly #limits: Limits
  readonly #onRelease: () => void
  /** How far the fastest viewer was when last seen. */
  #floor = 0
  #hold: NodeJS.Timeout | undefined
  #runsOn = false

  /** `onRelease` is called when a hold has lasted long enough. */
  constructor(ring: ReplayRing, audience: Audience, limits: Limits, onRelease: () => void) {
    this.#ring = ring
    this.#audience = audience
    this.#limits = limits
    this.#onRelease = onRelease
  }

  /** Bytes that may be read now. */
  room(): number {
    const fastest = this.#audience.fastest()
    if (fastest) {
      this.#reset()
      this.#floor = fastest.reached
      return Math.min(fastest.horizon - this.#ring.end, this.#ring.room(fastest.reached))
    }
    return this.#runsOn ? Number.POSITIVE_INFINITY : this.#ring.room(this.#floor)
  }

  /** The PTY was just paused: when nobody looks, that lasts `holdMs` at most. */
  paused(): void {
    if (this.#hold || this.#runsOn || this.#audience.fastest()) return
    this.#hold = setTimeout(() => {
      this.#runsOn = true
      this.#onRelease()
    }, this.#limits.holdMs)
  }

  close(): void {
    clearTimeout(this.#hold)
  }

  #reset(): void {
    clearTimeout(this.#hold)
    this.#hold = undefined
    this.#runsOn = false
  }
}
