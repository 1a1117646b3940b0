import type { Clock } from '../../core/context.ts'
import { type Phase, TransferFailure } from './failure.ts'

export interface Limits {
  /** For the name, the connection and TLS together, of each hop. */
  connectMs: number
  /** For the whole run, redirects included. */
  totalMs: number
  /** Without one byte from the other side while its answer is awaited. */
  idleMs: number
}

/**
 * Watches over one exchange: its signal aborts with a TransferFailure `timeout` of the phase that took too long, or with the
 * caller's own reason. Dispose it when the exchange is over.
 */
export class Deadlines implements Disposable {
  phase: Phase = 'namelookup'
  readonly signal: AbortSignal
  readonly #expired = new AbortController()
  readonly #done = new AbortController()
  readonly #clock: Clock
  readonly #what: string
  #lastByte = 0
  #paused = false

  /** `endsAt`: when the whole run must be over, on the monotonic clock. `what`: who is waited for, in messages. */
  constructor(what: string, limits: Limits, endsAt: number, clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.#what = what
    this.signal = AbortSignal.any([signal, this.#expired.signal])
    const seconds = limits.totalMs / 1000
    this.#after(endsAt - clock.monotonic(), () => this.#expire(`not done after ${seconds} s in all`, undefined))
    this.#after(limits.connectMs, () => {
      if (isConnecting(this.phase))
        this.#expire(`no ${awaited[this.phase]} after ${limits.connectMs / 1000} s`, hints[this.phase])
    })
  }

  /** From now on a silence of `idleMs` is too long. */
  watchSilence(idleMs: number): void {
    this.sawBytes()
    this.#checkSilence(idleMs, idleMs)
  }

  sawBytes(): void {
    this.#lastByte = this.#clock.monotonic()
  }

  /** The silence is ours: what came is not yet taken. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.sawBytes()
  }

  #checkSilence(waitMs: number, idleMs: number): void {
    this.#after(waitMs, () => {
      const left = this.#lastByte + idleMs - this.#clock.monotonic()
      if (this.#paused) this.#checkSilence(idleMs, idleMs)
      else if (left > 0) this.#checkSilence(left, idleMs)
      else this.#expire(`nothing came for ${idleMs / 1000} s`, hints[this.phase])
    })
  }

  #after(ms: number, act: () => void): void {
    const { signal } = this.#done
    void this.#clock.sleep(Math.max(0, ms), signal).then(() => {
      if (!signal.aborted) act()
    })
  }

  #expire(words: string, hint: string | undefined): void {
    const more = hint === undefined ? {} : { hint }
    this.#expired.abort(new TransferFailure(this.phase, 'timeout', `${this.#what}: ${words}`, more))
  }

  [Symbol.dispose](): void {
    this.#done.abort()
  }
}

const awaited = { namelookup: 'address', connect: 'connection', tls: 'TLS agreement' }

const isConnecting = (phase: Phase): phase is keyof typeof awaited => phase in awaited

const hints: Partial<Record<Phase, string>> = {
  namelookup: 'the nameservers may be unreachable; ditty dns shows each attempt',
  connect: 'no answer at all: a firewall or NetworkPolicy may drop the packets',
  tls: 'the port is open but does not answer TLS',
  receive: 'the server took the request and is silent',
}
