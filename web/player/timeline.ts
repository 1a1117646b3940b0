import type { Cast } from '../../server/protocol/asciicast-reader.ts'

/** A longer silence is cut to this, in ms, where the person wants it so. */
export const idleMs = 2000

export interface Mark {
  ms: number
  label: string
}

/** When each event is shown: as it was, or with every silence cut short. */
export class Timeline {
  readonly durationMs: number
  readonly marks: Mark[]
  readonly #times: Float64Array

  constructor({ events, durationMs }: Cast, cutsIdle: boolean) {
    this.#times = new Float64Array(events.length)
    let [shown, last] = [0, 0]
    const step = (ms: number) => {
      shown += cutsIdle ? Math.min(ms - last, idleMs) : ms - last
      last = ms
      return shown
    }
    for (const [index, { ms }] of events.entries()) this.#times[index] = step(ms)
    this.durationMs = step(durationMs)
    this.marks = events.flatMap(({ code, data }, index) =>
      code === 'm' ? [{ ms: this.#times[index] as number, label: data.slice(0, 100) }] : [],
    )
  }

  /** How many events are shown by then. */
  countAt(ms: number): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#times[middle] as number) <= ms) low = middle + 1
      else high = middle
    }
    return low
  }

  /** When as many events have just been shown. */
  timeOf(count: number): number {
    return count === 0 ? 0 : (this.#times[count - 1] as number)
  }
}

/** `1:02:03`, or `2:03` below an hour. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
