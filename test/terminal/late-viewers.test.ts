import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { opened, shownBy, stateOf } from './screen/emulators.ts'
import { ackNothing, type TerminalClient } from './terminal-client.ts'
import { startTerminals } from './terminal-server.ts'

const KiB = 1024
const hasSnapshot = (client: TerminalClient) => client.gets(({ type }) => type === 'snapshot')

/** Both show the same when nothing more comes: what the first was sent from the first byte on, and what the late one restored. */
function expectSame(late: TerminalClient, first: TerminalClient, size = { cols: 80, rows: 24 }) {
  expect(late.offset).toBe(first.offset)
  expect(stateOf(shownBy(late))).toEqual(stateOf(opened(first.bytes, size.cols, size.rows)))
}

test('who comes late without an offset gets the screen, its scrollback and its modes, and then what is printed', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run(
    `printf '\\e[?2004h\\e[5 q\\e[31m'; seq 1 3000; printf '\\e[3;7r\\e[?1049h\\e[2;2Hhere 中文'; read go; printf '\\nmore\\e[?1049l'; read end`,
  )
  const first = connect(id)
  await first.shows('中文')
  const late = connect(id, null)
  await hasSnapshot(late)
  expectSame(late, first)
  expect(late.snapshots()).toMatchObject([{ cols: 80, rows: 24, offset: first.offset }])
  first.type('\r')
  await Promise.all([first.shows('1049l'), late.shows('1049l')])
  expectSame(late, first)
})

test('of a session that has printed nothing there is no snapshot', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('read go; echo first; read end')
  const early = connect(id, null)
  await early.gets(({ type }) => type === 'state')
  early.type('\r')
  await early.shows('first')
  expect(early.snapshots()).toEqual([])
})

test('an offset that is held brings exact bytes, one that no longer is the screen', async () => {
  const { connect, run } = await startTerminals({ replayBytes: 64 * KiB })
  const { id } = await run('seq 1 50000; echo done; read end')
  const first = connect(id)
  await first.shows('done')
  const [exact, lost] = [connect(id, first.offset - 1000), connect(id, 1000)]
  await exact.shows('done')
  expect(exact.snapshots()).toEqual([])
  expect(exact.bytes.equals(first.bytes.subarray(-1000))).toBe(true)
  await hasSnapshot(lost)
  expectSame(lost, first)
})

test('one that fell behind is given the screen, and goes on from there', async () => {
  const { connect, run } = await startTerminals({ replayBytes: 256 * KiB })
  const { id } = await run('read go; seq 1 400000; read again; echo the end; read end')
  const [fast, slow] = [connect(id), connect(id, 0, ackNothing)]
  await Promise.all([fast.opened(), slow.opened()])
  fast.type('\r')
  await fast.shows(/\n400000\r\n$/)
  slow.ackAll()
  await hasSnapshot(slow)
  expectSame(slow, fast)
  slow.ackAll()
  fast.type('\r')
  await Promise.all([fast.shows('the end'), slow.shows('the end')])
  expectSame(slow, fast)
})

test('a snapshot that is not acked is followed by one window of output, and by no other snapshot', async () => {
  const { connect, run } = await startTerminals({ replayBytes: 256 * KiB })
  const { id } = await run('echo ready; read go; seq 1 400000; read end')
  const fast = connect(id)
  await fast.shows('ready')
  const silent = connect(id, null, ackNothing)
  await hasSnapshot(silent)
  fast.type('\r')
  await fast.shows(/\n400000\r\n$/)
  silent.socket.ping()
  await new Promise(resolve => silent.socket.once('pong', resolve))
  expect(silent.snapshots().length).toBe(1)
  expect(silent.bytes.length).toBeLessThanOrEqual(defaultLimits.minWindowBytes)
})

test('sizes are those that each part was printed for', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run(`stty -echo; while stty size; printf 'x%.0s' {1..150}; echo; read go; do :; done`)
  const first = connect(id)
  await first.shows(/24 80\r\nx+\r\n/)
  first.send({ type: 'resize', cols: 60, rows: 20 })
  first.type('\r')
  await first.shows(/20 60\r\nx+\r\n/)
  first.send({ type: 'resize', cols: 100, rows: 30 })
  first.type('\r')
  await first.shows(/30 100\r\nx+\r\n/)
  const late = connect(id, null)
  await hasSnapshot(late)
  const emulator = opened('')
  const [before, after] = [first.text.indexOf('20 60'), first.text.indexOf('30 100')]
  emulator.write(Buffer.from(first.text.slice(0, before)))
  emulator.resize({ cols: 60, rows: 20 })
  emulator.write(Buffer.from(first.text.slice(before, after)))
  emulator.resize({ cols: 100, rows: 30 })
  emulator.write(Buffer.from(first.text.slice(after)))
  expect(stateOf(shownBy(late))).toEqual(stateOf(emulator))
})

test('a session that has ended shows its last screen, and then how it ended', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run(`seq 1 3000; printf '\\e[35mlast words\\e[2'; exit 3`)
  const first = connect(id)
  await first.closed
  const late = connect(id, null)
  await late.closed
  expect(late.exit).toMatchObject({ status: 3 })
  expectSame(late, first)
})

test('sessions that have ended keep their screens where their output had to go', async () => {
  const { connect, run, sessions } = await startTerminals({ replayBudgetBytes: 1024 * KiB })
  const first = await run('seq 1 100000')
  while (sessions.get(first.id)?.running) {
    // It may run on once it was read from.
    const client = connect(first.id)
    await client.closed
  }
  const { id } = await run('seq 200000 300000')
  await connect(id).closed
  while (sessions.get(first.id)!.oldestOffset < sessions.get(first.id)!.nextOffset) await delay(10)
  const late = connect(first.id, null)
  await late.closed
  expect(late.exit).toMatchObject({ status: 0 })
  const whole = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join('')
  expect(stateOf(shownBy(late))).toEqual(stateOf(opened(whole)))
})

test('a program that sets its title to a megabyte has a thousand characters of it shown, and one that sets another at once the last', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run(
    `printf '\\e]2;'; head -c 1000000 /dev/zero | tr '\\0' T; printf '\\a'; read go; for i in {1..500}; do printf "\\e]0;title $i\\a"; done; read end`,
    { name: 'its name' },
  )
  const client = connect(id)
  const titled = (title: string) => client.gets(frame => frame.type === 'state' && frame.state.title === title)
  await titled('T'.repeat(1000))
  expect(sessions.get(id)).toMatchObject({ title: 'T'.repeat(1000), name: 'its name' })
  client.type('\r')
  await titled('title 500')
  expect(client.frames.filter(({ type }) => type === 'state').length).toBeLessThan(50)
  const late = connect(id, null)
  await hasSnapshot(late)
  expect(Buffer.from(late.snapshots()[0]!.bytes).toString()).toContain('\x1b]2;title 500\x1b\\')
  expect(late.snapshots()[0]!.bytes.length).toBeLessThan(10_000)
})

test('a sequence that is half printed when one comes is whole for it too', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run(`printf 'black\\e[3'; read -s go; printf '1mred'; read end`)
  const first = connect(id)
  await first.shows('black')
  const late = connect(id, null)
  await hasSnapshot(late)
  first.type('\r')
  await Promise.all([first.shows('red'), late.shows('red')])
  expectSame(late, first)
})
