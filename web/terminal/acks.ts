/** Bytes rendered but not yet acknowledged that are worth a frame while more is coming: half the server's smallest window. */
const batchBytes = 32 * 1024
/** When nothing more comes, in ms; well under the round trip a person notices, and keystrokes don't cost a frame each. */
const idleMs = 50

/** Tells the server how far output is on the screen, so that it reads the shell no faster than that. */
export class Acks {
  readonly #send: (offset: number) => void
  #rendered = 0
  #acked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (offset: number) => void) {
    this.#send = send
  }

  /** All output before `offset` is on the screen. */
  rendered(offset: number): void {
    this.#rendered = offset
    if (offset - this.#acked >= batchBytes) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), idleMs)
  }

  /** Sends what is owed now; on a new connection the server counts from the offset asked for. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#rendered === this.#acked) return
    this.#acked = this.#rendered
    this.#send(this.#rendered)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
