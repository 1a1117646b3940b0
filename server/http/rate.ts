/** Lets `burst` pass at once and `perSecond` from then on. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #level: number
  #filledAt = performance.now()

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#level = burst
  }

  /** Whether one more may pass now. */
  take(): boolean {
    const now = performance.now()
    this.#level = Math.min(this.#burst, this.#level + ((now - this.#filledAt) / 1000) * this.#perSecond)
    this.#filledAt = now
    if (this.#level < 1) return false
    this.#level--
    return true
  }
}
