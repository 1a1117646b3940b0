import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report, run } from '../../../server/core/run.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import type { DnsEvent, EventOf } from '../../../server/tools/dns/schema.ts'
import { dns } from '../../../server/tools/dns/tool.ts'
import {
  type Answering,
  type DnsServer,
  rawRecord,
  rcodes,
  responseTo,
  startDnsServer,
} from '../../net/dns/dns-server.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function serve(answering: Answering, address?: string, port?: number): Promise<DnsServer> {
  const server = await startDnsServer(answering, address, port)
  cleanups.push(() => server.close())
  return server
}

/** A root directory with these files of /etc, and ids for queries. */
function machine(resolvConf: string, hosts = '') {
  const root = mkdtempSync(join(tmpdir(), 'ditty-dns-'))
  cleanups.push(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'etc'))
  writeFileSync(join(root, 'etc/resolv.conf'), resolvConf)
  writeFileSync(join(root, 'etc/hosts'), hosts)
  mkdirSync(join(root, 'dev'))
  symlinkSync('/dev/urandom', join(root, 'dev/urandom'))
  return linuxAt(root)
}

const never = () => new AbortController().signal
const context = (linux = machine(''), signal = never()) => ({ signal, stop: never(), clock: systemClock, linux })

async function lookUp(fields: object, linux = machine('')) {
  const answer = await report(dns, await parseInput(dns.input, fields), context(linux))
  const events = answer.events as DnsEvent[]
  const ofType = <Type extends DnsEvent['type']>(type: Type) =>
    events.filter((event): event is EventOf<Type> => event.type === type)
  for (const event of [...events, answer.summary]) dns.event.parse(event)
  return { outcome: answer.outcome, summary: answer.summary as EventOf<'summary'>, ofType }
}

const a = (name: string, data = '192.0.2.1') => ({ name, type: 'A', ttl: 30, data }) as const
const nxdomain = { flags: rcodes.NXDOMAIN }

const clusterAnswers: Answering = ({ question }) =>
  question.name === 'web.svc.cluster.local' ? { answers: [a(question.name)] } : nxdomain

test('every name of the search list that was tried is an attempt, and the first with data is the answer', async () => {
  const { port } = await serve(clusterAnswers)
  const linux = machine(`nameserver 127.0.0.1
search default.svc.cluster.local svc.cluster.local cluster.local
options ndots:5`)
  const { ofType, summary, outcome } = await lookUp({ name: 'web', port }, linux)
  expect(ofType('attempt')).toMatchObject([
    { server: '127.0.0.1', port, transport: 'udp', qname: 'web.default.svc.cluster.local', rcode: 'NXDOMAIN' },
    { server: '127.0.0.1', port, transport: 'udp', qname: 'web.svc.cluster.local', rcode: 'NOERROR' },
  ])
  expect(ofType('attempt').every(({ durationMs }) => durationMs > 0)).toBe(true)
  expect(ofType('answer')).toEqual([
    { type: 'answer', name: 'web.svc.cluster.local', rrtype: 'A', class: 'IN', ttlSeconds: 30, data: '192.0.2.1' },
  ])
  expect(summary).toMatchObject({
    rcode: 'NOERROR',
    answers: 1,
    source: 'dns',
    qname: 'web.svc.cluster.local',
    attempts: 2,
  })
  expect(outcome).toBe('positive')
})

test('a name that exists nowhere is a finding: all names tried, NXDOMAIN, negative', async () => {
  const { port } = await serve(() => nxdomain)
  const linux = machine('nameserver 127.0.0.1\nsearch a.example b.example')
  const { ofType, summary, outcome } = await lookUp({ name: 'web.x', port }, linux)
  expect(ofType('attempt').map(({ qname }) => qname)).toEqual(['web.x', 'web.x.a.example', 'web.x.b.example'])
  expect(summary).toMatchObject({ rcode: 'NXDOMAIN', answers: 0 })
  expect(outcome).toBe('negative')
})

