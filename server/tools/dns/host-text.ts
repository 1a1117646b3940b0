import type { Renderer } from '../../core/tool.ts'
import { rcodeNumber } from '../../net/dns/registries.ts'
import { MessageText } from './message-text.ts'
import type { DnsEvent, EventOf, Input, View } from './schema.ts'
import { troubleLine } from './trouble-text.ts'

/** What host(1) asks for when no type is named. */
export const usualTypes = 'A,AAAA,MX'

const phrases: Record<string, string> = {
  A: 'has address',
  AAAA: 'has IPv6 address',
  NS: 'name server',
  CNAME: 'is an alias for',
  PTR: 'domain name pointer',
  HINFO: 'has host information',
  MX: 'mail is handled by',
  TXT: 'descriptive text',
  KEY: 'has key',
  SIG: 'has signature',
  LOC: 'location',
}

/** host's wording: a sentence for each record, or with -v whole messages. */
export function hostText(input: Input, { verbose }: View): Renderer<DnsEvent> {
  let introduction = input.server === undefined ? undefined : input.server
  const introduce = ({ server, port }: EventOf<'reply'>) => {
    const text =
      introduction && `Using domain server:\nName: ${introduction}\nAddress: ${server}#${port}\nAliases: \n\n`
    introduction = undefined
    return text ?? ''
  }
  const body = verbose ? messages(input) : sentences(input)
  return event => {
    if (event.type === 'attempt') return body(event) + (troubleLine(event) ?? '')
    if (event.type === 'reply') return introduce(event) + body(event)
    if (event.type === 'summary') return body(event) + (event.rcode === null ? ';; no servers could be reached\n' : '')
    return body(event)
  }
}

type Body = (event: DnsEvent) => string

/** A record is told once: each type's answer brings the same aliases along. */
function sentences(input: Input): Body {
  const told = new Set<string>()
  return event => {
    if (event.type === 'reply') return replySentence(input, event)
    if (event.type !== 'answer') return ''
    const sentence = `${event.name} ${phrases[event.rrtype] ?? `has ${event.rrtype} record`} ${event.data}\n`
    if (told.has(sentence)) return ''
    told.add(sentence)
    return sentence
  }
}

function replySentence(input: Input, event: EventOf<'reply'>): string {
  const { rcode, counts, question } = event
  if (rcode !== 'NOERROR') return notFound(input, event)
  const isUsual = input.type === usualTypes
  return counts.answer === 0 && !isUsual ? `${question?.name ?? input.name} has no ${question?.type} record\n` : ''
}

function notFound({ name, type }: Input, { rcode, question }: EventOf<'reply'>): string {
  const isReverse = type === undefined
  const asked = isReverse ? `${question?.name}.` : rcode === 'NXDOMAIN' ? name : question?.name
  return `Host ${asked} not found: ${rcodeNumber(rcode) ?? ''}(${rcode})\n`
}

function messages(input: Input): Body {
  const message = new MessageText()
  let received = ''
  const end = () => {
    const text = message.endSection() + received
    received = ''
    return text
  }
  return event => {
    if (event.type === 'summary') return end()
    if (event.type === 'attempt') return `${end()}Trying "${event.qname}"\n`
    if (event.type === 'answer' || event.type === 'authority' || event.type === 'additional')
      return message.record(event)
    if (event.type !== 'reply') return ''
    const { bytes, server, port, durationMs } = event
    received = `Received ${bytes} bytes from ${server}#${port} in ${Math.round(durationMs)} ms\n`
    if (event.rcode !== 'NOERROR') return notFound(input, event)
    return message.header(event) + message.question(event)
  }
}
