import type { Step } from '../../net/http/exchange.ts'
import type { TransferFailure } from '../../net/http/failure.ts'
import { first } from '../../net/http/headers.ts'
import type { Answer } from '../../net/http/message.ts'
import { locationOf } from '../../net/http/redirect.ts'
import type { Stopwatch } from '../../net/http/timing.ts'
import { hostOf, portOf, shownUrl } from '../../net/http/url.ts'
import type { EventOf, Summary } from './schema.ts'

const ofOneHop = {
  answer: undefined as Answer | undefined,
  connection: undefined as EventOf<'connect'> | undefined,
  verifyResult: null as number | null,
  bytes: 0,
}

/** What the summary tells: the last hop's facts, and what happened over all of them. */
export class Seen {
  redirects = 0
  #hop = ofOneHop
  #url: URL
  #failure: TransferFailure | undefined
  readonly #stopwatch: Stopwatch

  constructor(url: URL, stopwatch: Stopwatch) {
    this.#url = url
    this.#stopwatch = stopwatch
  }

  startHop(url: URL): void {
    this.#url = url
    this.#hop = { ...ofOneHop }
  }

  note(step: Step): void {
    if (step.type === 'connect' && step.state === 'connected') this.#hop.connection = step
    else if (step.type === 'tls') this.#hop.verifyResult = step.problems[0]?.number ?? 0
    else if (step.type === 'response') this.#hop.answer = step
    else if (step.type === 'bytes') this.#hop.bytes += step.bytes.length
  }

  /** Whether an answer has begun, so that asking again would show it twice. */
  get answered(): boolean {
    return this.#hop.answer !== undefined
  }

  fail(failure: TransferFailure): EventOf<'failed'> {
    this.#failure = failure
    const { phase, reason, message, code, hint } = failure
    const to = { host: hostOf(this.#url), port: portOf(this.#url) }
    return { type: 'failed', phase, reason, message, code: code ?? null, hint: hint ?? null, ...to }
  }

  summary(): Summary {
    const { answer, connection, verifyResult, bytes } = this.#hop
    return {
      type: 'summary',
      status: answer?.status ?? null,
      httpVersion: answer?.httpVersion ?? null,
      bytes,
      url: shownUrl(this.#url),
      redirects: this.redirects,
      redirectUrl: this.#redirectUrl(answer),
      contentType: (answer && first(answer.headers, 'content-type')) ?? null,
      remoteAddress: connection?.address ?? null,
      remotePort: connection?.port ?? null,
      localAddress: connection?.localAddress ?? null,
      localPort: connection?.localPort ?? null,
      tlsVerifyResult: verifyResult,
      failure: this.#failureFacts(),
      timing: this.#stopwatch.timing,
    }
  }

  #redirectUrl(answer: Answer | undefined): string | null {
    const location = answer && locationOf(answer)
    if (location === undefined || !URL.canParse(location, this.#url.href)) return null
    return shownUrl(new URL(location, this.#url))
  }

  #failureFacts(): Summary['failure'] {
    if (!this.#failure) return null
    const { phase, reason, message } = this.#failure
    return { phase, reason, message }
  }
}
