import type { Clock } from '../../core/context.ts'

/** When each step of the last hop was reached, in milliseconds from the start of the run; null when it wasn't. */
export interface Timing {
  /** When the last hop began: what the redirects, or the attempts before it, took. 0 when there were none. */
  redirectMs: number
  namelookupMs: number | null
  connectMs: number | null
  /** TLS agreed; null also where there is none. */
  appconnectMs: number | null
  starttransferMs: number | null
  totalMs: number
}

type Marks = Omit<Timing, 'totalMs'>

/** Marks the steps of one hop. With redirects the marks of the last hop stand, still counted from the run's start. */
export class Stopwatch {
  #started: number
  readonly #clock: Clock
  #marks: Marks | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#started = clock.monotonic()
  }

  /** Milliseconds since the start, to the microsecond. */
  get now(): number {
    return this.#since(this.#clock.monotonic())
  }

  /** When it has run for `ms`, on the monotonic clock. */
  at(ms: number): number {
    return this.#started + ms
  }

  /** The first hop starts the watch anew: what was made ready before it is none of its steps. */
  startHop(): void {
    if (!this.#marks) this.#started = this.#clock.monotonic()
    this.#marks = { ...notReached, redirectMs: this.#marks ? this.now : 0 }
  }

  /** `at`: when the event came, on the monotonic clock, where that is known better than by now. */
  mark(step: keyof Marks, at = this.#clock.monotonic()): void {
    this.#marks = { ...(this.#marks ?? notReached), [step]: this.#since(at) }
  }

  get timing(): Timing {
    return { ...(this.#marks ?? notReached), totalMs: this.now }
  }

  #since(at: number): number {
    return Math.round((at - this.#started) * 1000) / 1000
  }
}

const notReached: Marks = {
  redirectMs: 0,
  namelookupMs: null,
  connectMs: null,
  appconnectMs: null,
  starttransferMs: null,
}
