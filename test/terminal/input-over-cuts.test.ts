import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { closeCode } from '../../server/protocol/terminal-frames.ts'
import { fullAccess } from '../../server/terminal/links.ts'
import { InputQueue } from '../../web/terminal/input-queue.ts'
import { ackFrames, type TerminalClient } from './terminal-client.ts'
import { startTerminals } from './terminal-server.ts'

const received = (client: TerminalClient) => client.frames.filter(frame => frame.type === 'received')

/** What the next connection of a client with this name is told first. */
async function greeted(client: TerminalClient): Promise<number> {
  await client.gets(frame => frame.type === 'state')
  return received(client)[0]!.offset
}

test('a million bytes typed through 30 cuts arrive exactly once, in order', { timeout: 60_000 }, async () => {
  const { connect, run } = await startTerminals()
  const typed = randomBytes(1_000_000)
  const { id } = await run(`stty raw -echo; printf ready; head -c ${typed.length} | sha256sum`)
  const input = new InputQueue()
  const dial = () => connect(id, 0, ackFrames, fullAccess, 'a-page')
  let client = dial()
  await client.shows('ready')
  let added = 0
  for (let cuts = 0; cuts <= 30; cuts++) {
    input.rewind(await greeted(client))
    const until = cuts === 30 ? typed.length : Math.floor((typed.length * (cuts + Math.random())) / 31)
    while (added < until) {
      const end = Math.min(until, added + 1 + Math.floor(Math.random() * 9000))
      input.add(typed.subarray(added, end), false)
      added = end
    }
    for (const bytes of input.take()) client.send({ type: 'input', bytes })
    if (cuts === 30) break
    // Some cuts come before a byte has left, some when all has arrived.
    if (cuts % 3 > 0) await delay(Math.random() * 4)
    client.socket.terminate()
    client = dial()
  }
  await client.shows(createHash('sha256').update(typed).digest('hex'))
  await client.gets(frame => frame.type === 'received' && frame.offset > typed.length - 16_384 - 1)
})

test('an earlier connection of a client is closed when it comes by another, which writes in its place', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('stty -echo; echo ready; while read -r line; do echo "<$line>"; done')
  const dial = () => connect(id, 0, ackFrames, fullAccess, 'a-page')
  const other = connect(id, 0, ackFrames, fullAccess, 'another-page')
  await other.shows('ready')
  other.send({ type: 'control', control: { type: 'give' } })
  const first = await dial().opened()
  await first.shows('ready')
  first.type('one\r')
  await first.shows('<one>')
  // It is stuck: the end of it doesn't show at either side.
  first.socket.pause()
  first.type('late')
  const second = await dial().opened()
  expect([4, 8]).toContain(await greeted(second))
  expect(second.state()?.role).toBe('writer')
  await second.gets(frame => frame.type === 'state' && frame.state.viewers.length === 2)
  expect(sessions.get(id)?.viewers).toBe(2)
  first.socket.resume()
  expect((await first.closed).code).toBe(closeCode.replaced)
  expect(await greeted(other)).toBe(0)
})

test('a client hears at the latest by the next heartbeat how much has arrived; one without a name hears nothing', async () => {
  const { connect, run } = await startTerminals({ pingMs: 50 })
  const { id } = await run('stty raw -echo; printf ready; exec cat')
  const named = connect(id, 0, ackFrames, fullAccess, 'a-page')
  await named.shows('ready')
  named.type('x')
  await named.gets(frame => frame.type === 'received' && frame.offset === 1)
  named.type('y'.repeat(20_000))
  await named.gets(frame => frame.type === 'received' && frame.offset === 20_001)
  const nameless = connect(id)
  await nameless.gets(frame => frame.type === 'state')
  await once(nameless.socket, 'ping')
  expect(received(nameless)).toEqual([])
})
