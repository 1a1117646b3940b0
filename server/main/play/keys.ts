import { ReadStream } from 'node:tty'

/** How it ended: all was shown, `q`, or Ctrl-C. */
export type PlayEnd = 'shown' | 'quit' | 'interrupted'

/** The keys of a terminal while something plays: space, q, Ctrl-C; all else, such as answers of the terminal, is passed over. */
export class PlayKeys {
  readonly #input: ReadStream | undefined
  #pausedAt: number | undefined
  #pausedMs = 0
  #end: PlayEnd | undefined
  #wake: (() => void) | undefined

  /** `input` is standard input; without a terminal there are no keys. */
  constructor(input: NodeJS.ReadStream) {
    if (!(input instanceof ReadStream)) return
    this.#input = input
    input.setRawMode(true)
    input.on('data', bytes => this.#press(String(bytes)))
  }

  /** Resolves at `dueMs` of the time that passed unpaused since `startMs`, or with how it was ended before. */
  async until(dueMs: number, startMs: number): Promise<PlayEnd | undefined> {
    for (;;) {
      const left = this.#pausedAt === undefined ? dueMs - (performance.now() - startMs - this.#pausedMs) : undefined
      if (this.#end || (left !== undefined && left <= 0)) return this.#end
      await this.#sleep(left)
    }
  }

  quit(): void {
    this.#end = 'quit'
    this.#wake?.()
  }

  close(): void {
    this.#input?.setRawMode(false)
    this.#input?.pause()
  }

  /** Until a key is pressed, `ms` at most. */
  #sleep(ms: number | undefined): Promise<void> {
    return new Promise(resolve => {
      // A timer of Node holds 2^31 ms.
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, 1e9))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Keys typed fast come together; what a terminal answers by itself begins with ESC. */
  #press(typed: string): void {
    if (typed.startsWith('\x1b')) return
    for (const key of typed) {
      if (key === ' ') this.#togglePause()
      else if (key === 'q') this.#end = 'quit'
      else if (key === '\x03') this.#end = 'interrupted'
    }
    this.#wake?.()
  }

  #togglePause(): void {
    const now = performance.now()
    if (this.#pausedAt !== undefined) this.#pausedMs += now - this.#pausedAt
    this.#pausedAt = this.#pausedAt === undefined ? now : undefined
  }
}
