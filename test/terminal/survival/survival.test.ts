import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Acks, ackFrames, ackNothing, ackOften, ackSeldom, type TerminalClient } from '../terminal-client.ts'
import { expectedBytes, type House, printing, startHouse } from './house.ts'

const MB = 1_000_000
/** Of the tests that are not about the longest way. */
const bytes = 30 * MB
/** What the server may hold beyond its start: ring, windows, the screen, and V8's young objects; far below what was printed. */
const stated = 48 * MB

let expected: Buffer
beforeAll(() => {
  expected = expectedBytes(100 * MB)
})

/** Where the connection breaks: at any byte, also within a frame, whose rest is then lost. */
const randomOffsets = (count: number, bytes: number) =>
  Array.from({ length: count }, () => Math.floor(Math.random() * bytes)).sort((a, b) => a - b)

const isExpected = (chunk: Uint8Array, offset: number) =>
  expected.compare(chunk, 0, chunk.length, offset, offset + chunk.length) === 0

/**
 * Takes output from `offset` up to `until`, acks what it took and nothing else, and breaks off there. Throws at the first wrong
 * byte, and when bytes are left out.
 */
async function takeUntil(
  house: House,
  id: string,
  offset: number,
  until: number,
  acks: Acks = ackFrames,
): Promise<void> {
  const client = house.connect(id, offset, ackNothing)
  for (let at = offset; at < until; ) {
    const chunk = client.chunks.shift()?.subarray(0, until - at)
    if (!chunk) await Promise.race([once(client.socket, 'message'), client.closed])
    else if (!isExpected(chunk, at)) throw new Error(`wrong bytes between ${at} and ${at + chunk.length}`)
    else at = take(client, at, at + chunk.length, acks)
    const isOver = client.exit !== undefined || client.socket.readyState === client.socket.CLOSED
    if (!chunk && client.chunks.length === 0 && isOver) throw new Error(`the end came at ${at}`)
  }
  expect(client.snapshots()).toEqual([])
  client.socket.terminate()
  await client.closed
}

function take(client: TerminalClient, from: number, to: number, acks: Acks): number {
  if (client.socket.readyState === client.socket.OPEN)
    for (const offset of acks(from, to)) client.send({ type: 'ack', offset })
  return to
}

/** Keeps typing into another session for as long as `work` takes; gives how often an echo came. */
async function echoesDuring(house: House, work: Promise<unknown>): Promise<number> {
  const id = await house.run('stty raw -echo; echo ready; cat')
  const client = house.connect(id)
  await client.shows('ready')
  let done = false
  const over = () => {
    done = true
  }
  work.then(over, over)
  let echoes = 0
  for (; !done; echoes++) {
    client.chunks.length = 0
    client.type('x')
    await client.shows('x')
    await delay(5)
  }
  await work
  return echoes
}

test('100 MB come exactly once through 50 cuts at random bytes, acked often, seldom and after each frame, in bounded memory', async () => {
  const bytes = 100 * MB
  const house = await startHouse()
  const memory = house.memory.watch()
  const id = await house.run(printing(bytes))
  const policies = [ackFrames, ackOften, ackSeldom]
  const work = async () => {
    const stops = [0, ...randomOffsets(50, bytes), bytes]
    for (const [index, cut] of stops.slice(1).entries())
      await takeUntil(house, id, stops[index]!, cut, policies[index % policies.length])
  }
  expect(await echoesDuring(house, work())).toBeGreaterThan(50)
  expect(memory.used()).toBeLessThan(stated)
}, 240_000)

test('a client that is stopped again and again, once for so long that it is lost, gets every byte once', async () => {
  const house = await startHouse({ pingMs: 200, lostMs: 1000 })
  const memory = house.memory.watch()
  const id = await house.run(printing(bytes))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'client.ts'), house.address(id), String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const stops = async () => {
    const pauses = [150, 300, 2500, 100]
    let last = { offset: 0, connections: 0, digest: '' }
    for await (const line of createInterface(child.stdout)) {
      last = JSON.parse(line)
      if (last.offset < (bytes / 5) * (5 - pauses.length)) continue
      const pause = pauses.shift()
      if (pause === undefined) continue
      child.kill('SIGSTOP')
      await delay(pause)
      child.kill('SIGCONT')
    }
    return last
  }
  const work = stops()
  expect(await echoesDuring(house, work)).toBeGreaterThan(100)
  const { offset, connections, digest } = await work
  expect([offset, digest]).toEqual([bytes, createHash('sha256').update(expected.subarray(0, bytes)).digest('hex')])
  expect(connections).toBeGreaterThan(1)
  expect(memory.used()).toBeLessThan(stated)
}, 120_000)

test('one that never acks gets a window, and all goes on for one who does', async () => {
  const house = await startHouse()
  const memory = house.memory.watch()
  const id = await house.run(printing(bytes))
  const silent = house.connect(id, 0, ackNothing)
  await silent.opened()
  const work = takeUntil(house, id, 0, bytes)
  expect(await echoesDuring(house, work)).toBeGreaterThan(50)
  expect(silent.offset).toBeLessThanOrEqual(1 << 20)
  expect(isExpected(silent.bytes, 0)).toBe(true)
  expect(memory.used()).toBeLessThan(stated)
}, 120_000)

test('a slow second viewer holds nobody back, and what it gets is right', async () => {
  const house = await startHouse()
  const memory = house.memory.watch()
  const id = await house.run(printing(bytes))
  const slow = house.connect(id, 0, ackNothing)
  const dripping = setInterval(() => slow.send({ type: 'ack', offset: slow.offset }), 250)
  onTestFinished(() => clearInterval(dripping))
  await slow.opened()
  const work = takeUntil(house, id, 0, bytes)
  expect(await echoesDuring(house, work)).toBeGreaterThan(50)
  expect(slow.snapshots().length).toBeGreaterThan(0)
  expect(isExpected(slow.bytes, slow.snapshots().at(-1)!.offset)).toBe(true)
  expect(slow.offset).toBeLessThan(bytes)
  expect(memory.used()).toBeLessThan(stated)
}, 120_000)
