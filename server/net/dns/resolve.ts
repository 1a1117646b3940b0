import type { Clock } from '../../core/context.ts'
import type { Linux } from '../../linux/linux.ts'
import { type Exchange, type Failure, isReply, type Reply, type ServerAddress, type Transport } from './exchange.ts'
import { encodeQuery, type QueryOptions } from './query.ts'

/** Everything one lookup needs to know. */
export interface Plan {
  /** Names to try in order, ASCII, without a final dot. */
  qnames: readonly string[]
  qtype: string
  qclass: string
  servers: readonly ServerAddress[]
  /** Rounds over all servers that gave no answer. */
  tries: number
  timeoutMs: number
  transport: Transport
  query: QueryOptions
  /** Take SERVFAIL, REFUSED or NOTIMP as the answer instead of asking the next server. */
  firstAnswerCounts: boolean
}

/** One query to one server and what it came to. */
export interface Attempt {
  server: ServerAddress
  transport: Transport
  qname: string
  qtype: string
  exchange: Exchange
  durationMs: number
}

export type AnsweredAttempt = Attempt & { exchange: Reply }

/** The reply that counts, or why there is none. */
export type Result = AnsweredAttempt | (Attempt & { exchange: Failure })

export interface Waiting {
  signal: AbortSignal
  clock: Clock
  /** Where the ids of queries come from. */
  linux: Pick<Linux, 'peek'>
}

type Attempts = AsyncGenerator<Attempt, Result, undefined>

/**
 * Walks names x tries x servers as glibc does, and yields every attempt. A reply with data ends the walk, and so does a name
 * for which no server answered; NXDOMAIN, an empty answer and a server's failure lead on to the next name.
 */
export async function* resolve(plan: Plan, waiting: Waiting): Attempts {
  const results: AnsweredAttempt[] = []
  for (const qname of plan.qnames) {
    const result = yield* askServers(qname, plan, waiting)
    if (!isAnswered(result)) return bestOf(results, result)
    if (hasData(result, plan.qtype)) return result
    results.push(result)
  }
  return bestOf(results)
}

export const isAnswered = (attempt: Attempt): attempt is AnsweredAttempt => isReply(attempt.exchange)

/** Records of the type that was asked for, behind however many CNAMEs. */
export function matching({ exchange: { message } }: AnsweredAttempt, qtype: string): number {
  return message.answers.filter(({ rrtype }) => qtype === 'ANY' || rrtype === qtype).length
}

const hasData = (attempt: AnsweredAttempt, qtype: string) =>
  attempt.exchange.message.rcode === 'NOERROR' && matching(attempt, qtype) > 0

/** A name that exists says more than a server's failure, and that more than NXDOMAIN, which may be due to the suffix. */
function bestOf(results: readonly AnsweredAttempt[], fallback?: Result): Result {
  const rcodeOf = (attempt: AnsweredAttempt) => attempt.exchange.message.rcode
  const best =
    results.find(result => rcodeOf(result) === 'NOERROR') ??
    results.find(result => rcodeOf(result) !== 'NXDOMAIN') ??
    fallback ??
    results.at(-1)
  if (!best) throw new Error('no name to ask for')
  return best
}

const serverFailures = new Set(['SERVFAIL', 'REFUSED', 'NOTIMP'])

/** A server that answered with a failure isn't asked again; one that stayed silent is, in the next round. */
async function* askServers(qname: string, plan: Plan, waiting: Waiting): Attempts {
  let refusal: Result | undefined
  let last: Result | undefined
  let servers = [...plan.servers]
  for (let round = 0; round < plan.tries && servers.length > 0; round++) {
    const silent: ServerAddress[] = []
    for (const server of servers) {
      last = yield* askServer(qname, server, plan, waiting)
      if (!isAnswered(last)) silent.push(server)
      else if (plan.firstAnswerCounts || !serverFailures.has(last.exchange.message.rcode)) return last
      else refusal ??= last
    }
    servers = silent
  }
  const result = refusal ?? last
  if (!result) throw new Error('no server to ask')
  return result
}

/** Over UDP, then, when the answer was cut to fit a datagram, over TCP (RFC 7766, section 5). */
async function* askServer(qname: string, server: ServerAddress, plan: Plan, waiting: Waiting): Attempts {
  const first = await attempt(qname, server, plan.transport, plan, waiting)
  yield first
  const isCut = isAnswered(first) && first.exchange.message.truncated && first.transport === 'udp'
  if (!isCut) return first
  const second = await attempt(qname, server, 'tcp', plan, waiting)
  yield second
  return second
}

async function attempt(
  qname: string,
  server: ServerAddress,
  transport: Transport,
  { qtype, qclass, query: options, timeoutMs }: Plan,
  { signal, clock, linux }: Waiting,
): Promise<Result> {
  const query = encodeQuery(qname, qtype, qclass, options, linux)
  const ask = transport === 'udp' ? (await import('./udp.ts')).exchangeUdp : (await import('./tcp.ts')).exchangeTcp
  const { exchange, durationMs } = await ask(query, server, { timeoutMs, signal, clock })
  return { server, transport, qname, qtype, exchange, durationMs } as Result
}