test('a name without the type goes on through the search list, and says more than NXDOMAIN after it', async () => {
  const { port } = await serve(({ question }) => (question.name === 'web.a.example' ? {} : nxdomain))
  const linux = machine('nameserver 127.0.0.1\nsearch a.example b.example')
  const { ofType, summary, outcome } = await lookUp({ name: 'web', port }, linux)
  expect(ofType('attempt')).toHaveLength(3)
  expect(summary).toMatchObject({ rcode: 'NOERROR', answers: 0, matching: 0, qname: 'web.a.example' })
  expect(outcome).toBe('negative')
})

describe('/etc/hosts', () => {
  const hosts = '10.244.0.3 web.default.svc web\n::1 localhost'

  test('is consulted before any server, and the summary says so', async () => {
    const server = await serve(() => nxdomain)
    const { ofType, summary, outcome } = await lookUp({ name: 'web', port: server.port }, machine('', hosts))
    expect(ofType('answer')).toEqual([
      { type: 'answer', name: 'web', rrtype: 'A', class: 'IN', ttlSeconds: null, data: '10.244.0.3' },
    ])
    expect(summary).toMatchObject({ rcode: 'NOERROR', answers: 1, source: 'hosts', server: null, attempts: 0 })
    expect(outcome).toBe('positive')
    expect(server.asked).toEqual([])
  })

  test('knows the name of an address', async () => {
    const { ofType } = await lookUp({ name: '10.244.0.3' }, machine('', hosts))
    expect(ofType('answer')).toMatchObject([{ rrtype: 'PTR', data: 'web.default.svc.' }])
  })

  test('is passed over for another type, when a server is named, and when told so', async () => {
    const { port } = await serve(({ question }) => ({ answers: [a(question.name, '192.0.2.9')] }))
    const linux = machine('nameserver 127.0.0.1', hosts)
    const inputs = [{ server: '127.0.0.1' }, { hosts: false }, { type: 'MX' }]
    for (const fields of inputs)
      expect((await lookUp({ name: 'web', port, ...fields }, linux)).summary.source).toBe('dns')
  })
})

describe('servers', () => {
  const twoServers = async (first: Answering, second: Answering) => {
    const { port, asked } = await serve(first)
    await serve(second, '127.0.0.2', port)
    return { port, asked, linux: machine('nameserver 127.0.0.1\nnameserver 127.0.0.2\noptions attempts:2') }
  }
  const good: Answering = ({ question }) => ({ answers: [a(question.name)] })

  test.each(['SERVFAIL', 'REFUSED', 'NOTIMP'] as const)('after %s the next server is asked', async rcode => {
    const { port, linux } = await twoServers(() => ({ flags: rcodes[rcode] }), good)
    const { ofType, summary } = await lookUp({ name: 'a.example', port }, linux)
    expect(ofType('attempt')).toMatchObject([
      { server: '127.0.0.1', rcode },
      { server: '127.0.0.2', rcode: 'NOERROR' },
    ])
    expect(summary).toMatchObject({ rcode: 'NOERROR', server: '127.0.0.2' })
  })

  test('the first answer counts when that is asked for', async () => {
    const { port, linux } = await twoServers(() => ({ flags: rcodes.SERVFAIL }), good)
    const { ofType, summary } = await lookUp({ name: 'a.example', port, firstAnswerCounts: true }, linux)
    expect(ofType('attempt')).toHaveLength(1)
    expect(summary.rcode).toBe('SERVFAIL')
  })

  test('a silent one is left after its time, and asked again in the next round', async () => {
    const { port, linux } = await twoServers(
      () => undefined,
      () => undefined,
    )
    const { ofType, summary, outcome } = await lookUp({ name: 'a.example', port, timeoutSeconds: 0.05 }, linux)
    expect(ofType('attempt').map(({ server, rcode, reason }) => [server, rcode, reason])).toEqual([
      ['127.0.0.1', null, 'timeout'],
      ['127.0.0.2', null, 'timeout'],
      ['127.0.0.1', null, 'timeout'],
      ['127.0.0.2', null, 'timeout'],
    ])
    expect(summary).toMatchObject({ rcode: null, reason: 'timeout', server: null, id: null })
    expect(outcome).toBe('negative')
  })

  test('an answer with a compression loop is a malformed attempt, and the next server is asked', async () => {
    const loop: Answering = ({ packet, question }) => {
      const start = 12 + question.name.length + 2 + 4
      const bytes = responseTo(packet, { answers: [a(question.name)] })
      return Buffer.concat([bytes.subarray(0, start), Buffer.from([0xc0, start, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])])
    }
    const { port, linux } = await twoServers(loop, good)
    const { ofType, summary } = await lookUp({ name: 'a.example', port }, linux)
    expect(ofType('attempt')).toMatchObject([
      { rcode: null, reason: 'malformed', detail: expect.stringContaining('compression loop') },
      { rcode: 'NOERROR' },
    ])
    expect(summary.answers).toBe(1)
  })

  test('a malformed answer from the only server is tried again, then found bad', async () => {
    const { port } = await serve(({ packet }) => responseTo(packet, { answers: [a('a.example')] }).subarray(0, -2))
    const { ofType, summary } = await lookUp({ name: 'a.example', server: '127.0.0.1', port, tries: 3 })
    expect(ofType('attempt').map(({ reason }) => reason)).toEqual(['malformed', 'malformed', 'malformed'])
    expect(summary).toMatchObject({ rcode: null, reason: 'malformed' })
  })

  test('one that nobody runs is refused; one named by a name is looked up', async () => {
    const gone = await startDnsServer(() => undefined)
    await gone.close()
    const refused = await lookUp({ name: 'a.example', server: '127.0.0.1', port: gone.port, tries: 1 })
    expect(refused.ofType('attempt')).toMatchObject([{ rcode: null, reason: 'refused' }])
    const { port } = await serve(good)
    const named = await lookUp({ name: 'a.example', server: 'localhost', port, family: 4 })
    expect(named.summary).toMatchObject({ rcode: 'NOERROR', server: '127.0.0.1' })
  })
})

