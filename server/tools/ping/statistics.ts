import type { Summary } from './schema.ts'

/** Round-trip times summed up as they come (Welford's method, which keeps its digits over millions of them). */
export class RoundTrips {
  #count = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0
  #mean = 0
  #squares = 0
  #ewma = 0

  add(ms: number): void {
    this.#count++
    this.#min = Math.min(this.#min, ms)
    this.#max = Math.max(this.#max, ms)
    const distance = ms - this.#mean
    this.#mean += distance / this.#count
    this.#squares += distance * (ms - this.#mean)
    this.#ewma += this.#count === 1 ? ms : (ms - this.#ewma) / 8
  }

  /** Null before the first. */
  summary(): Summary['rttMs'] {
    if (this.#count === 0) return null
    const mdev = Math.sqrt(this.#squares / this.#count)
    return {
      min: microseconds(this.#min),
      avg: microseconds(this.#mean),
      max: microseconds(this.#max),
      mdev: microseconds(mdev),
      ewma: microseconds(this.#ewma),
    }
  }
}

/** Milliseconds to the microsecond, which is as fine as the kernel's stamps are meant. */
export const microseconds = (ms: number) => Math.round(ms * 1e3) / 1e3
