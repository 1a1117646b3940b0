/** The first wait, in ms: a port-forward that was started again is usually there by then. */
const firstMs = 250
/** The longest wait, in ms: a person looks at the page, and one request in five seconds costs nobody anything. */
const longestMs = 5_000

/** Waits between tries: doubling, each somewhere between half and the whole, so that many pages don't come back at once. */
export class Backoff {
  #tries = 0

  nextMs(random = Math.random): number {
    const whole = Math.min(longestMs, firstMs * 2 ** this.#tries++)
    return (whole * (1 + random())) / 2
  }

  reset(): void {
    this.#tries = 0
  }
}
