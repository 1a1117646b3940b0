import type { Renderer } from '../../core/tool.ts'
import { MessageText } from './message-text.ts'
import type { DnsEvent, EventOf, Input, View } from './schema.ts'
import { troubleLine, truncatedLine } from './trouble-text.ts'

/** dig's wording and layout. */
export function digText(input: Input, { short, hide }: View): Renderer<DnsEvent> {
  if (short) return shortText
  const message = new MessageText(hide)
  let banner = ''
  let statistics = ''
  const once = () => {
    const text = banner
    banner = ''
    return text
  }
  const endReply = () => {
    const text = message.endSection() + statistics
    statistics = ''
    return text
  }
  return event => {
    switch (event.type) {
      case 'resolver':
        banner = message.shows('cmd') ? bannerText(input, event) : ''
        return undefined
      case 'attempt':
        return (message.shows('comments') ? truncatedLine(event) : undefined) ?? troubleLine(event)
      case 'reply': {
        const start = endReply() + once() + (message.shows('comments') ? ';; Got answer:\n' : '')
        statistics = message.shows('stats') ? statisticsText(event, input) : ''
        return start + message.header(event) + message.edns(event) + message.question(event)
      }
      case 'summary':
        return endReply() + (event.rcode === null ? `${once()};; no servers could be reached\n` : '')
      default:
        return message.record(event)
    }
  }
}

function shortText(event: DnsEvent): string | undefined {
  if (event.type === 'answer') return `${event.data}\n`
  if (event.type === 'attempt') return troubleLine(event)
  return event.type === 'summary' && event.rcode === null ? ';; no servers could be reached\n' : undefined
}

function bannerText(input: Input, { servers }: EventOf<'resolver'>): string {
  const { server, port, reverse, name, type, class: rrclass } = input
  const query = [
    server === undefined ? '' : `@${server}`,
    port === 53 ? '' : `-p ${port}`,
    reverse ? `-x ${name}` : name,
    rrclass === 'IN' ? '' : rrclass,
    reverse ? '' : type,
  ]
  const found = `; (${servers.length} server${servers.length === 1 ? '' : 's'} found)\n`
  return `\n; <<>> ditty <<>> ${query.filter(Boolean).join(' ')}\n${server === undefined ? '' : found};; global options: +cmd\n`
}

function statisticsText({ server, port, transport, bytes, durationMs, time }: EventOf<'reply'>, input: Input): string {
  return [
    `;; Query time: ${Math.round(durationMs)} msec`,
    `;; SERVER: ${server}#${port}(${input.server ?? server}) (${transport.toUpperCase()})`,
    `;; WHEN: ${whenText(new Date(time))}`,
    `;; MSG SIZE  rcvd: ${bytes}`,
    '\n',
  ].join('\n')
}

/** `Sun Nov 22 16:40:08 UTC 2026`, in the zone of TZ; its short name comes from ICU only where it isn't UTC. */
function whenText(time: Date): string {
  const [weekday, month, day, year, clock] = time.toString().split(' ')
  const parts = time.getTimezoneOffset() === 0 ? [] : zoneParts(time)
  return `${weekday} ${month} ${day} ${clock} ${parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'} ${year}`
}

const zoneParts = (time: Date) => new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(time)
