import type { Clock } from '../../core/context.ts'
import { errnoOf } from '../../linux/linux.ts'
import { decodeMessage, type Message } from './message.ts'
import type { Query } from './query.ts'
import { Malformed } from './wire-reader.ts'

export interface ServerAddress {
  /** IPv4 or IPv6, the latter with its zone where it needs one: `fe80::1%eth0`. */
  address: string
  port: number
}

export type Transport = 'udp' | 'tcp'

/** Why there was no answer to a query. */
export const failureReasons = [
  'timeout',
  'refused',
  'unreachable',
  'prohibited',
  'closed',
  'mismatched',
  'malformed',
] as const
export type FailureReason = (typeof failureReasons)[number]

export interface Failure {
  reason: FailureReason
  /** What was seen, in words. */
  detail: string
}

export interface Reply {
  message: Message
  /** Octets of the message. */
  bytes: number
}

/** What one query to one server came to. */
export type Exchange = Reply | Failure

/** A wait that ends: by `signal`, when nobody waits for the answer any more, or after `timeoutMs`. */
export interface Limits {
  timeoutMs: number
  signal: AbortSignal
  clock: Clock
}

/** From the query's first octet (over TCP: of the handshake) to the answer's last; reading it isn't counted. */
export interface Timed {
  exchange: Exchange
  durationMs: number
}

/** Times one exchange to the microsecond. */
export class Stopwatch {
  readonly #clock: Clock
  #started: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#started = clock.monotonic()
  }

  restart(): void {
    this.#started = this.#clock.monotonic()
  }

  elapsedMs(): number {
    return Math.round((this.#clock.monotonic() - this.#started) * 1000) / 1000
  }
}

export const isReply = (exchange: Exchange): exchange is Reply => 'message' in exchange

/** Holds what came back against what was asked (RFC 5452, section 4.2): a forged or late answer is no answer. */
export function judgeReply(bytes: Buffer, query: Query): Exchange {
  if (bytes.length >= 2 && bytes.readUInt16BE(0) !== query.id)
    return mismatched(`ID mismatch: expected ID ${query.id}, got ${bytes.readUInt16BE(0)}`)
  try {
    const message = decodeMessage(bytes)
    const wrong = mismatchOf(message, query)
    return wrong ? mismatched(wrong) : { message, bytes: bytes.length }
  } catch (error) {
    if (error instanceof Malformed) return { reason: 'malformed', detail: error.message }
    throw error
  }
}

const mismatched = (detail: string): Failure => ({ reason: 'mismatched', detail })

function mismatchOf(message: Message, query: Query): string | undefined {
  if (!message.isResponse) return 'it is a query, not a response'
  const [question] = message.questions
  // A server that couldn't read the question has none to repeat.
  if (!question) return message.rcode === 'NOERROR' && !message.truncated ? 'it repeats no question' : undefined
  const { name, type, class: qclass } = question
  const same = withoutFinalDot(name).toLowerCase() === presented(query.qname).toLowerCase()
  if (same && type === query.qtype && qclass === query.qclass) return undefined
  return `Question section mismatch: got ${withoutFinalDot(name)}/${type}/${qclass}`
}

/** The few printable characters that an answer shows escaped and a person types plainly. */
const presented = (qname: string) => qname.replace(/["();@$]/g, '\\$&')

export const withoutFinalDot = (name: string) => (name === '.' ? name : name.replace(/\.$/, ''))

const reasonOfErrno: Record<string, FailureReason> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EINVAL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EACCES: 'prohibited',
  EPERM: 'prohibited',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ETIMEDOUT: 'timeout',
}

const detailOfReason: Record<FailureReason, string> = {
  timeout: 'timed out',
  refused: 'connection refused',
  unreachable: 'host unreachable',
  prohibited: 'a firewall or the kernel forbids it',
  closed: 'end of file',
  mismatched: 'the answer belongs to another query',
  malformed: 'no DNS message',
}

export const failure = (reason: FailureReason): Failure => ({ reason, detail: detailOfReason[reason] })

/** A socket's error as a finding; undefined when it tells of us (no descriptors left, …) and not of the server. */
export function failureOf(error: unknown): Failure | undefined {
  const errno = errnoOf(error)
  const reason = errno === undefined ? undefined : reasonOfErrno[errno]
  if (!reason) return undefined
  return errno === 'ENETUNREACH' ? { reason, detail: 'network unreachable' } : failure(reason)
}
