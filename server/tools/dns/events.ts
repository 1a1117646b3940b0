import { type ServerAddress, withoutFinalDot } from '../../net/dns/exchange.ts'
import type { DnsRecord } from '../../net/dns/message.ts'
import { type AnsweredAttempt, type Attempt, isAnswered, matching, type Result } from '../../net/dns/resolve.ts'
import type { DnsEvent, EventOf } from './schema.ts'

const answeredBy = ({ server, transport }: { server: ServerAddress; transport: 'udp' | 'tcp' }) => ({
  server: server.address,
  port: server.port,
  transport,
})

export function attemptEvent(attempt: Attempt): EventOf<'attempt'> {
  const { qname, qtype, durationMs, exchange } = attempt
  const outcome = isAnswered(attempt)
    ? { rcode: attempt.exchange.message.rcode, truncated: attempt.exchange.message.truncated }
    : { rcode: null, truncated: false, ...exchange }
  return { type: 'attempt', ...answeredBy(attempt), qname, qtype, durationMs, ...outcome } as EventOf<'attempt'>
}

/** The reply that counts, then its records, section by section. */
export function* replyEvents(attempt: AnsweredAttempt, time: string): Generator<DnsEvent> {
  const { message, bytes } = attempt.exchange
  const { id, opcode, rcode, flags, questions, answers, authorities, additionals, edns } = message
  const [question = null] = questions
  yield {
    type: 'reply',
    ...answeredBy(attempt),
    ...{ id, opcode, rcode, flags, edns, bytes, time },
    question: question && { ...question, name: withoutFinalDot(question.name) },
    counts: {
      question: questions.length,
      answer: answers.length,
      authority: authorities.length,
      additional: additionals.length + (edns ? 1 : 0),
    },
    durationMs: attempt.durationMs,
  }
  for (const record of answers) yield { type: 'answer', ...undotted(record) }
  for (const record of authorities) yield { type: 'authority', ...undotted(record) }
  for (const record of additionals) yield { type: 'additional', ...undotted(record) }
}

const undotted = (record: DnsRecord): DnsRecord => ({ ...record, name: withoutFinalDot(record.name) })

/** The sum of what was found, kept while one type after the other is looked up. */
export class Tally {
  attempts = 0
  #answers = 0
  #matching = 0
  #source: 'hosts' | 'dns' = 'dns'
  #best: Result | undefined
  #hostsName: string | undefined

  addHosts(qname: string, count: number): void {
    this.#answers += count
    this.#matching += count
    this.#source = 'hosts'
    this.#hostsName = qname
  }

  add(result: Result): void {
    if (isAnswered(result)) {
      this.#answers += result.exchange.message.answers.length
      this.#matching += matching(result, result.qtype)
    }
    const better = isAnswered(result) && result.exchange.message.rcode === 'NOERROR'
    if (!this.#best || better || !isAnswered(this.#best)) this.#best = result
  }

  summary(totalMs: number): EventOf<'summary'> {
    const base = {
      type: 'summary' as const,
      answers: this.#answers,
      matching: this.#matching,
      source: this.#source,
      attempts: this.attempts,
      totalMs: Math.round(totalMs * 1000) / 1000,
    }
    const nothing = { server: null, id: null, flags: [], bytes: null, queryMs: null }
    if (this.#hostsName !== undefined) return { ...base, ...nothing, rcode: 'NOERROR', qname: this.#hostsName }
    const best = this.#best
    if (!best) throw new Error('nothing was looked up')
    if (!isAnswered(best)) return { ...base, ...nothing, rcode: null, reason: best.exchange.reason, qname: best.qname }
    const { message, bytes } = best.exchange
    const { id, flags, rcode } = message
    const answer = { server: best.server.address, id, flags, bytes, queryMs: best.durationMs }
    return { ...base, ...answer, rcode, qname: best.qname }
  }
}
