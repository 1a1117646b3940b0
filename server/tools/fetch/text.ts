import { ToolError } from '../../core/errors.ts'
import { Payload } from '../../core/payload.ts'
import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import { lastPart } from '../../net/http/url.ts'
import { type Kept, reportText } from './report.ts'
import type { EventOf, FetchEvent, Input, View } from './schema.ts'
import { Transcript } from './transcript.ts'
import { harmless, hintOf, painter, statusLine } from './words.ts'
import { writeOut } from './write-out.ts'

/** `ditty fetch`: the body on stdout; what a person wants to know beside it on stderr, when one is looking or asked for it. */
export function fetchText(input: Input, view: View, screen: Screen): Renderer<FetchEvent | Payload> {
  const kept: Kept = { attempts: [], redirects: [], tls: undefined, response: undefined, failed: undefined }
  const transcript = new Transcript(input)
  const sink = bodySink(
    fileOf(input, view),
    screen.isTerminal ? words => new ToolError('unsupported', words) : undefined,
  )
  const looked = (view.timing || screen.isTerminal) && !view.silent
  return event => {
    if (event instanceof Payload) return sink.write(event.bytes)
    keep(kept, event)
    const chunks: Chunk[] = view.verbose ? transcript.lines(event).map(line => ({ stderr: `${line}\n` })) : []
    if (event.type === 'response' && (view.include || input.method === 'HEAD'))
      chunks.push(Buffer.from(headText(event), 'latin1'))
    if (event.type !== 'summary') return chunks
    const about = looked ? reportText(kept, event, screen.columns, painter(screen.colour)) : failureText(kept, view)
    const gap = looked && !sink.endedLine ? '\n' : ''
    chunks.push(...sink.end(event.status), { stderr: `${gap}${about}` }, ...writeOut(view.writeOut, event, kept))
    return chunks.filter(chunk => typeof chunk !== 'object' || !('stderr' in chunk) || chunk.stderr !== '')
  }
}

function fileOf({ url }: Input, { output, remoteName }: View): string | undefined {
  if (output !== undefined || !remoteName) return output
  const name = lastPart(new URL(url))
  if (name === '')
    throw new ToolError('invalid_input', 'the address ends in a slash, which names no file: name one with -o')
  return name
}

function keep(kept: Kept, event: FetchEvent): void {
  if (event.type === 'connect') kept.attempts.push(event)
  else if (event.type === 'redirect') kept.redirects.push(event)
  else if (event.type === 'tls') kept.tls = event
  else if (event.type === 'response') kept.response = event
  else if (event.type === 'failed') kept.failed = event
  else if (event.type === 'request') kept.response = undefined
}

function failureText({ failed }: Kept, { silent, showError }: View): string {
  if (!failed || (silent && !showError)) return ''
  const hint = hintOf(failed)
  return `ditty fetch: ${harmless(failed.message)}${hint === null ? '' : ` (${hint})`}\n`
}

/** The head of an answer as it came. */
export const headText = (event: EventOf<'response' | 'interim'>): string =>
  `${[statusLine(event), ...event.rawHeaders.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`

export interface BodySink {
  write(bytes: Uint8Array): Chunk
  /** Creates the file of an empty body. */
  end(status: number | null): Chunk[]
  /** Whether what went to stdout ended with a line break. */
  readonly endedLine: boolean
}

const binaryWarning =
  'Warning: Binary output can mess up your terminal. Use "--output -" to send it there anyway, or "--output FILE" to save it.'

/** Only the start is looked at, as curl does: what is text so far will hardly turn. */
const lookedAtBytes = 2000

/**
 * Where a body goes: a file that was named, or stdout. `refusal`, given where stdout is a terminal: what to throw
 * for bytes that would mess it up; `-` as the file forces them through.
 */
export function bodySink(file: string | undefined, refusal?: (words: string) => ToolError): BodySink {
  let last: number | undefined
  let written = 0
  return {
    write(bytes) {
      if (file === undefined && refusal && written < lookedAtBytes && bytes.includes(0)) throw refusal(binaryWarning)
      written += bytes.length
      if (file !== undefined && file !== '-') return { file, data: bytes }
      last = bytes.at(-1)
      return bytes
    },
    end: status =>
      written > 0 || status === null || file === undefined || file === '-' ? [] : [{ file, data: new Uint8Array() }],
    get endedLine() {
      return last === undefined || last === 0x0a
    },
  }
}
