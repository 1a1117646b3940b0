import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { opened, stateOf } from '../terminal/screen/emulators.ts'
import { problemOf, until } from './serve.ts'
import { serveTerminals } from './serve-terminals.ts'

type Served = Awaited<ReturnType<typeof serveTerminals>>
type Event = [number, string, string]

const pathOf = (id: string) => `/api/v1/terminals/${id}/recording`
const infoOf = async ({ api }: Served, id: string) => (await api(`/api/v1/terminals/${id}`)).json()

async function download({ api }: Served, id: string, query = '') {
  const answer = await api(pathOf(id) + query)
  expect(answer.status).toBe(200)
  const [header, ...events] = (await answer.text()).trimEnd().split('\n')
  return {
    headers: answer.headers,
    header: JSON.parse(header!) as Record<string, unknown>,
    events: events.map(line => JSON.parse(line) as Event),
  }
}

const textOf = (events: Event[], wanted = 'o') =>
  events
    .filter(([, code]) => code === wanted)
    .map(([, , data]) => data)
    .join('')

const bash = (script: string) => ({ command: ['bash', '-c', script] })

test('a session recorded from its first byte is downloaded after its end, with its size and its exit status', async () => {
  const served = await serveTerminals()
  const text = 'seq 1 300; printf "你好 \\xff\\n"; exit 4'
  const { id } = await served.create({ ...bash(text), cols: 91, rows: 17, name: 'a/b 你好', record: true })
  await until(async () => !(await infoOf(served, id)).running)
  const { headers, header, events } = await download(served, id)
  expect(headers.get('Content-Type')).toBe('application/x-asciicast')
  expect(headers.get('Content-Disposition')).toMatch(
    /^attachment; .*filename\*=UTF-8''a-b%20%E4%BD%A0%E5%A5%BD%20.*\.cast/,
  )
  expect(header).toMatchObject({ version: 3, term: { cols: 91, rows: 17, type: 'xterm-256color' }, title: 'a/b 你好' })
  expect(header.command).toMatch(/bash -c 'seq 1 300; .*'$/)
  const counted = Array.from({ length: 300 }, (_, index) => `${index + 1}\r\n`).join('')
  expect(textOf(events)).toBe(`${counted}你好 \ufffd\r\n`)
  expect(events.at(-1)?.slice(1)).toEqual(['x', '4'])
  expect((await infoOf(served, id)).recording).toMatchObject({ input: false, stopped: 'ended' })
})

test('the events of a flood of text in every alphabet are its bytes, in both versions', async () => {
  const served = await serveTerminals()
  const home = await mkdtemp(join(tmpdir(), 'recording-'))
  onTestFinished(() => rm(home, { recursive: true }))
  // Characters of one to four bytes, so that each read of the PTY ends anywhere in one; no line breaks, which it would change.
  const points = Array.from({ length: 600_000 }, () => 0x20 + Math.floor(Math.random() ** 4 * 0x1ff00))
  const text = points.map(pointOf).join('')
  await writeFile(join(home, 'text'), text)
  const { id } = await served.create({ command: ['cat', join(home, 'text')], record: true })
  const client = served.stream(`/api/v1/terminals/${id}/stream`)
  await client.closed
  expect(client.text).toBe(text)
  for (const version of [2, 3]) {
    const { events } = await download(served, id, `?format=asciicast-v${version}`)
    expect(textOf(events) === text).toBe(true)
    expect(events.length).toBeGreaterThan(5)
  }
})

/** No surrogates, and none of the control characters that a terminal's output would change. */
const pointOf = (point: number) => String.fromCodePoint(point >= 0xd800 && point < 0xe000 ? 0x4f60 : point)

test('one started in the middle begins with what is on the screen', async () => {
  const served = await serveTerminals()
  const { id } = await served.create(bash('echo before; read; echo after; read'))
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.shows('before\r\n')
  const started = await served.api(pathOf(id), { method: 'POST' })
  expect(started.status).toBe(201)
  expect(await started.json()).toMatchObject({ input: false, stopped: null })
  client.type('\r')
  await client.shows('after')
  const { events } = await download(served, id)
  expect(events[0]?.slice(1)).toEqual(['o', 'before\r\n'])
  expect(textOf(events)).toBe(client.text)
})