describe('transports', () => {
  const cut: Answering = ({ question, transport }) =>
    transport === 'udp' ? { flags: 0x0200 } : { answers: [a(question.name)] }

  test('a truncated answer is asked for again over TCP, and both are attempts', async () => {
    const { port } = await serve(cut)
    const { ofType, summary } = await lookUp({ name: 'a.example', server: '127.0.0.1', port })
    expect(ofType('attempt')).toMatchObject([
      { transport: 'udp', rcode: 'NOERROR', truncated: true },
      { transport: 'tcp', rcode: 'NOERROR', truncated: false },
    ])
    expect(summary.answers).toBe(1)
  })

  test('an answer cut in the middle of a record counts as truncated, not as malformed', async () => {
    const { port } = await serve(({ packet, question, transport }) => {
      const whole = { answers: [a(question.name)] }
      return transport === 'tcp' ? whole : responseTo(packet, { ...whole, flags: 0x0200 }).subarray(0, -2)
    })
    const { ofType } = await lookUp({ name: 'a.example', server: '127.0.0.1', port })
    expect(ofType('attempt').map(({ transport, truncated }) => [transport, truncated])).toEqual([
      ['udp', true],
      ['tcp', false],
    ])
  })

  test('TCP from the start when asked for, or when resolv.conf says use-vc', async () => {
    const { port, asked } = await serve(cut)
    await lookUp({ name: 'a.example', server: '127.0.0.1', port, tcp: true })
    await lookUp({ name: 'a.example', port }, machine('nameserver 127.0.0.1\noptions use-vc'))
    expect(asked.map(({ transport }) => transport)).toEqual(['tcp', 'tcp'])
  })

  test('an answer of 60 KB over TCP comes whole', async () => {
    const text = rawRecord(
      'a.example',
      16,
      Buffer.concat(Array(200).fill(Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 0x61)]))),
    )
    const { port } = await serve(({ transport }) => (transport === 'udp' ? { flags: 0x0200 } : { answers: [text] }))
    const { ofType } = await lookUp({ name: 'a.example', type: 'TXT', server: '127.0.0.1', port })
    expect(ofType('answer')[0]?.data.split(' ')).toHaveLength(200)
  })
})

test('each query has an id of its own, RD as asked, and EDNS with 1232 octets', async () => {
  const { port, asked } = await serve(() => undefined)
  const fields = { name: 'a.example', server: '127.0.0.1', port, timeoutSeconds: 0.02 }
  await lookUp({ ...fields, tries: 8 })
  await lookUp({ ...fields, tries: 1, recurse: false, edns: false })
  expect(new Set(asked.map(({ packet }) => packet.id)).size).toBeGreaterThan(4)
  const [first, last] = [asked[0]!.packet, asked.at(-1)!.packet]
  expect(first).toMatchObject({ flag_rd: true, additionals: [{ type: 'OPT', udpPayloadSize: 1232, flag_do: false }] })
  expect(last).toMatchObject({ flag_rd: false, additionals: [] })
})

