import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import type { Exchange } from '../../../server/net/dns/exchange.ts'
import { encodeQuery } from '../../../server/net/dns/query.ts'
import { exchangeTcp } from '../../../server/net/dns/tcp.ts'
import { exchangeUdp } from '../../../server/net/dns/udp.ts'
import { type Answering, type DnsServer, responseTo, startDnsServer } from './dns-server.ts'

const transports = { udp: exchangeUdp, tcp: exchangeTcp }
let server: DnsServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const answers = [{ name: 'a.example', type: 'A', ttl: 5, data: '192.0.2.1' } as const]

async function ask(
  transport: keyof typeof transports,
  answering: Answering,
  { timeoutMs = 5000, signal = new AbortController().signal } = {},
): Promise<Exchange> {
  server = await startDnsServer(answering)
  const query = encodeQuery('a.example', 'A', 'IN', { recurse: true, ednsUdpSize: 1232, dnssec: false }, linuxAt('/'))
  const { exchange } = await transports[transport](query, server, { timeoutMs, signal, clock: systemClock })
  return exchange
}

describe.each(['udp', 'tcp'] as const)('over %s', transport => {
  test('an answer comes back whole', async () => {
    expect(await ask(transport, () => ({ answers }))).toMatchObject({
      message: { rcode: 'NOERROR', answers: [{ name: 'a.example.', data: '192.0.2.1' }] },
    })
  })

  test('the question may come back in another case, or missing where the server could not read it', async () => {
    expect(await ask(transport, () => ({ questions: [{ name: 'A.Example', type: 'A' }], answers }))).toHaveProperty(
      'message',
    )
    await server?.close()
    expect(await ask(transport, () => ({ questions: [], flags: 1 }))).toMatchObject({ message: { rcode: 'FORMERR' } })
  })

  test('silence is a timeout', async () => {
    expect(await ask(transport, () => undefined, { timeoutMs: 50 })).toMatchObject({ reason: 'timeout' })
  })

  test('another id, another question or a query instead of a response is mismatched', async () => {
    const patience = { timeoutMs: 150 }
    const wrongId = await ask(transport, ({ packet }) => ({ id: (packet.id ?? 0) ^ 1, answers }), patience)
    expect(wrongId).toMatchObject({ reason: 'mismatched', detail: expect.stringContaining('ID mismatch') })
    await server?.close()
    const wrongQuestion = await ask(transport, () => ({ questions: [{ name: 'b.example', type: 'A' }] }), patience)
    expect(wrongQuestion).toMatchObject({ reason: 'mismatched', detail: expect.stringContaining('got b.example/A/IN') })
    await server?.close()
    const echo = await ask(transport, ({ packet }) => responseTo(packet, { type: 'query' }), patience)
    expect(echo).toMatchObject({ reason: 'mismatched' })
  })

  test('a compression loop is malformed', async () => {
    const loop: Answering = ({ packet }) => {
      const bytes = responseTo(packet, { answers })
      const afterQuestion = 12 + 'a.example'.length + 2 + 4
      return Buffer.concat([bytes.subarray(0, afterQuestion), Buffer.from([0xc0, afterQuestion, 0, 1, 0, 1])])
    }
    expect(await ask(transport, loop)).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('compression loop'),
    })
  })

  test('cancelling ends the wait at once', async () => {
    const asking = ask(transport, () => undefined, { timeoutMs: 60_000, signal: AbortSignal.timeout(50) })
    await expect(asking).rejects.toThrow()
  })

  test('a port where nobody listens is refused', async () => {
    const closed = await startDnsServer(() => undefined)
    await closed.close()
    const query = encodeQuery('a.example', 'A', 'IN', { recurse: true, ednsUdpSize: null, dnssec: false }, linuxAt('/'))
    const limits = { timeoutMs: 5000, signal: new AbortController().signal, clock: systemClock }
    expect(await transports[transport](query, closed, limits)).toMatchObject({ exchange: { reason: 'refused' } })
  })
})

test('over UDP a forged answer before the true one is passed over', async () => {
  const forging = createSocket('udp4')
  forging.on('message', (bytes, peer) => {
    const forged = Buffer.from(bytes)
    forged[0]! ^= 1
    forging.send(forged, peer.port, peer.address)
    forging.send(
      responseTo({ id: bytes.readUInt16BE(0), questions: [{ name: 'a.example', type: 'A' }] }, { answers }),
      peer.port,
      peer.address,
    )
  })
  forging.bind(0, '127.0.0.1')
  await once(forging, 'listening')
  const query = encodeQuery('a.example', 'A', 'IN', { recurse: true, ednsUdpSize: null, dnssec: false }, linuxAt('/'))
  const limits = { timeoutMs: 5000, signal: new AbortController().signal, clock: systemClock }
  const { exchange } = await exchangeUdp(query, { address: '127.0.0.1', port: forging.address().port }, limits)
  forging.close()
  expect(exchange).toHaveProperty('message')
})

describe('over TCP', () => {
  async function askStream(onQuery: (write: (bytes: Buffer) => void, end: () => void, query: Buffer) => void) {
    const listener = createServer(socket => {
      socket.on('error', () => undefined)
      socket.once('data', bytes =>
        onQuery(
          chunk => socket.write(chunk),
          () => socket.end(),
          bytes.subarray(2),
        ),
      )
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const query = encodeQuery('a.example', 'A', 'IN', { recurse: true, ednsUdpSize: null, dnssec: false }, linuxAt('/'))
    const limits = { timeoutMs: 5000, signal: new AbortController().signal, clock: systemClock }
    const { exchange } = await exchangeTcp(query, { address: '127.0.0.1', port }, limits)
    listener.close()
    return exchange
  }

  test('an answer that comes octet by octet is put together', async () => {
    const exchange = await askStream(async (write, _end, query) => {
      const answer = responseTo(
        { id: query.readUInt16BE(0), questions: [{ name: 'a.example', type: 'A' }] },
        { answers },
      )
      for (const octet of [0, answer.length, ...answer]) {
        write(Buffer.from([octet]))
        await new Promise(resolve => setImmediate(resolve))
      }
    })
    expect(exchange).toMatchObject({ message: { answers: [{ data: '192.0.2.1' }] } })
  })

  test('a connection that ends before the answer does is closed', async () => {
    expect(await askStream((_write, end) => end())).toMatchObject({ reason: 'closed' })
    const half = await askStream((write, end) => {
      write(Buffer.from([0, 99, 1, 2, 3]))
      end()
    })
    expect(half).toMatchObject({ reason: 'closed' })
  })
})
