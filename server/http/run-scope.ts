import type { ServerResponse } from 'node:http'
import { ToolError } from '../core/errors.ts'
import type { Api } from './api.ts'
import { Problem } from './problem.ts'

/** A run that was asked for its summary has this long to give it. */
const summaryGraceMs = 1000

/** What can end a run early: its client hangs up, its time is over, the server stops. */
export class RunScope {
  readonly #cancel = new AbortController()
  readonly #stop = new AbortController()
  readonly #dispose: () => void
  readonly #limitMs: number
  #reason: (() => Error) | undefined

  /** `stoppable`: at the time limit the run is asked for its summary first. */
  constructor(response: ServerResponse, { options: { limits }, closing }: Api, stoppable: boolean) {
    this.#limitMs = limits.runMs
    response.setTimeout(limits.stalledStreamMs)
    const onClose = () => this.#cancel.abort()
    const onClosing = () => this.#end(() => new ToolError('unavailable', 'the server is stopping'))
    let timer = setTimeout(() => {
      if (!stoppable) return this.#timeUp()
      this.#stop.abort()
      timer = setTimeout(() => this.#timeUp(), summaryGraceMs)
    }, limits.runMs)
    response.on('close', onClose)
    closing.addEventListener('abort', onClosing)
    this.#dispose = () => {
      clearTimeout(timer)
      response.off('close', onClose)
      closing.removeEventListener('abort', onClosing)
    }
    if (response.destroyed) onClose()
    if (closing.aborted) onClosing()
  }

  get signal(): AbortSignal {
    return this.#cancel.signal
  }

  get stop(): AbortSignal {
    return this.#stop.signal
  }

  /** Why the run failed, in better words where it was we who ended it. */
  explain(error: unknown): unknown {
    return this.#reason?.() ?? error
  }

  [Symbol.dispose](): void {
    this.#dispose()
  }

  #timeUp(): void {
    const limit = `${this.#limitMs / 1000} s`
    const remedy = 'ask for less in one run, or follow it with ditty on the command line, which has no such limit'
    this.#end(() => new Problem('time_limit', `a run through the API may take ${limit}`, { remedy }))
  }

  #end(reason: () => Error): void {
    this.#reason ??= reason
    this.#cancel.abort()
  }
}