test('several types are asked one after the other, for the name that was found', async () => {
  const { port, asked } = await serve(({ question }) => {
    if (question.name !== 'web.a.example') return nxdomain
    return question.type === 'A' ? { answers: [a(question.name)] } : {}
  })
  const linux = machine('nameserver 127.0.0.1\nsearch a.example')
  const { summary } = await lookUp({ name: 'web', type: 'a,AAAA,TYPE65', port }, linux)
  expect(asked.map(({ question }) => question.name)).toEqual(Array(3).fill('web.a.example'))
  expect(summary).toMatchObject({ rcode: 'NOERROR', answers: 1, attempts: 3 })
})

test('aliases are answers, but without a record of the type the outcome is negative', async () => {
  const { port } = await serve(({ question }) => ({
    answers: [{ name: question.name, type: 'CNAME', ttl: 1, data: 'gone.example' }],
  }))
  const { summary, outcome } = await lookUp({ name: 'a.example', server: '127.0.0.1', port })
  expect(summary).toMatchObject({ rcode: 'NOERROR', answers: 1, matching: 0 })
  expect(outcome).toBe('negative')
})

test('authority and additional records are events of their own', async () => {
  const { port } = await serve(() => ({
    ...nxdomain,
    authorities: [{ name: 'example', type: 'NS', ttl: 7, data: 'ns.example' }],
    additionals: [a('ns.example')],
  }))
  const { ofType } = await lookUp({ name: 'x.example', server: '127.0.0.1', port })
  expect(ofType('authority')).toMatchObject([{ name: 'example', rrtype: 'NS', data: 'ns.example.' }])
  expect(ofType('additional')).toMatchObject([{ name: 'ns.example', data: '192.0.2.1' }])
  expect(ofType('answer')).toEqual([])
})

test('an international name goes out as punycode', async () => {
  const { port, asked } = await serve(() => nxdomain)
  await lookUp({ name: '中文.com', server: '127.0.0.1', port })
  expect(asked[0]?.question.name).toBe('xn--fiq228c.com')
})

test('a server over IPv6 is asked over IPv6, and a family it lacks is an error', async () => {
  const { port } = await serve(clusterAnswers, '::1')
  const { summary } = await lookUp({ name: 'web.svc.cluster.local', server: '::1', port })
  expect(summary).toMatchObject({ rcode: 'NOERROR', server: '::1' })
  await expect(lookUp({ name: 'web', server: '::1', port, family: 4 })).rejects.toMatchObject({ code: 'unavailable' })
})

test('cancelling ends a lookup that waits', async () => {
  const { port } = await serve(() => undefined)
  const input = await parseInput(dns.input, { name: 'a.example', server: '127.0.0.1', port, timeoutSeconds: 60 })
  const running = Array.fromAsync(run(dns, input, context(machine(''), AbortSignal.timeout(50))))
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
})

describe('wrong input', () => {
  test.each([
    [{ name: '' }, 'invalid_input', 'name'],
    [{ name: 'a..b' }, 'invalid_input', 'empty label'],
    [{ name: 'a', type: 'NOSUCH' }, 'invalid_input', "no record type 'NOSUCH'"],
    [{ name: 'a', type: 'AXFR' }, 'unsupported', 'AXFR'],
    [{ name: 'a', port: 70_000 }, 'invalid_input', 'port'],
    [{ name: 'a', reverse: true }, 'invalid_input', 'no IPv4 or IPv6 address'],
    [{ name: 'a', timeoutSeconds: 0 }, 'invalid_input', 'timeoutSeconds'],
    [{ name: 'a', class: 'XX' }, 'invalid_input', 'class'],
    [{ name: 'a', colour: true }, 'invalid_input', 'no such field'],
    [{ name: 'a', server: 'no such server' }, 'not_found', "couldn't get address for 'no such server'"],
  ])('%j is %s: %s', async (fields, code, message) => {
    await expect(lookUp(fields)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })
})
