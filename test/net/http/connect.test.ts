import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { type Attempt, connectAny } from '../../../server/net/http/connect.ts'
import { findAddresses, parseGiven } from '../../../server/net/http/lookup.ts'

const never = new AbortController().signal
const names = { clock: systemClock, linux: linuxAt('/'), signal: never }

test('addresses given by hand are read as curl does', () => {
  expect(parseGiven('example.org:443:192.0.2.1,[2001:db8::1]')).toEqual({
    host: 'example.org',
    port: 443,
    addresses: [
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ],
  })
  for (const bad of ['', 'a:1', 'a:70000:192.0.2.1', 'a:1:b', 'a:1:', ':1:192.0.2.1'])
    expect(parseGiven(bad)).toBeUndefined()
})

test('given addresses hold for their host and port alone, a star for every host', async () => {
  const given = [parseGiven('*:81:192.0.2.2')!, parseGiven('a.example:80:192.0.2.1')!]
  expect(await findAddresses('A.example', 80, given, undefined, names)).toMatchObject({ source: 'given' })
  expect((await findAddresses('b.example', 81, given, undefined, names)).addresses[0]?.address).toBe('192.0.2.2')
  await expect(findAddresses('a.example', 80, given, 6, names)).rejects.toMatchObject({ reason: 'not_found' })
})

test('families take turns, and the first address that answers wins', async () => {
  const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const addresses = (['127.0.0.2', '127.0.0.3', '127.0.0.1'] as const).map(address => ({ address, family: 4 as const }))
  const attempts: Attempt[] = []
  const running = connectAny([...addresses, { address: '::1', family: 6 }], port, systemClock, never)
  let step = await running.next()
  for (; !step.done; step = await running.next()) attempts.push(step.value)
  step.value.socket.destroy()
  server.close()
  expect(attempts.map(({ address, state }) => `${address} ${state}`)).toEqual([
    '127.0.0.2 failed',
    '::1 failed',
    '127.0.0.3 failed',
    '127.0.0.1 connected',
  ])
})

test('who leaves at the attempt that connected leaves no connection behind', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  for await (const { state } of connectAny([{ address: '127.0.0.1', family: 4 }], port, systemClock, never)) {
    expect(state).toBe('connected')
    break
  }
  const [socket] = await accepted
  socket.resume()
  await once(socket, 'close')
  server.close()
})
