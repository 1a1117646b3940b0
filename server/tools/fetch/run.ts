import { Payload } from '../../core/payload.ts'
import { WholeCharacters } from '../../core/whole-characters.ts'
import {
  exchange,
  type HttpRequest,
  loadFor,
  type Route,
  type Step,
  type Surroundings,
} from '../../net/http/exchange.ts'
import { type Reason, TransferFailure } from '../../net/http/failure.ts'
import { fieldsOf, first, shownHeaders } from '../../net/http/headers.ts'
import type { Answer } from '../../net/http/message.ts'
import { locationOf, redirected } from '../../net/http/redirect.ts'
import { Stopwatch } from '../../net/http/timing.ts'
import { shownUrl } from '../../net/http/url.ts'
import type { ToolContext } from '../context.ts'
import { limitsOf, requestOf, routeOf } from './plan.ts'
import type { EventOf, FetchEvent, Input } from './schema.ts'
import { Seen } from './seen.ts'
import { isText } from './text-types.ts'

type Events<Result = void> = AsyncGenerator<FetchEvent | Payload, Result>

/** Fetches, hop after hop. A transport that fails is a finding; only bad certificates in the input are an error. */
export async function* runFetch(input: Input, { clock, linux, signal }: ToolContext): Events {
  const route = await routeOf(input)
  let request: HttpRequest | undefined = requestOf(input)
  await loadFor(request.url)
  const stopwatch = new Stopwatch(clock)
  const around = { clock, linux, signal, stopwatch, limits: limitsOf(input) }
  const seen = new Seen(request.url, stopwatch)
  try {
    while (request) request = yield* tryHop(request, input, route, around, seen)
  } catch (error) {
    if (!(error instanceof TransferFailure)) throw error
    yield seen.fail(error)
  }
  yield seen.summary()
}

/** Failures that may pass; wget retries the same. A refused port or an unknown name is an answer. */
const passing = new Set<Reason>(['timeout', 'reset', 'empty'])

/** wget's back-off: one second more after each attempt, up to ten. */
const longestPauseMs = 10_000

async function* tryHop(
  request: HttpRequest,
  input: Input,
  route: Route,
  around: Surroundings,
  seen: Seen,
): Events<HttpRequest | undefined> {
  for (let attempt = 1; ; attempt++) {
    await loadFor(request.url)
    try {
      return yield* hop(request, input, route, around, seen)
    } catch (error) {
      const delayMs = Math.min(attempt * 1000, longestPauseMs)
      const late = around.stopwatch.now + delayMs >= around.limits.totalMs
      const mayPass = error instanceof TransferFailure && passing.has(error.reason)
      if (!mayPass || seen.answered || late || attempt >= input.tries) throw error
      yield { type: 'retry', attempt: attempt + 1, message: error.message, delayMs }
      await around.clock.sleep(delayMs, around.signal)
      around.signal.throwIfAborted()
    }
  }
}

/** One exchange; gives the request to go on with when the answer points elsewhere. */
async function* hop(
  request: HttpRequest,
  input: Input,
  route: Route,
  around: Surroundings,
  seen: Seen,
): Events<HttpRequest | undefined> {
  seen.startHop(request.url)
  const body = new Body()
  try {
    for await (const step of exchange(request, route, around)) {
      seen.note(step)
      if (step.type === 'bytes') yield* body.pass(step.bytes)
      else if (step.type === 'sent') yield sentEvent(request, around.clock.now())
      else yield eventOf(step)
      if (step.type !== 'response') continue
      const next = input.followRedirects ? nextRequest(request, step, input, seen) : undefined
      if (next) yield redirectEvent(request, next, step.status)
      if (next) return next
      body.expect(step)
    }
  } catch (error) {
    if (error instanceof TransferFailure) yield* body.end()
    throw error
  }
  yield* body.end()
  return undefined
}

function nextRequest(request: HttpRequest, answer: Answer, input: Input, seen: Seen): HttpRequest | undefined {
  const location = locationOf(answer)
  if (location === undefined) return undefined
  if (seen.redirects >= input.maxRedirects)
    throw new TransferFailure('redirect', 'too_many_redirects', `redirected more than ${input.maxRedirects} times`)
  const next = redirected(request, answer.status, location)
  seen.redirects++
  return next
}

/** Passes bytes on, cut between characters where they are text. */
class Body {
  #characters: WholeCharacters | undefined

  expect({ headers }: Answer): void {
    if (isText(first(headers, 'content-type'), first(headers, 'content-encoding')))
      this.#characters = new WholeCharacters()
  }

  *pass(bytes: Uint8Array): Generator<Payload> {
    const whole = this.#characters?.push(bytes) ?? bytes
    if (whole.length > 0) yield new Payload(whole)
  }

  *end(): Generator<Payload> {
    const rest = this.#characters?.rest()
    if (rest && rest.length > 0) yield new Payload(rest)
  }
}

function eventOf(step: Exclude<Step, { type: 'bytes' | 'sent' }>): FetchEvent {
  if (!('status' in step)) return step
  return { ...step, headers: fieldsOf(step.headers), rawHeaders: step.headers }
}

const sentEvent = ({ url, method, headers, body }: HttpRequest, now: number): EventOf<'request'> => ({
  type: 'request',
  time: new Date(now).toISOString(),
  url: shownUrl(url),
  method,
  target: `${url.pathname}${url.search}`,
  headers: shownHeaders(headers),
  bodyBytes: body?.length ?? 0,
})

const redirectEvent = (from: HttpRequest, to: HttpRequest, status: number): EventOf<'redirect'> => ({
  type: 'redirect',
  status,
  from: shownUrl(from.url),
  to: shownUrl(to.url),
  method: to.method,
})
