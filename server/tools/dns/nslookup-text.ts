import type { Renderer } from '../../core/tool.ts'
import { withoutFinalDot } from '../../net/dns/exchange.ts'
import { typeNumber } from '../../net/dns/registries.ts'
import type { DnsEvent, EventOf, Input } from './schema.ts'
import { troubleLine, truncatedLine } from './trouble-text.ts'

type RecordEvent = EventOf<'answer' | 'authority' | 'additional'>

/** nslookup's wording. Addresses go without the authority, everything else names it. */
export function nslookupText(input: Input): Renderer<DnsEvent> {
  const told = new Set<string>()
  let replies = 0
  let authority = ''
  const tellOnce = (line: string) => {
    if (told.has(line)) return undefined
    told.add(line)
    return line
  }
  return event => {
    switch (event.type) {
      case 'attempt':
        return attemptLine(event)
      case 'reply':
        return replies++ === 0 ? replyStart(input, event) : undefined
      case 'answer':
        return tellOnce(answerLine(event))
      case 'authority':
      case 'additional':
        authority += authorityLine(event)
        return undefined
      case 'summary':
        return summaryLines(input, event, authority)
    }
    return undefined
  }
}

const isReverse = ({ type }: Input) => type === undefined
const isAddresses = ({ type }: Input) => type !== undefined && /^(a|aaaa)(,|$)/i.test(type)

function attemptLine(event: EventOf<'attempt'>): string {
  const failed = event.rcode === 'SERVFAIL' ? `;; Got SERVFAIL reply from ${event.server}\n` : ''
  return failed + (truncatedLine(event) ?? troubleLine(event) ?? '')
}

function summaryLines(input: Input, { rcode, answers }: EventOf<'summary'>, authority: string): string {
  if (rcode === null) return ';; no servers could be reached\n\n'
  if (rcode !== 'NOERROR') return '\n'
  const nothing = answers === 0 ? `*** Can't find ${input.name}: No answer\n` : ''
  return `${nothing}${isAddresses(input) ? '' : `\nAuthoritative answers can be found from:\n${authority}`}\n`
}

function replyStart(input: Input, event: EventOf<'reply'>): string {
  const { name, server: named } = input
  const { rcode, flags, question, server, port } = event
  const where = isReverse(input) ? '' : `Server:\t\t${named ?? server}\nAddress:\t${server}#${port}\n\n`
  const asked = rcode === 'NXDOMAIN' && !isReverse(input) ? name : question?.name
  if (rcode !== 'NOERROR') return `${where}** server can't find ${asked}: ${rcode}\n`
  return `${where}${isReverse(input) || flags.includes('aa') ? '' : 'Non-authoritative answer:\n'}`
}

const phrases: Record<string, string> = {
  CNAME: 'canonical name',
  MX: 'mail exchanger',
  NS: 'nameserver',
  PTR: 'name',
  TXT: 'text',
  SRV: 'service',
  HINFO: 'hinfo',
}

function answerLine(event: RecordEvent): string {
  const { name, rrtype, data } = event
  if (rrtype === 'A' || rrtype === 'AAAA') return `Name:\t${name}\nAddress: ${data}\n`
  if (rrtype === 'SOA') return soaLines(event)
  return `${name}\t${phrases[rrtype] ?? `rdata_${typeNumber(rrtype)}`} = ${data}\n`
}

function authorityLine(event: RecordEvent): string {
  if (event.rrtype === 'A') return `${event.name}\tinternet address = ${event.data}\n`
  if (event.rrtype === 'AAAA') return `${event.name}\thas AAAA address ${event.data}\n`
  return answerLine(event)
}

function soaLines({ name, data }: RecordEvent): string {
  const values = data.split(' ').map(withoutFinalDot)
  const titles = ['origin', 'mail addr', 'serial', 'refresh', 'retry', 'expire', 'minimum']
  return `${name}\n${titles.map((title, at) => `\t${title} = ${values[at]}\n`).join('')}`
}
