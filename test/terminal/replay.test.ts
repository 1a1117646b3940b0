import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { ReplayBudget } from '../../server/terminal/replay-budget.ts'
import { ReplayRing, smallestRingBytes } from '../../server/terminal/replay-ring.ts'
import { ackNothing, type TerminalClient } from './terminal-client.ts'
import { startTerminals } from './terminal-server.ts'

const MiB = 1 << 20

/** Lines that all differ, so that a byte lost, doubled or moved shows; `bytes` of them. */
const numbered = (bytes: number) => `stty -onlcr; for ((i = 0; i < ${bytes / 16}; i++)); do printf "%015d\\n" $i; done`
const expectedOf = (bytes: number) =>
  Buffer.from(Array.from({ length: bytes / 16 }, (_, index) => `${String(index).padStart(15, '0')}\n`).join(''))
/** The same, faster than anything can take it. */
const flood = (bytes: number) => `stty -onlcr; seq -f %015.0f 0 ${bytes / 16 - 1}`

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Output that stands still for 100 ms; gives its offset. */
async function standsStill(next: () => number): Promise<number> {
  for (let before = -1; ; ) {
    const now = next()
    if (now === before && now > 0) return now
    before = now
    await delay(100)
  }
}

test.each([
  ['as fast as it comes', flood],
  ['in small pieces', numbered],
])('a few MB are exact under forced disconnects, written %s', async (_name, script) => {
  const { connect, run } = await startTerminals()
  const bytes = script === flood ? 6 * MiB : MiB / 2
  const { id } = await run(script(bytes))
  const chunks: Uint8Array[] = []
  let offset = 0
  let drops = 0
  for (let client: TerminalClient | undefined; !client?.exit; ) {
    client = connect(id, offset)
    const current = client
    if (drops < 40) setTimeout(() => current.socket.terminate(), 5 + Math.random() * 40)
    await client.closed
    drops++
    chunks.push(...client.chunks)
    offset = client.offset
  }
  expect(drops).toBeGreaterThan(3)
  expect(offset).toBe(bytes)
  expect(digest(Buffer.concat(chunks))).toBe(digest(expectedOf(bytes)))
})

test('without acks only a window is sent, then the program waits, and all comes once they do', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run(flood(4 * MiB))
  const client = connect(id, undefined, ackNothing)
  await client.opened()
  const read = await standsStill(() => sessions.get(id)?.nextOffset ?? 0)
  expect(read).toBeLessThanOrEqual(2 * MiB)
  expect(client.offset).toBeLessThanOrEqual(MiB)
  expect(sessions.get(id)).toMatchObject({ oldestOffset: 0, running: true })
  client.ackAll()
  await client.closed
  expect(digest(client.bytes)).toBe(digest(expectedOf(4 * MiB)))
})

test('after a drop reading goes on until the ring is full, the program waits, and nothing is lost', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run(flood(4 * MiB))
  const first = connect(id)
  await first.shows('000000000000100')
  first.socket.terminate()
  await first.closed
  await standsStill(() => sessions.get(id)?.nextOffset ?? 0)
  expect(sessions.get(id)?.running).toBe(true)
  const second = connect(id, first.offset)
  await second.closed
  expect(digest(Buffer.concat([first.bytes, second.bytes]))).toBe(digest(expectedOf(4 * MiB)))
})

test('nobody is waited for without end: the program runs on, and the late client is shown where it got to', async () => {
  const { connect, run, sessions } = await startTerminals({ holdMs: 50, replayBytes: 256 * 1024 })
  const { id } = await run(flood(4 * MiB), { cols: 90, rows: 20 })
  while (sessions.get(id)?.running) await delay(20)
  expect(sessions.get(id)?.oldestOffset).toBeGreaterThan(16)
  const late = connect(id, 16)
  await late.closed
  expect(late.snapshots()).toMatchObject([{ type: 'snapshot', offset: 4 * MiB, cols: 90, rows: 20 }])
  const shown = Buffer.from(late.snapshots()[0]!.bytes).toString()
  const lines = expectedOf(4 * MiB)
    .toString()
    .trimEnd()
    .split('\n')
  for (const line of lines.slice(-1000)) expect(shown).toContain(line)
  expect(late.text).toBe('')
  expect(late.exit).toMatchObject({ status: 0 })
})

