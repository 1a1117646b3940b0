import { expect, test } from 'vitest'
import { parseInput } from '../../../server/core/input.ts'
import { icmpMessage } from '../../../server/tools/ping/icmp-wording.ts'
import {
  input,
  type Lost,
  type PingEvent,
  type Reply,
  type Summary,
  type Target,
} from '../../../server/tools/ping/schema.ts'
import { pingText } from '../../../server/tools/ping/text.ts'

const screen = { colour: false, columns: 80, isTerminal: false }

async function lines(events: PingEvent[], fields: object = {}, style = { showTimeouts: false, quiet: false }) {
  const checked = await parseInput(input, { host: '10.0.0.1', ...fields })
  const render = pingText(style)(checked, { quiet: style.quiet }, screen)
  return events.flatMap(event => render(event) ?? [])
}

const target: Target = {
  type: 'target',
  host: '10.0.0.1',
  address: '10.0.0.1',
  family: 'inet',
  transport: 'icmp',
  socket: 'datagram',
  port: null,
  payloadBytes: 56,
  peerName: null,
}
const named: Target = { ...target, host: 'web' }
const reply: Reply = {
  type: 'reply',
  seq: 1,
  peerAddress: '10.0.0.1',
  peerName: null,
  ttl: 63,
  rttMs: 0.25,
  bytes: 64,
  duplicate: false,
  late: false,
}
const lost: Lost = {
  type: 'lost',
  seq: 2,
  reason: 'host_unreachable',
  peerAddress: '10.0.0.9',
  peerName: null,
  message: 'Destination Host Unreachable',
  error: null,
  rttMs: null,
}
const summary: Summary = {
  type: 'summary',
  transmitted: 3,
  received: 2,
  duplicates: 0,
  errors: 0,
  unsent: 0,
  lossRatio: 1 / 3,
  elapsedMs: 2003.9,
  pipe: 1,
  rttMs: { min: 0.1, avg: 0.25, max: 0.4, mdev: 0.15, ewma: 0.2 },
}

test('the first line of each family, and of TCP', async () => {
  expect(await lines([target])).toEqual(['PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n'])
  const inet6 = { ...target, family: 'inet6', host: '::1', address: '::1' } as const
  expect(await lines([inet6])).toEqual(['PING ::1(::1) 56 data bytes\n'])
  const named6 = { ...inet6, host: 'web', peerName: 'web.example' }
  expect(await lines([named6])).toEqual(['PING web(web.example (::1)) 56 data bytes\n'])
  const tcp = { ...target, transport: 'tcp', payloadBytes: null, port: 80 } as const
  expect(await lines([tcp])).toEqual(['PING 10.0.0.1 (10.0.0.1) TCP port 80.\n'])
})

test('names stand before addresses where a name was asked for, unless -n', async () => {
  const from = (line: unknown) => String(line).split(':', 1)[0]
  expect(from((await lines([target, reply]))[1])).toBe('64 bytes from 10.0.0.1')
  expect(from((await lines([named, reply]))[1])).toBe('64 bytes from 10.0.0.1 (10.0.0.1)')
  expect(from((await lines([named, { ...reply, peerName: 'web.example' }]))[1])).toBe(
    '64 bytes from web.example (10.0.0.1)',
  )
  expect(from((await lines([named, reply], { numeric: true }))[1])).toBe('64 bytes from 10.0.0.1')
})

test.each([
  [0.0314, '0.031'],
  [9.9999, '10.000'],
  [12.3456, '12.346'],
  [999.9994, '999.999'],
  [1000, '1000.00'],
  [9999.99, '9999.99'],
  [9999.996, '10000.0'],
  [99_999.96, '100000'],
])('%d ms is written as %s', async (rttMs, shown) => {
  expect((await lines([target, { ...reply, rttMs }]))[1]).toContain(` time=${shown} ms\n`)
})

test('duplicates, late replies and replies from elsewhere are marked', async () => {
  const marked = { ...reply, duplicate: true, late: true, peerAddress: '10.0.0.2', ttl: null }
  expect((await lines([target, marked]))[1]).toBe(
    '64 bytes from 10.0.0.2: icmp_seq=1 time=0.250 ms (DUP!) (LATE!) (DIFFERENT ADDRESS!)\n',
  )
})

