import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { TerminalState } from '../../server/protocol/terminal-frames.ts'
import { fullAccess } from '../../server/terminal/links.ts'
import { ackFrames, type TerminalClient } from './terminal-client.ts'
import { startTerminals } from './terminal-server.ts'

const watching = { readOnly: true, byLink: true }
const byLink = { readOnly: false, byLink: true }

const learns = (client: TerminalClient, fits: (state: TerminalState) => boolean) =>
  client.gets(frame => frame.type === 'state' && fits(frame.state))
const becomes = (client: TerminalClient, role: 'writer' | 'reader') =>
  client.getsNext(frame => frame.type === 'state' && frame.state.role === role)

/** Two that may write, the first with the pen, on a program that echoes lines and tells of each new size. */
async function twoViewers() {
  const house = await startTerminals()
  const { id } = await house.run(`stty -echo; echo ready; while :; do
    read -rt 0.1 line && echo "<$line>"
    now=$(stty size); [ "$now" = "$before" ] || echo "$now"; before=$now
  done`)
  const first = house.connect(id)
  await first.shows('ready')
  const second = house.connect(id)
  await second.shows('ready')
  await learns(first, ({ viewers }) => viewers.length === 2)
  return { ...house, id, first, second, idOf: (client: TerminalClient) => client.state()!.viewer }
}

test('the first who comes writes, the next one watches, and what a watcher types is dropped and answered by who writes', async () => {
  const { first, second } = await twoViewers()
  expect(first.state()).toMatchObject({ role: 'writer', readOnly: false })
  expect(second.state()).toMatchObject({
    role: 'reader',
    viewers: [{ role: 'writer' }, { role: 'reader', readOnly: false }],
  })
  const answered = becomes(second, 'reader')
  second.type('unheard\r')
  await answered
  first.type('heard\r')
  await second.shows('<heard>')
  expect(second.text).not.toContain('unheard')
})

test('the pen is taken, and the size follows it', async () => {
  const { first, second, sessions, id } = await twoViewers()
  first.send({ type: 'resize', cols: 100, rows: 30 })
  await first.shows('30 100')
  second.send({ type: 'resize', cols: 60, rows: 20 })
  const [writes, watches] = [becomes(second, 'writer'), becomes(first, 'reader')]
  expect(sessions.get(id)).toMatchObject({ cols: 100, rows: 30 })
  second.send({ type: 'control', control: { type: 'take' } })
  await Promise.all([writes, watches])
  await first.shows('20 60')
  expect(first.state()).toMatchObject({ role: 'reader', size: { cols: 60, rows: 20 } })
  first.send({ type: 'resize', cols: 90, rows: 25 })
  second.type('mine\r')
  await first.shows('<mine>')
  expect(sessions.get(id)).toMatchObject({ cols: 60, rows: 20 })
})

test('the pen is given to one who may write, and only by the one who has it', async () => {
  const { first, second, idOf } = await twoViewers()
  const still = becomes(second, 'reader')
  second.send({ type: 'control', control: { type: 'give', viewer: idOf(second) } })
  await still
  expect(first.state()?.role).toBe('writer')
  const writes = becomes(second, 'writer')
  first.send({ type: 'control', control: { type: 'give', viewer: idOf(second) } })
  await writes
})

test('a pen laid down goes to the first who types', async () => {
  const { first, second } = await twoViewers()
  const free = becomes(first, 'reader')
  first.send({ type: 'control', control: { type: 'give' } })
  await free
  const writes = becomes(second, 'writer')
  second.type('picked up\r')
  await writes
  await second.shows('<picked up>')
})

test('a writer who was cut off and comes back writes again, while another watches', async () => {
  const { first, second, connect, id } = await twoViewers()
  first.socket.terminate()
  await learns(second, ({ viewers }) => viewers.length === 1)
  expect(second.state()?.role).toBe('reader')
  const back = connect(id, first.offset)
  await learns(back, ({ role }) => role === 'writer')
})

test('a viewer is sent away with 4403 by the one who writes, and by nobody else', async () => {
  const { first, second, idOf } = await twoViewers()
  const answered = becomes(second, 'reader')
  second.send({ type: 'control', control: { type: 'kick', viewer: idOf(first) } })
  await answered
  first.send({ type: 'control', control: { type: 'kick', viewer: idOf(second) } })
  expect(await second.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('sent you away') })
  first.type('alone\r')
  await first.shows('<alone>')
})

