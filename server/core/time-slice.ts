import type { RunContext } from './context.ts'

/** Milliseconds of work between two turns of the event loop: a keystroke in a terminal beside waits no longer than this. */
const sliceMs = 5

/** Cuts long synchronous work into slices: `if (slice.due) await slice.turn()`. */
export class TimeSlice {
  readonly #clock: RunContext['clock']
  readonly #signal: AbortSignal
  #sliceEnd: number

  constructor({ clock, signal }: Pick<RunContext, 'clock' | 'signal'>) {
    this.#clock = clock
    this.#signal = signal
    this.#sliceEnd = clock.monotonic() + sliceMs
  }

  get due(): boolean {
    return this.#clock.monotonic() >= this.#sliceEnd
  }

  /** Lets everything else run once. Throws when the run was cancelled meanwhile. */
  async turn(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.#signal.throwIfAborted()
    this.#sliceEnd = this.#clock.monotonic() + sliceMs
  }
}
