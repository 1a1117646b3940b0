import * as z from 'zod/mini'
import { failureReasons } from '../../net/dns/exchange.ts'

const port = z.int().check(z.minimum(1), z.maximum(65_535))

export const input = z.strictObject({
  name: z.string().check(z.minLength(1), z.describe('Name to look up, or an address (then its PTR)')),
  type: z
    .optional(z.string())
    .check(z.describe('Record type: A (default), AAAA, MX, SRV, TXT, … or TYPE123; several as A,AAAA')),
  class: z._default(z.enum(['IN', 'CH', 'HS', 'ANY']), 'IN').check(z.describe('Record class')),
  server: z
    .optional(z.string())
    .check(z.describe('Server to ask, address or name; default: those of /etc/resolv.conf, after /etc/hosts')),
  port: z._default(port, 53).check(z.describe('Port of the server')),
  reverse: z._default(z.boolean(), false).check(z.describe('The name is an address: look up its PTR')),
  tcp: z._default(z.boolean(), false).check(z.describe('Ask over TCP; otherwise only when a UDP answer was truncated')),
  recurse: z._default(z.boolean(), true).check(z.describe('Ask the server to recurse (RD flag)')),
  timeoutSeconds: z
    .optional(z.number().check(z.gt(0), z.maximum(300)))
    .check(z.describe("Seconds to wait for each answer; default: resolv.conf's timeout")),
  tries: z
    .optional(z.int().check(z.minimum(1), z.maximum(100)))
    .check(z.describe("Rounds over the servers; default: resolv.conf's attempts")),
  search: z._default(z.boolean(), true).check(z.describe('Use the search list of resolv.conf')),
  ndots: z
    .optional(z.int().check(z.minimum(0), z.maximum(15)))
    .check(z.describe("Dots from which a name is first tried as it stands; default: resolv.conf's ndots")),
  hosts: z._default(z.boolean(), true).check(z.describe('Look in /etc/hosts first, unless a server is named')),
  edns: z._default(z.boolean(), true).check(z.describe('Send an EDNS option record')),
  bufsize: z
    ._default(z.int().check(z.minimum(512), z.maximum(65_535)), 1232)
    .check(z.describe('UDP payload in octets that EDNS announces')),
  dnssec: z._default(z.boolean(), false).check(z.describe('Ask for DNSSEC records (DO flag)')),
  firstAnswerCounts: z
    ._default(z.boolean(), false)
    .check(z.describe('Take SERVFAIL, REFUSED or NOTIMP as the answer instead of asking the next server')),
  family: z.optional(z.literal([4, 6])).check(z.describe('Ask servers over IPv4 or IPv6 only')),
})
export type Input = z.output<typeof input>

const rcode = z.string().check(z.describe('NOERROR, NXDOMAIN, SERVFAIL, …'))
const transport = z.enum(['udp', 'tcp'])
const reason = z.enum(failureReasons)
const answeredBy = { server: z.string(), port: z.int(), transport }

const record = {
  name: z.string().check(z.describe('Owner, without the final dot')),
  rrtype: z.string(),
  class: z.string(),
  ttlSeconds: z.nullable(z.int()).check(z.describe('null for an entry of /etc/hosts')),
  data: z.string().check(z.describe('Presentation form, as in a zone file')),
}

export const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('resolver').check(z.describe('How the lookup is about to go')),
    servers: z.array(z.object({ address: z.string(), port: z.int() })),
    search: z.array(z.string()),
    ndots: z.int(),
    timeoutSeconds: z.number(),
    tries: z.int(),
    source: z.nullable(z.string()).check(z.describe('The file these come from; null when the server was named')),
  }),
  z.object({
    type: z.literal('attempt'),
    ...answeredBy,
    qname: z.string(),
    qtype: z.string(),
    rcode: z.nullable(rcode),
    reason: z.optional(reason).check(z.describe('Why there is no rcode')),
    detail: z.optional(z.string()),
    truncated: z.boolean(),
    durationMs: z.number(),
  }),
  z.object({
    type: z.literal('reply').check(z.describe('The answer that counts')),
    ...answeredBy,
    id: z.int(),
    opcode: z.string(),
    rcode,
    flags: z.array(z.string()),
    question: z.nullable(z.object({ name: z.string(), type: z.string(), class: z.string() })),
    counts: z.object({ question: z.int(), answer: z.int(), authority: z.int(), additional: z.int() }),
    edns: z.nullable(
      z.object({
        version: z.int(),
        udpSize: z.int(),
        flags: z.array(z.string()),
        options: z.array(z.object({ code: z.int(), name: z.string(), data: z.string() })),
      }),
    ),
    bytes: z.int(),
    durationMs: z.number(),
    time: z.string().check(z.describe('RFC 3339, UTC')),
  }),
  z.object({ type: z.literal('answer'), ...record }),
  z.object({ type: z.literal('authority'), ...record }),
  z.object({ type: z.literal('additional'), ...record }),
  z.object({
    type: z.literal('summary'),
    rcode: z.nullable(rcode).check(z.describe('null when no server answered')),
    reason: z.optional(reason),
    answers: z.int().check(z.describe('Records in answer sections')),
    matching: z.int().check(z.describe('Those of the type asked for, so without the CNAMEs before them')),
    source: z.enum(['hosts', 'dns']),
    qname: z.string().check(z.describe('The name that was answered for')),
    server: z.nullable(z.string()),
    id: z.nullable(z.int()),
    flags: z.array(z.string()),
    bytes: z.nullable(z.int()),
    queryMs: z.nullable(z.number()).check(z.describe('Time of the query that was answered')),
    attempts: z.int(),
    totalMs: z.number(),
  }),
])
export type DnsEvent = z.output<typeof event>
export type EventOf<Type extends DnsEvent['type']> = Extract<DnsEvent, { type: Type }>

/** Parts of dig's output that +no… leaves out. */
export const parts = [
  'cmd',
  'comments',
  'question',
  'answer',
  'authority',
  'additional',
  'stats',
  'ttlid',
  'class',
] as const
export type Part = (typeof parts)[number]

export const view = z.strictObject({
  short: z._default(z.boolean(), false).check(z.describe('Only the data of the answers')),
  verbose: z._default(z.boolean(), false).check(z.describe('Whole messages: all sections and EDNS options')),
  hide: z._default(z.array(z.enum(parts)), []).check(z.describe('Part of the output to leave out')),
})
export type View = z.output<typeof view>