test('one started when the oldest output is lost begins with the screen: what stayed on it, its modes and colours', async () => {
  const served = await serveTerminals({ limits: { ...defaultLimits, replayBytes: 64 * 1024 } })
  const script = String.raw`
    printf '\e[?1049h\e[H\e[31mHEAD 你好\e[0m\e[3;24r\e[3H\e[?2004h'
    seq 30000; printf '\e[44m'; echo ready; read; echo after; read`
  const { id } = await served.create(bash(script))
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.shows('ready\r\n')
  expect((await infoOf(served, id)).oldestOffset).toBeGreaterThan(0)
  expect((await served.api(pathOf(id), { method: 'POST' })).status).toBe(201)
  client.type('\r')
  await client.shows('after\r\n')
  const { events } = await download(served, id)
  expect(stateOf(opened(textOf(events)))).toEqual(stateOf(opened(client.bytes)))
})

test('it can be downloaded while it records, in both versions, and goes on', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ ...bash('while read line; do echo "<$line>"; done'), record: true })
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  client.type('one\r')
  await client.shows('<one>')
  expect(textOf((await download(served, id)).events)).toBe(client.text)
  client.send({ type: 'resize', cols: 120, rows: 40 })
  client.type('two\r')
  await client.shows('<two>')
  const { header, events } = await download(served, id, '?format=asciicast-v2')
  expect(header).toMatchObject({ version: 2, width: 80, height: 24 })
  expect(textOf(events)).toBe(client.text)
  expect(events.filter(([, code]) => code === 'r').map(([, , size]) => size)).toEqual(['120x40'])
  const times = events.map(([time]) => time)
  expect(times).toEqual([...times].sort((one, other) => one - other))
})

test('who looks is told that it is recorded, how it grows, and that it stopped', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ command: ['cat'] })
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.gets(frame => frame.type === 'state' && frame.state.recording === null)
  await served.api(pathOf(id), { method: 'POST' })
  await client.gets(frame => frame.type === 'state' && frame.state.recording?.stopped === null)
  client.type('ahoy\r')
  await client.gets(frame => frame.type === 'state' && (frame.state.recording?.sizeBytes ?? 0) > 10)
  await served.api(pathOf(id), { method: 'DELETE' })
  await client.gets(frame => frame.type === 'state' && frame.state.recording?.stopped === 'asked')
})

test('a stop keeps what was recorded and adds nothing; the next one forgets it, and it can be recorded anew', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ ...bash('while read line; do echo "<$line>"; done'), record: true })
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  client.type('one\r')
  await client.shows('<one>')
  expect((await served.api(pathOf(id), { method: 'DELETE' })).status).toBe(204)
  client.type('two\r')
  await client.shows('<two>')
  expect(textOf((await download(served, id)).events)).toMatch(/<one>\r\n$/)
  expect((await served.api(pathOf(id), { method: 'DELETE' })).status).toBe(204)
  expect((await served.api(pathOf(id))).status).toBe(404)
  expect((await served.api(pathOf(id), { method: 'DELETE' })).status).toBe(404)
  expect((await served.api(pathOf(id), { method: 'POST' })).status).toBe(201)
})

test('a second recording, or one of a session that has ended, is a conflict with the way out', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ ...bash('read'), record: true })
  const again = () => served.api(pathOf(id), { method: 'POST' })
  expect(await problemOf(await again())).toMatchObject({
    status: 409,
    code: 'conflict',
    remedy: 'DELETE stops the recording',
  })
  await served.api(pathOf(id), { method: 'DELETE' })
  expect(await problemOf(await again())).toMatchObject({ status: 409, remedy: 'download it; DELETE then forgets it' })
  const { id: ended } = await served.create({ command: ['true'] })
  await until(async () => !(await infoOf(served, ended)).running)
  expect(await problemOf(await served.api(pathOf(ended), { method: 'POST' }))).toMatchObject({
    status: 409,
    detail: 'this terminal has ended',
  })
})

test('of two starts at once one records', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ command: ['cat'] })
  const answers = await Promise.all([1, 2, 3].map(() => served.api(pathOf(id), { method: 'POST' })))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
})