test('a slower viewer is not waited for: it starts again while the faster one gets every byte', async () => {
  const { connect, run } = await startTerminals({ replayBytes: 256 * 1024 })
  const { id } = await run(`read go; ${flood(4 * MiB)}`)
  const [fast, slow] = [await connect(id).opened(), await connect(id, undefined, ackNothing).opened()]
  fast.type('\r')
  await fast.closed
  expect(fast.snapshots()).toEqual([])
  expect(
    fast.text.endsWith(
      expectedOf(4 * MiB)
        .subarray(-1024)
        .toString(),
    ),
  ).toBe(true)
  slow.ackAll()
  await slow.closed
  expect(slow.snapshots().length).toBeGreaterThan(0)
  expect(slow.exit).toMatchObject({ status: 0 })
  expect(fast.text.endsWith(slow.text)).toBe(true)
})

test('one that never acks gets one window of a flood, however often the ring goes past it', async () => {
  const { connect, run } = await startTerminals({ replayBytes: 256 * 1024 })
  const { id } = await run(`read go; ${flood(4 * MiB)}`)
  const [fast, silent] = [await connect(id).opened(), await connect(id, undefined, ackNothing).opened()]
  fast.type('\r')
  await fast.closed
  // Its pong comes after all that was sent before it.
  silent.socket.ping()
  await once(silent.socket, 'pong')
  expect(silent.snapshots()).toEqual([])
  expect(silent.offset).toBeLessThanOrEqual(defaultLimits.minWindowBytes)
})

test('a client that neither answers pings nor acks is lost', async () => {
  const { connect, run, sessions } = await startTerminals({ pingMs: 50, lostMs: 500 })
  const { id } = await run('sleep 60')
  const client = await connect(id).opened()
  await delay(1000)
  expect(sessions.get(id)?.viewers).toBe(1)
  client.socket.pause()
  while (sessions.get(id)?.viewers) await delay(10)
})

test('a client that is gone while its input waits is lost once no output leaves for it any more', async () => {
  const { connect, run, sessions } = await startTerminals({ pingMs: 20, lostMs: 200, inputBytes: 64 * 1024 })
  const { id } = await run('stty raw -echo; echo ready; sleep 0.5; yes')
  const client = connect(id)
  await client.shows('ready')
  client.send({ type: 'input', bytes: Buffer.alloc(MiB, 'x') })
  await client.shows('y')
  client.socket.pause()
  while (sessions.get(id)?.viewers) await delay(10)
  expect(sessions.get(id)?.running).toBe(true)
})

test('a client whose input waits for long is kept while nothing is due to it', async () => {
  const { connect, run, sessions } = await startTerminals({ pingMs: 20, lostMs: 200, inputBytes: 64 * 1024 })
  const { id } = await run('stty raw -echo; echo ready; sleep 0.8; echo awake; sleep 0.4; head -c 1000000 | wc -c')
  const first = connect(id)
  await first.shows('ready')
  first.socket.terminate()
  while (sessions.get(id)?.viewers) await delay(5)
  const client = connect(id, first.offset)
  await client.opened()
  client.send({ type: 'input', bytes: Buffer.alloc(1_000_000, 'x') })
  await client.shows('1000000')
  expect(client.text).toMatch(/^awake\r?\n1000000/)
})

test('a ring keeps its last bytes in order, whatever the pieces, while it grows and after', () => {
  const budget = new ReplayBudget(MiB)
  const ring = new ReplayRing(64 * 1024, budget)
  const stream = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251))
  for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 5 + 3) % 9000) {
    ring.append(stream.subarray(at, at + size))
    const held = Buffer.alloc(ring.end - ring.start)
    ring.copy(ring.start, held)
    expect(held.equals(stream.subarray(ring.start, ring.end))).toBe(true)
  }
  expect(ring.end).toBe(stream.length)
  expect(ring.end - ring.start).toBe(64 * 1024)
  ring.release()
  expect(budget.left).toBe(MiB)
  expect([ring.start, ring.end, ring.capacity]).toEqual([300_000, 300_000, 0])
})

test('rings share one budget: when it is spent a new one stays small, and says how much fits', () => {
  const budget = new ReplayBudget(60 * 1024)
  const [greedy, late] = [new ReplayRing(MiB, budget), new ReplayRing(MiB, budget)]
  expect(late.room(0)).toBe(64 * 1024)
  greedy.append(Buffer.alloc(MiB))
  expect(greedy.capacity).toBe(64 * 1024)
  expect(late.room(0)).toBe(smallestRingBytes)
  late.append(Buffer.alloc(MiB))
  expect(late.capacity).toBe(smallestRingBytes)
  expect(late.room(late.end - 1000)).toBe(smallestRingBytes - 1000)
})