test('all members of a multicast group may answer: that is nothing to mark', async () => {
  const group: Target = { ...target, host: 'ff02::1%eth0', address: 'ff02::1%eth0', family: 'inet6' }
  const line = (await lines([group, { ...reply, duplicate: true, peerAddress: 'fe80::1%eth0' }]))[1]
  expect(line).toBe('64 bytes from fe80::1%eth0: icmp_seq=1 ttl=63 time=0.250 ms\n')
})

test('a loss says who reported it; what our own kernel refused goes to stderr', async () => {
  expect((await lines([target, lost]))[1]).toBe('From 10.0.0.9 icmp_seq=2 Destination Host Unreachable\n')
  const refused: Lost = { ...lost, peerAddress: null, error: 'EHOSTUNREACH', message: 'No route to host' }
  expect((await lines([target, refused]))[1]).toEqual({ stderr: 'ping: sendmsg: No route to host\n' })
})

test('only ditty ping tells of each request that nobody answered', async () => {
  const timeout: Lost = { ...lost, reason: 'timeout', peerAddress: null, message: 'no answer within 5 s' }
  expect(await lines([target, timeout])).toHaveLength(1)
  expect((await lines([target, timeout], {}, { showTimeouts: true, quiet: false }))[1]).toBe(
    'icmp_seq=2 no answer within 5 s\n',
  )
})

test('the summary has the counts that are not zero, the loss as %g writes it, and the times', async () => {
  expect(await lines([target, reply, summary], {}, { showTimeouts: true, quiet: true })).toEqual([
    'PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n',
    '\n--- 10.0.0.1 ping statistics ---\n3 packets transmitted, 2 received, 33.3333% packet loss, time 2003ms\nrtt min/avg/max/mdev = 0.100/0.250/0.400/0.150 ms\n',
  ])
  const bad: Summary = { ...summary, received: 0, duplicates: 1, errors: 3, lossRatio: 1, pipe: 2, rttMs: null }
  expect((await lines([bad]))[0]).toBe(
    '\n--- 10.0.0.1 ping statistics ---\n3 packets transmitted, 0 received, +1 duplicates, +3 errors, 100% packet loss, time 2003ms\npipe 2\n',
  )
  expect((await lines([summary], { intervalSeconds: 0 }))[0]).toContain(' ms, ipg/ewma 1001.950/0.200 ms\n')
  const none: Summary = { ...summary, transmitted: 0, received: 0, lossRatio: 0, elapsedMs: 0, rttMs: null }
  expect((await lines([none]))[0]).toContain('\n0 packets transmitted, 0 received, time 0ms\n\n')
})

test.each([
  ['inet', 3, 0, 'Destination Net Unreachable'],
  ['inet', 3, 4, 'Frag needed and DF set (mtu = 1400)'],
  ['inet', 3, 13, 'Packet filtered'],
  ['inet', 3, 99, 'Dest Unreachable, Bad Code: 99'],
  ['inet', 11, 0, 'Time to live exceeded'],
  ['inet', 4, 0, 'Bad ICMP type: 4'],
  ['inet6', 1, 0, 'Destination unreachable: No route'],
  ['inet6', 1, 9, 'Destination unreachable: Unknown code 9'],
  ['inet6', 2, 0, 'Packet too big: mtu=1400'],
  ['inet6', 3, 0, 'Time exceeded: Hop limit'],
  ['inet6', 4, 1, 'Parameter problem: Unknown header at 1400'],
] as const)('%s error %i/%i reads %j', (family, icmpType, icmpCode, message) => {
  expect(icmpMessage(family, { icmpType, icmpCode, info: 1400 })).toBe(message)
})

test('an address in a short form of inet_aton(3) is no name', async () => {
  const [, line] = await lines([
    { ...target, host: '127.1', address: '127.0.0.1' },
    { ...reply, peerAddress: '127.0.0.1' },
  ])
  expect(line).toMatch(/^64 bytes from 127\.0\.0\.1: /)
})
