/** A flood without answers sends one request in so many ms, as ping(8)'s does. */
const floodGapMs = 10
/** How much of its pace a late loop makes up for: timers are good to 1 ms, so a shorter interval needs some. */
const catchUpMs = 10
/** Least pause in ms after the kernel took no packet, be its queue full or the way barred. */
const holdMs = 10

/** When the next request is due. All times in ms of one monotonic clock. */
export class Pace {
  readonly #intervalMs: number
  #next = Number.NEGATIVE_INFINITY
  #lastSent = Number.NEGATIVE_INFINITY

  /** With an interval of 0 each request waits for the answer to the one before, but not long. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  next(inFlight: number): number {
    const isFlood = this.#intervalMs === 0 && inFlight > 0
    return isFlood ? Math.max(this.#next, this.#lastSent + floodGapMs) : this.#next
  }

  sent(now: number): void {
    this.#next = Math.max(this.#next + this.#intervalMs, now - catchUpMs)
    if (this.#lastSent === Number.NEGATIVE_INFINITY) this.#next = now + this.#intervalMs
    this.#lastSent = now
  }

  hold(now: number): void {
    this.#next = Math.max(this.#next, now + holdMs)
  }
}
