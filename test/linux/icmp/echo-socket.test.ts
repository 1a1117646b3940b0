import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EchoDenied } from '../../../server/linux/icmp/echo-descriptor.ts'
import { EchoSocket, type Received } from '../../../server/linux/icmp/echo-socket.ts'

const open = (address = '127.0.0.1', payloadBytes = 56) => EchoSocket.open({ address, payloadBytes, ttl: undefined })

const isDenied = await open().then(
  socket => socket.close(),
  error => error instanceof EchoDenied,
)
const has6 = readdirSync('/proc/sys/net').includes('ipv6')

/** Everything that comes in until `count` have. */
async function receive(socket: EchoSocket, count: number): Promise<Received[]> {
  const received: Received[] = []
  for (let turns = 0; received.length < count && turns < 100; turns++) {
    await socket.ready(100)
    received.push(...socket.receive())
  }
  return received
}

describeEcho('127.0.0.1')
if (has6) describeEcho('::1')

function describeEcho(address: string): void {
  test.skipIf(isDenied)(`${address} answers with its TTL and a time that is not negative`, async () => {
    const socket = await open(address)
    for (const sequence of [1, 2, 65535]) expect(socket.send(sequence)).toBeUndefined()
    const received = await receive(socket, 3)
    expect(received.map(({ sequence }) => sequence)).toEqual([1, 2, 65535])
    for (const reply of received) {
      expect(reply).toMatchObject({ kind: 'reply', peerAddress: address, ttl: 64, bytes: 64 })
      expect(reply.kind === 'reply' && reply.rttMs >= 0 && reply.rttMs < 10_000).toBe(true)
    }
    socket.close()
  })
}

test.skipIf(isDenied)('payloads of every odd size come back, from none to the largest', async () => {
  for (const payloadBytes of [0, 1, 7, 8, 9, 65507]) {
    const socket = await open('127.0.0.1', payloadBytes)
    socket.send(1)
    expect(await receive(socket, 1)).toMatchObject([{ kind: 'reply', bytes: payloadBytes + 8 }])
    socket.close()
  }
})

test.skipIf(isDenied)('two sockets at once never take each other for theirs', async () => {
  const [first, second] = await Promise.all([open(), open()])
  for (let sequence = 1; sequence <= 50; sequence++) (sequence % 2 ? first : second).send(sequence)
  const odd = (await receive(first, 25)).map(({ sequence }) => sequence)
  const even = (await receive(second, 25)).map(({ sequence }) => sequence)
  expect(odd).toEqual(Array.from({ length: 25 }, (_, at) => 2 * at + 1))
  expect(even).toEqual(Array.from({ length: 25 }, (_, at) => 2 * at + 2))
  first.close()
  second.close()
})

test.skipIf(isDenied)('one turn takes a bounded slice and leaves the rest for the next', async () => {
  const socket = await open()
  for (let sequence = 1; sequence <= 100; sequence++) socket.send(sequence)
  await socket.ready(1000)
  expect(socket.receive()).toHaveLength(64)
  expect(await receive(socket, 36)).toHaveLength(36)
  socket.close()
})

test.skipIf(isDenied)('a wait without an answer ends by its time or when it is woken', async () => {
  const socket = await open()
  await socket.ready(5)
  expect(socket.receive()).toEqual([])
  const waiting = socket.ready(Number.POSITIVE_INFINITY)
  socket.wake()
  await waiting
  socket.close()
})

test.skipIf(isDenied)('a hundred opened and closed leave no descriptor behind', async () => {
  await open().then(socket => socket.close())
  const before = readdirSync('/proc/self/fd').length
  for (let round = 0; round < 100; round++) (await open()).close()
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before)
})

test('what is no address, or a zone that is none, is refused before a socket is made', async () => {
  await expect(open('fe80::1%nosuch')).rejects.toMatchObject({ code: 'ENODEV' })
})
