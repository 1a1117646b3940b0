import { Payload } from '../../../core/payload.ts'
import type { Chunk, Renderer, Screen } from '../../../core/tool.ts'
import { first } from '../../../net/http/headers.ts'
import type { EventOf, FetchEvent, Input, Summary, View } from '../schema.ts'
import { bodySink, headText } from '../text.ts'
import { Transcript } from '../transcript.ts'
import { harmless, hintOf } from '../words.ts'
import { writeOut } from '../write-out.ts'
import { CurlError, failureStatus } from './error.ts'

interface Facts {
  connect: EventOf<'connect'> | undefined
  response: EventOf<'response'> | undefined
  failed: EventOf<'failed'> | undefined
}

/** curl's ways: body (and head, with -i and -I) to stdout or -o, the conversation (-v) and errors to stderr, then -w. */
export function curlText(input: Input, view: View, screen: Screen): Renderer<FetchEvent | Payload> {
  const facts: Facts = { connect: undefined, response: undefined, failed: undefined }
  const transcript = new Transcript(input)
  const sink = bodySink(view.output, screen.isTerminal ? words => new CurlError(23, words, 'unsupported') : undefined)
  const showsHead = view.include || input.method === 'HEAD'
  const isBad = () => input.failOnStatus && (facts.response?.status ?? 0) >= 400
  return event => {
    if (event instanceof Payload) return isBad() ? undefined : sink.write(event.bytes)
    keep(facts, event)
    const chunks: Chunk[] = view.verbose ? transcript.lines(event).map(line => ({ stderr: `${line}\n` })) : []
    if (showsHead && (event.type === 'response' || event.type === 'interim') && !isBad())
      chunks.push(sink.write(Buffer.from(headText(event), 'latin1')))
    if (event.type === 'summary')
      chunks.push(...ending(event, input, view, facts), ...sink.end(isBad() ? null : event.status))
    return chunks
  }
}

function keep(facts: Facts, event: FetchEvent): void {
  if (event.type === 'connect') facts.connect = event
  else if (event.type === 'response') facts.response = event
  else if (event.type === 'failed') facts.failed = event
}

function ending(summary: Summary, input: Input, view: View, facts: Facts): Chunk[] {
  const [status, message] = errorOf(summary, input, facts)
  const told = status !== 0 && (!view.silent || view.showError)
  return [
    ...(told ? [{ stderr: `curl: (${status}) ${harmless(message)}\n` }] : []),
    ...writeOut(view.writeOut, summary, facts, { exitcode: String(status), errormsg: message }),
  ]
}

function errorOf(summary: Summary, input: Input, facts: Facts): [status: number, message: string] {
  const status = failureStatus(summary)
  if (facts.failed) return [status, messageOf(facts.failed, summary, input, facts)]
  if (input.failOnStatus && (summary.status ?? 0) >= 400)
    return [22, `The requested URL returned error: ${summary.status}`]
  return [0, '']
}

/** curl's words, then ours where they tell more. */
function messageOf(failed: EventOf<'failed'>, summary: Summary, { maxRedirects }: Input, facts: Facts): string {
  const { phase, reason, message, host, port } = failed
  const meaning = hintOf(failed)
  const hint = meaning === null ? '' : ` (${meaning})`
  const tookMs = Math.round(summary.timing.totalMs)
  if (reason === 'timeout' && phase !== 'connect') return timeoutMessage(failed, summary)
  switch (`${phase} ${reason}`) {
    case 'connect timeout':
      return `Connection timed out after ${tookMs} milliseconds${hint}`
    case 'tls verify_failed':
      return `${verifyMessage(failed)}${hint}`
    case 'receive empty':
      return `Empty reply from server${hint}`
    case 'receive reset':
      return 'Recv failure: Connection reset by peer'
    case 'receive truncated':
      return truncatedMessage(summary, facts)
    case 'receive not_http':
      return `Received HTTP/0.9 when not allowed: ${message}`
    case 'redirect too_many_redirects':
      return `Maximum (${maxRedirects}) redirects followed`
  }
  if (phase !== 'connect') return `${message}${hint}`
  const why = message.slice(message.lastIndexOf(': ') + 2)
  return `Failed to connect to ${host} port ${port} after ${tookMs} ms: ${why}${hint}`
}

function timeoutMessage({ phase }: EventOf<'failed'>, { timing, bytes }: Summary): string {
  const tookMs = Math.round(timing.totalMs)
  if (phase === 'namelookup') return `Resolving timed out after ${tookMs} milliseconds`
  if (phase === 'tls') return `SSL connection timeout after ${tookMs} milliseconds`
  return `Operation timed out after ${tookMs} milliseconds with ${bytes} bytes received`
}

function verifyMessage({ code, host, message }: EventOf<'failed'>): string {
  const words = message.slice(message.indexOf(': ') + 2)
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return `SSL certificate problem: ${words}`
  const isFor = words.slice(words.indexOf(': ') + 2)
  return `SSL: no alternative certificate subject name matches target host name '${host}': ${isFor}`
}

function truncatedMessage({ bytes }: Summary, { response }: Facts): string {
  const length = response && first(response.rawHeaders, 'content-length')
  if (length === undefined) return 'transfer closed with outstanding read data remaining'
  return `transfer closed with ${Number(length) - bytes} bytes remaining to read`
}
