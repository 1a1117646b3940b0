/**
 * What is asked of a run that goes on, by whoever watches it: at first its input, later what a key made of it. A tool that can be
 * steered asks for `wish` at each turn and lets `changed` end its waits; any other runs on as it was begun.
 */
export class Steering {
  /** The input that is wanted by now; of the tool's own type. */
  wish: unknown
  /** Somebody does not want to wait for the next look. */
  isHurried = false
  #wake = Promise.withResolvers<void>()

  constructor(wish: unknown) {
    this.wish = wish
  }

  steer(wish: unknown): void {
    this.wish = wish
    this.#change()
  }

  hurry(): void {
    this.isHurried = true
    this.#change()
  }

  /** Resolves at the next change. */
  get changed(): Promise<void> {
    return this.#wake.promise
  }

  #change(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers<void>()
  }
}