test.each([
  ['input', { type: 'input', bytes: Buffer.from('no\r') }],
  ['a control', { type: 'control', control: { type: 'take' } }],
] as const)('a read-only viewer sends %s and is closed with 4403', async (_name, frame) => {
  const { connect, id, first } = await twoViewers()
  const watcher = connect(id, undefined, ackFrames, watching)
  await watcher.shows('ready')
  expect(watcher.state()).toMatchObject({ role: 'reader', readOnly: true })
  watcher.send({ type: 'resize', cols: 10, rows: 5 })
  watcher.send(frame)
  expect(await watcher.closed).toMatchObject({ code: 4403, reason: 'this link may only watch' })
  first.type('yes\r')
  await first.shows('<yes>')
  expect(first.text).not.toContain('<no>')
  expect(first.state()?.size).toEqual({ cols: 80, rows: 24 })
})

test('a read-only viewer has the pen neither when it comes first nor when it is given', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('echo ready; cat')
  const watcher = connect(id, undefined, ackFrames, watching)
  await watcher.shows('ready')
  const writer = connect(id)
  await learns(writer, ({ role, viewers }) => role === 'writer' && viewers.length === 2)
  const answered = becomes(writer, 'writer')
  writer.send({ type: 'control', control: { type: 'give', viewer: watcher.state()!.viewer } })
  await answered
  expect(watcher.state()?.role).toBe('reader')
})

test('links end together, and those who came by one leave; the others stay', async () => {
  const { sessions, connect, id, first } = await twoViewers()
  const token = sessions.makeLink(id, false)!
  expect(sessions.accessBy(id, token)).toEqual(byLink)
  expect(sessions.accessBy(id, 'no link')).toBeUndefined()
  const guest = connect(id, undefined, ackFrames, byLink)
  await guest.shows('ready')
  expect(sessions.revokeLinks(id)).toBe(true)
  expect(await guest.closed).toMatchObject({ code: 4403, reason: 'this link was ended' })
  expect(sessions.accessBy(id, token)).toBeUndefined()
  first.type('here\r')
  await first.shows('<here>')
})

test('a session has 32 links at most', async () => {
  const { sessions, run } = await startTerminals()
  const { id } = await run('cat')
  for (let made = 0; made < 32; made++) sessions.makeLink(id, true)
  expect(() => sessions.makeLink(id, true)).toThrow('32 links')
  sessions.revokeLinks(id)
  expect(sessions.makeLink(id, true)).toBeDefined()
})

test('what runs in the foreground is told, with where it stands; at a prompt there is nothing', async () => {
  const { connect, create, sessions } = await startTerminals()
  const { id } = await create()
  const client = connect(id)
  await client.shows(/[$#] /)
  expect(sessions.get(id)).toMatchObject({ foreground: null, cwd: '/', name: null })
  client.type('cd /usr && tail -f /dev/null\r')
  while (sessions.get(id)?.foreground?.comm !== 'tail') await delay(10)
  expect(sessions.get(id)?.cwd).toBe('/usr')
  client.type('\x03')
  while (sessions.get(id)?.foreground) await delay(10)
})

test('a program started in place of the shell counts as running, and a session that has ended as nothing', async () => {
  const { create, sessions, connect } = await startTerminals()
  const { id, pid } = await create({ command: ['cat'], cwd: '/usr' })
  await expect.poll(() => sessions.get(id)).toMatchObject({ foreground: { pid, comm: 'cat' }, cwd: '/usr' })
  const client = await connect(id).opened()
  client.type('\x04')
  await client.closed
  expect(sessions.get(id)).toMatchObject({ foreground: null, cwd: null })
})

test('a new name is the title at once, and everyone hears of it', async () => {
  const { sessions, connect, run } = await startTerminals()
  const { id } = await run('cat', { name: 'old' })
  const client = await connect(id).opened()
  expect(sessions.rename(id, '编译')).toMatchObject({ name: '编译', title: '编译' })
  await learns(client, ({ title }) => title === '编译')
  expect(sessions.rename(id, null)).toMatchObject({ name: null, title: 'bash' })
  expect(sessions.rename('none', 'x')).toBeUndefined()
})

test('a program knows its terminal by DITTY_TERMINAL', async () => {
  const { run, connect } = await startTerminals()
  const { id } = await run('echo $DITTY_TERMINAL')
  const client = connect(id, undefined, ackFrames, fullAccess)
  await client.closed
  expect(client.text).toBe(`${id}\r\n`)
})
