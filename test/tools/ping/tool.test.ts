import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report } from '../../../server/core/run.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { ping } from '../../../server/tools/ping/tool.ts'

const quiet = () => new AbortController().signal
const context = (signal = quiet(), stop = quiet()) => ({ signal, stop, clock: systemClock, linux: linuxAt('/') })

async function run(fields: object, signal?: AbortSignal, stop?: AbortSignal) {
  return report(ping, await parseInput(ping.input, fields), context(signal, stop))
}

async function listener() {
  const server = createServer(socket => socket.resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => new Promise(done => server.close(done)) }
}

test('handshakes with a port that listens are replies', async () => {
  const { port, close } = await listener()
  const answer = await run({ host: '127.0.0.1', tcpPort: port, count: 3, intervalSeconds: 0.01 })
  expect(answer.outcome).toBe('positive')
  expect(answer.events).toMatchObject([
    { type: 'target', transport: 'tcp', socket: null, port, payloadBytes: null },
    { type: 'reply', seq: 1, peerAddress: '127.0.0.1', ttl: null, bytes: null },
    { type: 'reply', seq: 2 },
    { type: 'reply', seq: 3 },
  ])
  await close()
})

test('a port that nobody listens on is lost as refused, with the time that proves the host up', async () => {
  const { port, close } = await listener()
  await close()
  const answer = await run({ host: '127.0.0.1', tcpPort: port, count: 1 })
  expect(answer.outcome).toBe('negative')
  expect(answer.events[1]).toMatchObject({
    type: 'lost',
    reason: 'refused',
    peerAddress: '127.0.0.1',
    message: 'Connection refused: the host is up',
    rttMs: expect.any(Number),
  })
})

test('a host that is not known is an error, of either kind of address', async () => {
  await expect(run({ host: 'no-such-host.invalid' })).rejects.toMatchObject({ name: 'ToolError' })
  await expect(run({ host: '::zz' })).rejects.toMatchObject({
    code: 'not_found',
    message: '::zz: Name or service not known',
  })
  await expect(run({ host: '127.0.0.1', family: 'inet6' })).rejects.toMatchObject({
    code: 'invalid_input',
    message: '127.0.0.1: Address family for hostname not supported',
  })
})

test('a cancelled run ends as cancelled and a stopped one with its summary, also between requests', async () => {
  const { port, close } = await listener()
  const fields = { host: '127.0.0.1', tcpPort: port, count: 0, intervalSeconds: 60 }
  await expect(run(fields, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'cancelled' })
  const stopped = await run(fields, quiet(), AbortSignal.timeout(200))
  expect(stopped.summary).toMatchObject({ transmitted: 1, received: 1 })
  await close()
})

test('a run that was cancelled before it began looks nothing up', async () => {
  await expect(run({ host: 'no-such-host.invalid' }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})

test('every field out of its bounds is named', async () => {
  const bad = {
    host: '',
    count: -1,
    intervalSeconds: -1,
    timeoutSeconds: 0,
    payloadBytes: 65508,
    ttl: 0,
    tcpPort: 70000,
  }
  const error = await parseInput(ping.input, bad).catch(error => error)
  expect(error.fields.map(({ path }: { path: string }) => path)).toEqual(Object.keys(bad))
})

test('whether it is available is what opening a socket says, with a remedy when not', async () => {
  const availability = await ping.available?.(context())
  if (availability?.available) return
  expect(availability?.reason).toBe('ICMP sockets are denied here')
  expect(availability?.remedy).toMatch(/CAP_NET_RAW or net\.ipv4\.ping_group_range to include gid \d+/)
})

test('the outcome is negative without a reply, or with fewer than count by the deadline', () => {
  const outcome = (received: number, fields: object) =>
    ping.outcome({ received } as never, { count: 4, ...fields } as never)
  expect(outcome(0, {})).toBe('negative')
  expect(outcome(1, {})).toBe('positive')
  expect(outcome(3, { deadlineSeconds: 9 })).toBe('negative')
  expect(outcome(4, { deadlineSeconds: 9 })).toBe('positive')
  expect(outcome(1, { deadlineSeconds: 9, count: 0 })).toBe('positive')
})
