import type { ServerResponse } from 'node:http'
import { Problem } from './problem.ts'

/** Characters gathered before a write; a chunk of HTTP then costs little beside what it carries. */
const gatherLimit = 1 << 15

/**
 * Streams values as one JSON line each. Lines are gathered while they come without a pause and sent as soon as the producer
 * waits; `write` waits while the client reads more slowly than we write.
 */
export class NdjsonStream {
  readonly #response: ServerResponse
  readonly #signal: AbortSignal
  #gathered = ''
  #scheduled: NodeJS.Immediate | undefined

  /** Sends the head. Once `signal` aborts, nothing is waited for any more. */
  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response
    this.#signal = signal
    response.setHeader('Content-Type', 'application/x-ndjson')
    response.flushHeaders()
  }

  async write(...values: readonly unknown[]): Promise<void> {
    for (const value of values) this.#gathered += `${JSON.stringify(value)}\n`
    if (this.#gathered.length >= gatherLimit) this.#flush()
    else this.#scheduled ??= setImmediate(() => this.#flush())
    if (this.#response.writableNeedDrain) await this.#drained()
  }

  /** The last line says why nothing more comes. A client that reads nothing at all is cut off. */
  fail(error: unknown): void {
    const { code, message, remedy, fields } = Problem.from(error)
    this.#gathered += `${JSON.stringify({ type: 'error', code, message, remedy, fields })}\n`
    this.end()
  }

  end(): void {
    const stuck = this.#response.writableNeedDrain
    this.#flush()
    this.#response.end()
    if (stuck && this.#signal.aborted) this.#response.destroy()
  }

  #flush(): void {
    clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    const text = this.#gathered
    this.#gathered = ''
    if (text !== '') this.#response.write(text)
  }

  #drained(): Promise<void> {
    const response = this.#response
    const signal = this.#signal
    return new Promise(resolve => {
      const done = () => {
        for (const name of ['drain', 'close']) response.off(name, done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      for (const name of ['drain', 'close']) response.on(name, done)
      signal.addEventListener('abort', done)
      if (signal.aborted || response.destroyed) done()
    })
  }
}
