import { Problem } from './problem.ts'

/** So many runs at once, and no queue behind them: whoever comes too many is told to come again. */
export class Slots {
  readonly #limit: number
  #taken = 0
  #onDrained: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs `work` in a slot. Throws Problem `too_many_requests` when none is free. */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken >= this.#limit)
      throw new Problem('too_many_requests', `${this.#limit} runs are under way, and no more are taken`, {
        headers: { 'Retry-After': '1' },
        remedy: 'wait for one to end, or hang up on one',
      })
    this.#taken++
    try {
      return await work()
    } finally {
      this.#taken--
      if (this.#taken === 0) for (const notify of this.#onDrained.splice(0)) notify()
    }
  }

  /** Resolves when no run is left. */
  drained(): Promise<void> {
    return this.#taken === 0 ? Promise.resolve() : new Promise(resolve => this.#onDrained.push(resolve))
  }
}
