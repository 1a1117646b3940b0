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

  constructor(status: Status, retry: () => void) {
    this.#status = status
    this.#retry = retry
  }

  lost(stopped: boolean): void {
    if (stopped) this.#hasStopped = true
    if (stopped) this.#say()
    else this.#timer ??= setTimeout(() => this.#say(), quietMs)
  }

  /** The connection is back, or there is nothing more to try. */
  over(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#hasStopped = false
  }

  #say(): void {
    const message = this.#hasStopped ? words.stopped : words.lost
    this.#status.show('lost', message, { label: words.retry, run: this.#retry })
  }
}
