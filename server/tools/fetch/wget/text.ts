import { Payload } from '../../../core/payload.ts'
import type { Chunk, Renderer } from '../../../core/tool.ts'
import { first } from '../../../net/http/headers.ts'
import { shownUrl } from '../../../net/http/url.ts'
import type { EventOf, FetchEvent, Input, Summary, View } from '../schema.ts'
import { bodySink } from '../text.ts'
import { harmless, hintOf, shownBytes, statusLine } from '../words.ts'

/** wget's ways: the body to a file, what happens to stderr. */
export function wgetText(input: Input, view: View): Renderer<FetchEvent | Payload> {
  const sink = bodySink(view.output)
  const log = new Log(input, view)
  return event => {
    if (event instanceof Payload) return log.isGood ? sink.write(event.bytes) : undefined
    const text = view.silent ? log.headers(event) : log.entry(event)
    const told: Chunk[] = text === '' ? [] : [{ stderr: text }]
    return event.type === 'summary' ? [...sink.end(log.isGood ? event.status : null), ...told] : told
  }
}

class Log {
  readonly #input: Input
  readonly #view: View
  #lookup: EventOf<'lookup'> | undefined
  #response: EventOf<'response'> | undefined
  #failed: EventOf<'failed'> | undefined
  /** The address of a hop whose first line is not yet written. */
  #opening: string | undefined

  constructor(input: Input, view: View) {
    this.#opening = shownUrl(new URL(input.url))
    this.#input = input
    this.#view = view
  }

  get isGood(): boolean {
    const status = this.#response?.status ?? 0
    return status >= 200 && status < 300
  }

  /** With -q, what -S asks for is still told. */
  headers(event: FetchEvent): string {
    if (event.type === 'response') this.#response = event
    return event.type === 'response' && this.#view.include ? headLines(event) : ''
  }

  entry(event: FetchEvent): string {
    const opening = this.#opening === undefined ? '' : `--${localTime()}--  ${harmless(this.#opening)}\n`
    this.#opening = event.type === 'redirect' ? event.to : undefined
    return `${opening}${this.#text(event)}`
  }

  #text(event: FetchEvent): string {
    switch (event.type) {
      case 'lookup':
        this.#lookup = event
        return event.source === 'literal'
          ? ''
          : `Resolving ${event.host} (${event.host})... ${event.addresses.join(', ')}\n`
      case 'connect':
        return this.#connect(event)
      case 'tls':
        return event.verified || !this.#input.insecure ? '' : `WARNING: ${problems(event)}\n`
      case 'request':
        return 'HTTP request sent, awaiting response... '
      case 'response':
        this.#response = event
        return this.#answer(event)
      case 'redirect':
        return `Location: ${harmless(event.to)} [following]\n`
      case 'retry':
        return `${harmless(event.message)}.\nRetrying, attempt ${event.attempt}.\n\n`
      case 'failed':
        this.#failed = event
        return ''
      case 'summary':
        return this.#ending(event)
      default:
        return ''
    }
  }

  #connect({ address, port, state, message }: EventOf<'connect'>): string {
    const host = this.#lookup?.source === 'literal' ? address : `${this.#lookup?.host}|${address}|`
    if (state === 'connected') return `Connecting to ${host}:${port}... connected.\n`
    return `Connecting to ${host}:${port}... failed: ${message?.slice(message.lastIndexOf(': ') + 2)}.\n`
  }

  #answer(event: EventOf<'response'>): string {
    const line = `${event.status} ${harmless(event.statusText)}\n`
    const head = this.#view.include ? headLines(event) : ''
    if (!this.isGood) return `${line}${head}`
    const length = first(event.rawHeaders, 'content-length')
    const size = length === undefined ? 'unspecified' : `${length} (${shownBytes(Number(length))})`
    const type = first(event.rawHeaders, 'content-type')
    const about = `Length: ${harmless(size)}${type === undefined ? '' : ` [${harmless(type)}]`}\n`
    return `${line}${head}${about}${this.#isSpider ? '' : `Saving to: '${this.#destination}'\n\n`}`
  }

  #ending(summary: Summary): string {
    if (this.#failed) return failureText(this.#failed, summary)
    const now = localTime()
    if (!this.isGood) {
      if (this.#isSpider && summary.status === 404) return 'Remote file does not exist -- broken link!!!\n\n'
      return `${now} ERROR ${summary.status}: ${harmless(this.#response?.statusText ?? '')}.\n\n`
    }
    if (this.#isSpider) return 'Remote file exists.\n\n'
    const seconds = (summary.timing.totalMs - (summary.timing.starttransferMs ?? 0)) / 1000
    const rate = `${shownBytes(summary.bytes / Math.max(seconds, 1e-6))}/s`
    return `${now} (${rate}) - '${this.#destination}' saved [${summary.bytes}]\n\n`
  }

  get #isSpider(): boolean {
    return this.#input.method === 'HEAD'
  }

  get #destination(): string {
    return this.#view.output === '-' ? 'STDOUT' : harmless(this.#view.output ?? '')
  }
}

function failureText(failed: EventOf<'failed'>, summary: Summary): string {
  const { phase, reason, message, host } = failed
  const hint = hintOf(failed, ['--ca-certificate', '--no-check-certificate'])
  const more = hint === null ? '' : ` (${hint})`
  if (phase === 'namelookup') {
    const why = reason === 'timeout' ? `${message}${more}` : (hint ?? message)
    return `Resolving ${host} (${host})... failed: ${harmless(why)}.\nwget: unable to resolve host address '${host}'\n`
  }
  if (reason === 'verify_failed') return `ERROR: ${harmless(message)}${more}\n`
  if (reason === 'truncated') return `Connection closed at byte ${summary.bytes}. Giving up.\n`
  if (reason === 'too_many_redirects') return `${summary.redirects} redirections exceeded.\n`
  return `wget: ${harmless(message)}${more}\n`
}

const problems = (event: EventOf<'tls'>) => event.problems.map(({ message }) => harmless(message)).join('; ')

const headLines = (event: EventOf<'response'>) =>
  [statusLine(event), ...event.rawHeaders.map(([name, value]) => `${name}: ${value}`)]
    .map(line => `  ${harmless(line)}\n`)
    .join('')

/** `2026-11-22 16:54:39`, in the zone of whoever looks. */
function localTime(): string {
  const date = new Date()
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
