import type { Projector } from './projector.ts'
import type { Timeline } from './timeline.ts'

export const speeds: readonly number[] = [0.5, 1, 2, 4, 8]

/** The clock of the player. It waits for a screen that can't follow. */
export class Playback {
  readonly #projector: Projector
  readonly #onChange: () => void
  #timeline: Timeline
  #ms = 0
  #speed = 1
  #frame: number | undefined
  #lastTick = 0

  constructor(projector: Projector, timeline: Timeline, onChange: () => void) {
    this.#projector = projector
    this.#timeline = timeline
    this.#onChange = onChange
  }

  get ms(): number {
    return this.#ms
  }

  get timeline(): Timeline {
    return this.#timeline
  }

  get isPlaying(): boolean {
    return this.#frame !== undefined
  }

  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
    this.#onChange()
  }

  /** The same recording with other silences: the place in it stays. */
  retime(timeline: Timeline): void {
    const count = this.#timeline.countAt(this.#ms)
    this.#timeline = timeline
    this.#ms = Math.min(timeline.timeOf(count), timeline.durationMs)
    this.#onChange()
  }

  /** At the end it begins anew. */
  play(): void {
    if (this.isPlaying) return
    if (this.#ms >= this.#timeline.durationMs) this.seek(0)
    this.#lastTick = performance.now()
    this.#frame = requestAnimationFrame(now => this.#tick(now))
    this.#onChange()
  }

  pause(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.#onChange()
  }

  toggle(): void {
    if (this.isPlaying) this.pause()
    else this.play()
  }

  seek(ms: number): void {
    this.#ms = Math.min(Math.max(0, ms), this.#timeline.durationMs)
    this.#show()
  }

  /** To the mark before or after this place. */
  seekMark(direction: -1 | 1): void {
    const places = [0, ...this.#timeline.marks.map(({ ms }) => ms), this.#timeline.durationMs]
    // Going back from a mark that was just passed means the one before it.
    const here = this.#ms - (direction < 0 && this.isPlaying ? 1000 : 0)
    const place = direction > 0 ? places.find(ms => ms > here) : places.findLast(ms => ms < here)
    if (place !== undefined) this.seek(place)
  }

  #tick(now: number): void {
    const passed = Math.max(0, now - this.#lastTick)
    this.#lastTick = now
    if (!this.#projector.isBusy) this.#ms = Math.min(this.#ms + passed * this.#speed, this.#timeline.durationMs)
    this.#show()
    if (this.#ms >= this.#timeline.durationMs) this.pause()
    else this.#frame = requestAnimationFrame(next => this.#tick(next))
  }

  #show(): void {
    this.#projector.show(this.#timeline.countAt(this.#ms))
    this.#onChange()
  }
}
