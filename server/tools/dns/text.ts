import type { Payload } from '../../core/payload.ts'
import type { Renderer, Screen } from '../../core/tool.ts'
import type { DnsEvent, EventOf, Input, Part, View } from './schema.ts'

/** `ditty dns`: each query a line as it ends, then the answers, then what it came to. */
export function text(_input: Input, view: View, { colour }: Screen): Renderer<DnsEvent | Payload> {
  const paint = colour
    ? (code: number, words: string) => `\x1b[${code}m${words}\x1b[0m`
    : (_: number, words: string) => words
  if (view.short) return event => (event.type === 'answer' ? `${event.data}\n` : undefined)
  const hidden = new Set(view.hide)
  return event => {
    const part = partOf[event.type]
    if (part && hidden.has(part)) return undefined
    switch (event.type) {
      case 'resolver':
        return searchLine(event)
      case 'attempt':
        return `${paint(colourOf(event), attemptLine(event))}\n`
      case 'reply':
        return view.verbose ? replyLines(event) : undefined
      case 'answer':
        return `${paint(1, recordLine(event))}\n`
      case 'authority':
        return `${paint(2, `; ${recordLine(event)}`)}\n`
      case 'additional':
        return view.verbose ? `${paint(2, `; ${recordLine(event)}`)}\n` : undefined
      case 'summary':
        return `${summaryLine(event)}\n`
    }
  }
}

/** What of dig's parts an event is, for those who leave some out. */
const partOf: Record<string, Part> = {
  resolver: 'cmd',
  attempt: 'comments',
  reply: 'comments',
  answer: 'answer',
  authority: 'authority',
  additional: 'additional',
  summary: 'stats',
}

const red = 31
const green = 32
const yellow = 33

function colourOf({ rcode, truncated }: EventOf<'attempt'>): number {
  if (rcode === 'NOERROR') return truncated ? yellow : green
  return rcode === 'NXDOMAIN' ? yellow : red
}

function searchLine({ search, ndots, source }: EventOf<'resolver'>): string | undefined {
  if (search.length === 0 || source === null) return undefined
  return `; ${source}: search ${search.join(' ')}, ndots ${ndots}\n`
}

/** The name stands last: its length is unknown, the others line up. */
function attemptLine(event: EventOf<'attempt'>): string {
  const { server, port, transport, qname, qtype, rcode, reason, detail, truncated, durationMs } = event
  const where = port === 53 ? server : `${server}#${port}`
  const said = rcode ?? reason ?? ''
  const time = `${durationMs.toFixed(1)} ms`
  const notes = truncated ? ' (truncated, so once more over TCP)' : rcode === null ? ` (${detail})` : ''
  return `; ${where.padEnd(15)} ${transport} ${said.padEnd(10)} ${time.padStart(11)}  ${qname} ${qtype}${notes}`
}

function replyLines({ id, flags, bytes, edns }: EventOf<'reply'>): string {
  const options = edns?.options.map(({ name, data }) => `; ${name}: ${data}\n`) ?? []
  return `; id ${id}, flags ${flags.join(' ')}, ${bytes} bytes\n${options.join('')}`
}

function recordLine({ name, ttlSeconds, rrtype, data }: EventOf<'answer' | 'authority' | 'additional'>): string {
  return `${name}  ${ttlSeconds === null ? '' : `${ttlSeconds}  `}${rrtype}  ${data}`
}

function summaryLine(summary: EventOf<'summary'>): string {
  const { rcode, reason, answers, matching, source, attempts, totalMs, qname } = summary
  if (source === 'hosts' && attempts === 0) return `; ${plural(answers, 'answer')} from /etc/hosts; no server was asked`
  const cost = `${attempts === 1 ? '1 query' : `${attempts} queries`}, ${totalMs.toFixed(1)} ms`
  if (rcode === null) return `; no server gave an answer (${reason}): ${cost}`
  const nothing = answers > 0 ? 'only aliases, no record of the type' : 'the name exists, but has no record of the type'
  const found = rcode !== 'NOERROR' || matching > 0 ? plural(answers, 'answer') : nothing
  return `; ${rcode} for ${qname}: ${found}, ${cost}`
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
