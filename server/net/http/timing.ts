import type { Clock } from '../../core/context.ts'

/** When each step was reached, in milliseconds from the start of the run, as curl's `time_*`; null when it wasn't. */
export interface Timing {
  namelookupMs: number | null
  connectMs: number | null
  /** TLS agreed; null also where there is none. */
  appconnectMs: number | null
  starttransferMs: number | null
  totalMs: number
}

/** Marks the steps of one hop. With redirects the marks of the last hop stand, still counted from the run's start. */
export class Stopwatch {
  readonly #started: number
  readonly #clock: Clock
  #marks: Omit<Timing, 'totalMs'> = notReached

  constructor(clock: Clock) {
    this.#clock = clock
    this.#started = clock.monotonic()
  }

  /** Milliseconds since the start, to the microsecond. */
  get now(): number {
    return Math.round((this.#clock.monotonic() - this.#started) * 1000) / 1000
  }

  /** When it has run for `ms`, on the monotonic clock. */
  at(ms: number): number {
    return this.#started + ms
  }

  startHop(): void {
    this.#marks = notReached
  }

  mark(step: keyof Omit<Timing, 'totalMs'>): void {
    this.#marks = { ...this.#marks, [step]: this.now }
  }

  get timing(): Timing {
    return { ...this.#marks, totalMs: this.now }
  }
}

const notReached = { namelookupMs: null, connectMs: null, appconnectMs: null, starttransferMs: null }
