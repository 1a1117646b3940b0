import type { EventOf, Part } from './schema.ts'

type Section = 'answer' | 'authority' | 'additional'

/** Columns at which a record's TTL, class, type and data start, by what is shown: those of dig.c. */
interface Columns {
  ttl: number
  rrclass: number
  rrtype: number
  data: number
}

const tabWidth = 8

/** A DNS message in the layout that dig and `host -v` share. */
export class MessageText {
  readonly #hidden: ReadonlySet<Part>
  readonly #columns: Columns
  #section: Section | undefined

  constructor(hidden: readonly Part[] = []) {
    this.#hidden = new Set(hidden)
    this.#columns = columnsFor(this.shows('ttlid'), this.shows('class'))
  }

  shows(part: Part): boolean {
    return !this.#hidden.has(part)
  }

  header({ opcode, rcode, id, flags, counts }: EventOf<'reply'>): string {
    if (!this.shows('comments')) return ''
    const shownFlags = flags.map(flag => ` ${flag}`).join('')
    const { question, answer, authority, additional } = counts
    const sizes = `QUERY: ${question}, ANSWER: ${answer}, AUTHORITY: ${authority}, ADDITIONAL: ${additional}`
    const first = `;; ->>HEADER<<- opcode: ${opcode}, status: ${rcode}, id: ${id}\n;; flags:${shownFlags}; ${sizes}\n`
    const noRecursion = flags.includes('rd') && !flags.includes('ra')
    return `${first}${noRecursion ? ';; WARNING: recursion requested but not available\n' : ''}\n`
  }

  edns({ edns }: EventOf<'reply'>): string {
    if (!edns || !this.shows('comments')) return ''
    const flags = edns.flags.map(flag => ` ${flag}`).join('')
    const first = `;; OPT PSEUDOSECTION:\n; EDNS: version: ${edns.version}, flags:${flags}; udp: ${edns.udpSize}\n`
    return first + edns.options.map(({ name, data }) => `; ${name}: ${data}\n`).join('')
  }

  question({ question }: EventOf<'reply'>): string {
    if (!question || !this.shows('question')) return ''
    const { name, type } = question
    const { rrclass, rrtype } = this.#columns
    const line = `;${at(at(dotted(name), rrclass, question.class), rrtype, type)}`
    return this.shows('comments') ? `;; QUESTION SECTION:\n${line}\n\n` : `${line}\n`
  }

  record(event: EventOf<Section>): string {
    if (!this.shows(event.type)) return ''
    const isFirst = this.#section !== event.type
    const title = isFirst && this.shows('comments') ? `;; ${event.type.toUpperCase()} SECTION:\n` : ''
    const end = isFirst ? this.endSection() : ''
    this.#section = event.type
    return `${end}${title}${this.#line(event)}\n`
  }

  /** The blank line after a section, once nothing more comes. */
  endSection(): string {
    const wasOpen = this.#section !== undefined && this.shows('comments')
    this.#section = undefined
    return wasOpen ? '\n' : ''
  }

  #line({ name, ttlSeconds, class: rrclass, rrtype, data }: EventOf<Section>): string {
    const columns = this.#columns
    let line = dotted(name)
    if (this.shows('ttlid')) line = at(line, columns.ttl, String(ttlSeconds))
    if (this.shows('class')) line = at(line, columns.rrclass, rrclass)
    return at(at(line, columns.rrtype, rrtype), columns.data, data)
  }
}

export const dotted = (name: string) => (name.endsWith('.') ? name : `${name}.`)

function columnsFor(ttl: boolean, rrclass: boolean): Columns {
  if (ttl && rrclass) return { ttl: 24, rrclass: 32, rrtype: 40, data: 48 }
  if (ttl || rrclass) return { ttl: 24, rrclass: 24, rrtype: 32, data: 40 }
  return { ttl: 24, rrclass: 24, rrtype: 24, data: 32 }
}

/** `text` at that column with tabs before it, as BIND indents (lib/dns/masterdump.c); at least one blank lies between. */
function at(line: string, column: number, text: string): string {
  const from = widthOf(line)
  const to = Math.max(column, from + 1)
  const tabs = Math.floor(to / tabWidth) - Math.floor(from / tabWidth)
  const reached = tabs > 0 ? Math.floor(to / tabWidth) * tabWidth : from
  return `${line}${'\t'.repeat(tabs)}${' '.repeat(to - reached)}${text}`
}

function widthOf(line: string): number {
  let width = 0
  for (const character of line) width = character === '\t' ? (Math.floor(width / tabWidth) + 1) * tabWidth : width + 1
  return width
}