test('what it does not know is refused: a terminal, a format, a field', async () => {
  const served = await serveTerminals()
  for (const method of ['GET', 'POST', 'DELETE'])
    expect((await served.api(pathOf('none'), { method })).status).toBe(404)
  const { id } = await served.create({ command: ['cat'], record: true })
  expect(await problemOf(await served.api(`${pathOf(id)}?format=gif`))).toMatchObject({
    status: 400,
    fields: [{ path: 'format', message: 'is asciicast-v3 or asciicast-v2' }],
  })
  expect(await problemOf(await served.api(pathOf(id), { body: { input: 1 } }))).toMatchObject({
    status: 400,
    fields: [{ path: 'input' }],
  })
})

test('a link to the session opens no recording', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({ command: ['cat'], record: true })
  const link = await served.api(`/api/v1/terminals/${id}/links`, { body: { readOnly: false } })
  const { token } = (await link.json()) as { token: string }
  const headers = { Authorization: `Bearer ${token}` }
  for (const method of ['GET', 'POST', 'DELETE'])
    expect((await served.api(pathOf(id), { method, headers })).status).toBe(401)
})

test('input is recorded when it is asked for: at the prompt of the shell and where the terminal echoes', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({})
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.shows(/\$ |# /)
  await served.api(pathOf(id), { body: { input: true } })
  client.type('echo $((6 * 7)); cat\r')
  await client.shows('42')
  client.type('to the cat\r')
  await client.shows('to the cat\r\nto the cat')
  const { events } = await download(served, id)
  expect(textOf(events, 'i')).toBe('echo $((6 * 7)); cat\rto the cat\r')
})

test('a password is never recorded: without echo, nor in a raw program that may be another machine', async () => {
  const served = await serveTerminals()
  const { id } = await served.create({})
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.shows(/\$ |# /)
  await served.api(pathOf(id), { body: { input: true } })
  client.type(`read -rsp 'pass''word: ' it; echo "${'$'}{#it} read"\r`)
  await client.shows('password: ')
  client.type('hunter22\r')
  await client.shows('8 read')
  client.type(`bash -c 'stty raw -echo; echo re""ady; head -c 5 >/dev/null; stty sane; echo do""ne'\r`)
  await client.shows('ready')
  client.type('tiger')
  await client.shows('done')
  const typed = textOf((await download(served, id)).events, 'i')
  expect(typed).toContain('read -rsp')
  expect(typed).toContain('stty raw')
  expect(typed).not.toMatch(/hunter|tiger/)
})

test('a session goes on undisturbed when its recording reaches a limit', async () => {
  const served = await serveTerminals({ limits: { castBytes: 100_000 } })
  const { id } = await served.create({ ...bash('seq 1 50000; read; echo "<$REPLY>"'), record: true })
  const client = await served.stream(`/api/v1/terminals/${id}/stream`).opened()
  await client.gets(frame => frame.type === 'state' && frame.state.recording?.stopped === 'limit')
  await client.shows('\n50000\r\n')
  client.type('on\r')
  await client.closed
  expect(client.text.slice(-18)).toBe('\n50000\r\non\r\n<on>\r\n')
  const { events } = await download(served, id)
  expect(events.at(-1)?.[1]).toBe('m')
  expect(client.text.startsWith(textOf(events))).toBe(true)
  expect((await infoOf(served, id)).recording.sizeBytes).toBeLessThan(100_200)
})

test('where recordings have no memory left one is refused, and its session runs', async () => {
  const served = await serveTerminals({ limits: { recordingBudgetBytes: 0 } })
  const { id } = await served.create({ command: ['cat'], record: true })
  expect((await infoOf(served, id)).recording).toBeNull()
  const refused = await problemOf(await served.api(pathOf(id), { method: 'POST' }))
  expect(refused).toMatchObject({ status: 503, code: 'unavailable' })
})

test('it is gone with its session', async () => {
  const served = await serveTerminals({ limits: { keepEndedMs: 200 } })
  const { id } = await served.create({ command: ['true'], record: true })
  await until(async () => (await infoOf(served, id)).running !== true)
  await delay(250)
  expect((await served.api(pathOf(id))).status).toBe(404)
})
