import { lookUpHosts, readHosts } from '../../net/dns/hosts.ts'
import { parseResolvConf, type ResolvConf, readResolvConf, resolvConfPath } from '../../net/dns/resolv-conf.ts'
import { type AnsweredAttempt, isAnswered, matching, type Plan, type Result, resolve } from '../../net/dns/resolve.ts'
import { searchNames } from '../../net/dns/search-names.ts'
import type { ToolContext } from '../context.ts'
import { attemptEvent, replyEvents, Tally } from './events.ts'
import { type Question, questionOf } from './question.ts'
import type { DnsEvent, EventOf, Input } from './schema.ts'
import { serversOf } from './servers.ts'

/** /etc/hosts, then the servers, as the system itself would; every query is an event. */
export async function* lookUp(input: Input, context: ToolContext): AsyncGenerator<DnsEvent> {
  const { clock, linux } = context
  const started = clock.monotonic()
  const question = questionOf(input)
  const tally = new Tally()
  const known = input.hosts && input.server === undefined && input.class === 'IN' ? readHosts(linux) : []
  const left: string[] = []
  for (const type of question.types) {
    const { name } = question.name
    const found = lookUpHosts(known, name, type)
    if (found.length === 0) left.push(type)
    else tally.addHosts(name, found.length)
    for (const data of found) yield { type: 'answer', name, rrtype: type, class: 'IN', ttlSeconds: null, data }
  }
  if (left.length > 0) yield* askServers({ ...question, types: left }, input, context, tally)
  yield tally.summary(clock.monotonic() - started)
}

async function* askServers(
  question: Question,
  input: Input,
  context: ToolContext,
  tally: Tally,
): AsyncGenerator<DnsEvent> {
  const usesConf = input.server === undefined || (input.search && !question.name.absolute)
  const conf = usesConf ? readResolvConf(context.linux) : parseResolvConf('')
  const plan = await planOf(question, input, conf, context.signal)
  yield resolverEvent(plan, input, conf)
  let qnames = plan.qnames
  for (const qtype of question.types) {
    const result = yield* attempts({ ...plan, qnames, qtype }, context, tally)
    tally.add(result)
    if (!isAnswered(result)) return
    yield* replyEvents(result, new Date(context.clock.now()).toISOString())
    if (endsLookup(result)) return
    qnames = [result.qname]
  }
}

async function* attempts(plan: Plan, context: ToolContext, tally: Tally): AsyncGenerator<DnsEvent, Result> {
  const walk = resolve(plan, context)
  for (;;) {
    const step = await walk.next()
    if (step.done) return step.value
    tally.attempts++
    yield attemptEvent(step.value)
  }
}

/** A name that doesn't exist has no other types either, and a server that failed is not asked for them. */
const endsLookup = (result: AnsweredAttempt) =>
  result.exchange.message.rcode !== 'NOERROR' && matching(result, 'ANY') === 0

async function planOf({ name }: Question, input: Input, conf: ResolvConf, signal: AbortSignal): Promise<Plan> {
  return {
    qnames: searchNames(name, input.search ? conf.search : [], input.ndots ?? conf.ndots),
    qtype: 'A',
    qclass: input.class,
    servers: await serversOf(input, conf, signal),
    tries: input.tries ?? conf.attempts,
    timeoutMs: (input.timeoutSeconds ?? conf.timeoutSeconds) * 1000,
    transport: input.tcp || conf.useTcp ? 'tcp' : 'udp',
    query: {
      recurse: input.recurse,
      ednsUdpSize: input.edns || input.dnssec ? input.bufsize : null,
      dnssec: input.dnssec,
    },
    firstAnswerCounts: input.firstAnswerCounts,
  }
}

function resolverEvent(plan: Plan, input: Input, conf: ResolvConf): EventOf<'resolver'> {
  return {
    type: 'resolver',
    servers: [...plan.servers],
    search: input.search ? conf.search : [],
    ndots: input.ndots ?? conf.ndots,
    timeoutSeconds: plan.timeoutMs / 1000,
    tries: plan.tries,
    source: input.server === undefined ? resolvConfPath : null,
  }
}
