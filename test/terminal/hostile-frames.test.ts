import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startTerminals } from './terminal-server.ts'

const bytes = (...values: number[]) => Buffer.from(values)
const ackOf = (offset: bigint) => {
  const frame = Buffer.alloc(9, 2)
  frame.writeBigUInt64BE(offset, 1)
  return frame
}

test.each<[name: string, frame: Buffer | string, reason: string]>([
  ['an empty frame', bytes(), 'type byte'],
  ['an unknown type', bytes(4), 'type 4'],
  ["a type that is the server's alone", bytes(255, 1), 'type 255'],
  ['text', 'ls\r', 'binary'],
  ['text of a known type', '\0ls\r', 'binary'],
  ['a short resize', bytes(1, 0, 80), 'resize'],
  ['a resize to nothing', bytes(1, 0, 0, 0, 0), '0x0'],
  ['a resize past all screens', bytes(1, 255, 255, 255, 255), '65535x65535'],
  ['a short ack', bytes(2, 0), 'ack'],
  ['an ack of what was never sent', ackOf(1_000_000n), 'an ack of 1000000'],
  ['an ack past all numbers', ackOf(2n ** 64n - 1n), 'below 2^53'],
  ['a control that is no JSON', bytes(3, 0x7b), 'JSON'],
  ['an unknown control', Buffer.from('\u0003{"type":"steal"}'), 'take, give or kick'],
  ['a control of 10 KiB', Buffer.concat([bytes(3), Buffer.alloc(10_240, 0x20)]), '4096'],
  ['input past 1 MiB', Buffer.alloc((1 << 20) + 2), 'at most 1048577'],
  ['100 MB', Buffer.alloc(100_000_000), 'at most 1048577'],
])('%s closes its socket with 4400 and the reason, and the session lives on', async (_name, frame, reason) => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('echo ready; cat')
  const client = connect(id)
  await client.shows('ready')
  client.socket.send(frame)
  const closed = await client.closed
  expect(closed.code).toBe(4400)
  expect(closed.reason).toContain(reason)
  expect(sessions.get(id)).toMatchObject({ running: true, viewers: 0 })
  const next = connect(id)
  await next.shows('ready')
})

test('a client that was refused is no longer heard, even if it never hangs up', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('stty -echo; echo ready; cat')
  const client = connect(id)
  await client.shows('ready')
  client.socket.send(bytes(4))
  client.type('too late\r')
  client.socket.pause()
  while (sessions.get(id)?.viewers) await delay(5)
  const next = connect(id)
  await next.shows('ready')
  next.type('in time\r')
  await next.shows('in time')
  expect(next.text).not.toContain('too late')
})

test('acks that come late, twice, in any order and from within a frame hold nothing up and lose nothing', async () => {
  const { connect, run, sessions } = await startTerminals()
  const lines = 400_000
  const { id } = await run(`seq ${lines}`)
  const client = connect(id, 0, (from, to) => [from + 1, to, Math.ceil((from + to) / 2), from, 0, to])
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.bytes.length).toBe(sessions.get(id)?.nextOffset)
  expect(client.text.trimEnd().split('\r\n')).toEqual(Array.from({ length: lines }, (_, line) => String(line + 1)))
})

test('a frame in fragments, with a ping between them, is one frame', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('stty raw -echo; echo ready; head -c 9 | tr a-z A-Z')
  const client = connect(id)
  await client.shows('ready')
  client.socket.send(Buffer.from('\0who '), { fin: false })
  client.socket.ping()
  client.socket.send(Buffer.from('goes'), { fin: false })
  client.socket.send(Buffer.from('?'), { fin: true })
  await client.shows('WHO GOES?')
})

test('one byte under the limit passes', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('stty raw -echo; echo ready; head -c 1048576 | wc -c')
  const client = connect(id)
  await client.shows('ready')
  client.send({ type: 'input', bytes: Buffer.alloc(1 << 20, 'x') })
  await client.shows('1048576')
})

test('a stream that is asked for from past its end is refused, and so is one of no session', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('cat')
  expect(await connect(id, 10).closed).toMatchObject({ code: 4400, reason: expect.stringContaining('after=10') })
  expect(await connect('none').closed).toMatchObject({ code: 4404 })
})
