import type { Status } from '../page/status.ts'
import { words } from '../words.ts'

/** A cut shorter than this, in ms, is not worth a word. */
const quietMs = 400

/** Says that the connection is cut, once that has lasted; at once where the server said that it stops. */
export class CutNotice {
  readonly #status: Status
  readonly #retry: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #hasStopped = false
  #hasLostInput = false

  constructor(status: Status, retry: () => void) {
    this.#status = status
    this.#retry = retry
  }

  lost(stopped: boolean): void {
    if (stopped) this.#hasStopped = true
    if (stopped) this.#say()
    else this.#timer ??= setTimeout(() => this.#say(), quietMs)
  }

  /** What was typed was too long to be kept meanwhile. */
  inputLost(): void {
    this.#hasLostInput = true
    this.#say()
  }

  /** The connection is back, or there is nothing more to try. Gives what a person must still know then. */
  over(): string {
    const left = this.#hasLostInput ? words.inputLost : ''
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#hasStopped = false
    this.#hasLostInput = false
    return left
  }

  #say(): void {
    const why = this.#hasStopped ? words.stopped : words.lost
    this.#status.show('lost', this.#hasLostInput ? words.inputLost : why, { label: words.retry, run: this.#retry })
  }
}
