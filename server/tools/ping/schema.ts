import * as z from 'zod/mini'
import { icmpReasons } from '../../linux/icmp/reason.ts'

/** Longest payload: an IPv4 packet's 65,535 bytes less its header and ICMP's. */
const maxPayloadBytes = 65_507
const maxCount = 1_000_000_000
const maxSeconds = 86_400
/**
 * Longer than the 3 s after which a kernel gives up on ARP and reports the host unreachable, which is the better answer;
 * iputils waits 10 s.
 */
const defaultTimeoutSeconds = 5

const seconds = (least: number) => z.number().check(z.minimum(least), z.maximum(maxSeconds))

export const input = z.strictObject({
  host: z.string().check(z.minLength(1), z.maxLength(255), z.describe('Name or address to probe')),
  count: z
    ._default(z.int().check(z.minimum(0), z.maximum(maxCount)), 4)
    .check(z.describe('Requests to send; 0 goes on until it is stopped')),
  intervalSeconds: z
    ._default(seconds(0), 1)
    .check(z.describe('Gap between requests; 0 sends the next as soon as the last is answered, at least 100 a second')),
  timeoutSeconds: z
    ._default(seconds(0.001), defaultTimeoutSeconds)
    .check(z.describe('How long each request waits for its reply')),
  deadlineSeconds: z
    .optional(seconds(0.001))
    .check(z.describe('End after so many seconds, or sooner, once count replies or an error have come')),
  payloadBytes: z
    ._default(z.int().check(z.minimum(0), z.maximum(maxPayloadBytes)), 56)
    .check(z.describe('Bytes of data in each request, beside the 8 of the ICMP header')),
  ttl: z
    .optional(z.int().check(z.minimum(1), z.maximum(255)))
    .check(z.describe('Time to live (IPv6: hop limit) of the requests')),
  family: z.optional(z.enum(['inet', 'inet6'])).check(z.describe('Address family, where the name has both')),
  numeric: z._default(z.boolean(), false).check(z.describe('No names for addresses that answer')),
  tcpPort: z
    .optional(z.int().check(z.minimum(1), z.maximum(65_535)))
    .check(z.describe('Measure TCP handshakes with this port instead; needs no privilege')),
})
export type PingInput = z.output<typeof input>

export const view = z.strictObject({
  quiet: z._default(z.boolean(), false).check(z.describe('Only the first line and the summary')),
})
export type PingView = z.output<typeof view>

export const lostReasons = [
  ...icmpReasons,
  'timeout',
  'refused',
  'reset',
  /** The kernel took no packet, for a reason without a word of its own; `error` has its name. */
  'send_failed',
] as const

const nullable = <Schema extends z.ZodMiniType>(schema: Schema) => z.nullable(schema)

export const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('target'),
    host: z.string(),
    address: z.string(),
    family: z.enum(['inet', 'inet6']),
    transport: z.enum(['icmp', 'tcp']),
    /** Which kind of ICMP socket was granted; null over TCP. */
    socket: nullable(z.enum(['datagram', 'raw'])),
    port: nullable(z.int()),
    payloadBytes: nullable(z.int()),
    /** The name of the address, where names are wanted and it has one. */
    peerName: nullable(z.string()),
  }),
  z.object({
    type: z.literal('reply'),
    /** From 1; unlike the 16 bits on the wire it never wraps. */
    seq: z.int(),
    peerAddress: z.string(),
    peerName: nullable(z.string()),
    /** As it arrived; null over TCP. */
    ttl: nullable(z.int()),
    rttMs: z.number(),
    /** ICMP header and data; null over TCP. */
    bytes: nullable(z.int()),
    /** Answered before: not counted again. */
    duplicate: z.boolean(),
    /** It had been given up as `timeout`, and counts as received after all. */
    late: z.boolean(),
  }),
  z.object({
    type: z.literal('lost'),
    seq: z.int(),
    reason: z.enum(lostReasons),
    /** Who said so; null when nobody did, or when it was this machine's own kernel. */
    peerAddress: nullable(z.string()),
    peerName: nullable(z.string()),
    /** In the words of ping(8) and strerror(3). */
    message: z.string(),
    /** The errno of a request that this machine's kernel did not send (`EHOSTUNREACH`: an unreachable route). */
    error: nullable(z.string()),
    /** Set when a refusal proves that the host is up, and how far away. */
    rttMs: nullable(z.number()),
  }),
  z.object({
    type: z.literal('summary'),
    transmitted: z.int(),
    /** Requests answered: duplicates count once, refused connections not at all. */
    received: z.int(),
    duplicates: z.int(),
    /** Errors that somebody reported about requests. */
    errors: z.int(),
    /** Requests that this machine's own kernel did not send. */
    unsent: z.int(),
    /** 0 to 1. */
    lossRatio: z.number(),
    /** From the first request to the last thing sent or received. */
    elapsedMs: z.number(),
    /** Most requests under way at once, as seen when one was answered. */
    pipe: z.int(),
    rttMs: nullable(
      z.object({
        min: z.number(),
        avg: z.number(),
        max: z.number(),
        /** Standard deviation, which ping(8) calls so. */
        mdev: z.number(),
        /** Moving average with a weight of 1/8 for the newest, as TCP keeps it. */
        ewma: z.number(),
      }),
    ),
  }),
])
export type PingEvent = z.output<typeof event>
export type Lost = Extract<PingEvent, { type: 'lost' }>
export type Reply = Extract<PingEvent, { type: 'reply' }>
export type Summary = Extract<PingEvent, { type: 'summary' }>
export type Target = Extract<PingEvent, { type: 'target' }>
