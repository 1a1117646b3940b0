import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startTerminals } from './terminal-server.ts'

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'terminal-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('the shell shows a prompt, runs a line and its exit is told with the status', async () => {
  const { connect, create } = await startTerminals()
  const { id } = await create()
  const client = connect(id)
  await client.shows(/\$ |# /)
  client.type('echo $((6 * 7)) $TERM $COLORTERM\r')
  await client.shows('42 xterm-256color truecolor')
  client.type('exit 3\r')
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.exit).toEqual({ type: 'exit', status: 3, signal: 0 })
})

test('a signal that ends the program is told by its number and its name', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('kill -KILL $$')
  const client = connect(id)
  await client.closed
  expect(client.exit).toEqual({ type: 'exit', status: 0, signal: 9 })
  expect(sessions.get(id)).toMatchObject({ running: false, exitCode: null, signal: 'SIGKILL' })
})

test('the size is right from the first byte, and a resize is seen by the program', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('trap "stty size" WINCH; stty size; while :; do read -t 1; done', { cols: 132, rows: 43 })
  const client = connect(id)
  await client.shows('43 132')
  client.send({ type: 'resize', cols: 91, rows: 17 })
  await client.shows('17 91')
  expect(client.state()?.size).toEqual({ cols: 91, rows: 17 })
  expect(sessions.get(id)).toMatchObject({ cols: 91, rows: 17 })
})

test('a session is listed with what it runs, and an ended one keeps its exit status until it is forgotten', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id, pid } = await run('read line; exit 7', { name: 'waiting' })
  expect(sessions.list()).toMatchObject([{ id, title: 'waiting', pid, running: true, exitCode: null }])
  const client = await connect(id).opened()
  client.type('\r')
  await client.closed
  expect(sessions.get(id)).toMatchObject({ running: false, exitCode: 7, signal: null })
  expect(sessions.end(id)).toBe(true)
  expect(sessions.get(id)).toBeUndefined()
  expect(sessions.end(id)).toBe(false)
})

test('an ended session is forgotten after its time', async () => {
  const { connect, run, sessions } = await startTerminals({ keepEndedMs: 50 })
  const { id } = await run('true')
  await connect(id).closed
  while (sessions.get(id)) await delay(10)
})

test('who comes after the end still gets the last output and the exit', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('printf last; exit 1')
  while (sessions.get(id)?.running) await delay(10)
  const client = connect(id)
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.text).toBe('last')
  expect(client.exit).toMatchObject({ status: 1 })
})

test('the output of a program that ends at once is whole', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('seq 1 20000')
  const client = connect(id)
  await client.closed
  const expected = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('')
  expect(client.text).toBe(expected)
})

test('Chinese and emoji survive, wherever the frames cut them', async () => {
  const { connect, run } = await startTerminals()
  const text = '你好 👩‍👩‍👧 é '.repeat(20_000)
  const file = join(await temporaryDirectory(), 'text')
  await writeFile(file, text)
  const { id } = await run(`cat ${file}`)
  const client = connect(id)
  await client.closed
  expect(client.text).toBe(text)
})

test('1 MB pasted at once arrives whole', async () => {
  const { connect, run } = await startTerminals()
  const file = join(await temporaryDirectory(), 'pasted')
  const text = Buffer.from(randomBytes(500_000).toString('hex').replace(/.{79}/g, '$&\n').slice(0, 1_000_000))
  const { id } = await run(`stty -echo; echo ready; head -c ${text.length} > ${file}; sha256sum < ${file}`)
  const client = connect(id)
  await client.shows('ready')
  client.send({ type: 'input', bytes: text })
  await client.shows(/[0-9a-f]{64}/)
  expect(client.text).toContain(sha256(text))
})

test('1 MB pasted into a program that echoes and stops reading at times arrives whole, and its echo too', async () => {
  const { connect, run } = await startTerminals()
  const { id } = await run('stty raw; echo ready; sleep 0.3; head -c 1000000 | sha256sum')
  const client = connect(id)
  await client.shows('ready')
  const bytes = randomBytes(1_000_000)
  client.send({ type: 'input', bytes })
  await client.shows(/[0-9a-f]{64} {2}-/)
  expect(client.text).toContain(sha256(bytes))
})

test('input past the bound slows the client down instead of growing, and all of it arrives', async () => {
  const { connect, run } = await startTerminals({ inputBytes: 64 * 1024 })
  const { id } = await run('stty raw -echo; echo ready; sleep 0.3; head -c 3000000 | sha256sum')
  const client = connect(id)
  await client.shows('ready')
  const bytes = randomBytes(3_000_000)
  for (let at = 0; at < bytes.length; at += 50_000)
    client.send({ type: 'input', bytes: bytes.subarray(at, at + 50_000) })
  await client.shows(/[0-9a-f]{64} {2}-/)
  expect(client.text).toContain(sha256(bytes))
})

test('12 MB sent to a program that echoes them come back whole: neither side waits for the other', async () => {
  const { connect, run } = await startTerminals()
  const bytes = randomBytes(12_000_000)
  const { id } = await run(`stty raw -echo; echo ready; head -c ${bytes.length}`)
  const client = connect(id)
  await client.shows('ready\n')
  const start = client.offset
  for (let at = 0; at < bytes.length; at += 500_000)
    client.send({ type: 'input', bytes: bytes.subarray(at, at + 500_000) })
  await client.closed
  expect(sha256(client.bytes.subarray(start))).toBe(sha256(bytes))
})

test('a daemon that keeps the terminal open does not keep the session', async () => {
  const { connect, run, sessions } = await startTerminals()
  const { id } = await run('setsid sleep 5 & sleep 0.1; echo done')
  const client = connect(id)
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.text).toBe('done\r\n')
  expect(sessions.get(id)).toMatchObject({ running: false, exitCode: 0 })
})

test('several viewers see the same bytes, and each is told how many look', async () => {
  const { connect, create } = await startTerminals()
  const { id } = await create({ command: ['cat'] })
  const clients = await Promise.all([connect(id).opened(), connect(id).opened()])
  const [first, second] = clients as [(typeof clients)[0], (typeof clients)[0]]
  first.type('one\r')
  await Promise.all(clients.map(client => client.shows('one\r\none')))
  expect(first.text).toBe(second.text)
  await first.gets(frame => frame.type === 'state' && frame.state.viewers.length === 2)
  second.socket.close()
  await first.gets(frame => frame.type === 'state' && frame.state.viewers.length === 1)
})

test('no shell holds the terminal of another one', async () => {
  const { run } = await startTerminals()
  await run('sleep 60')
  const { pid } = await run('exec sleep 60')
  while (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep')) await delay(5)
  // One that the loader just closed is gone between the two looks.
  const targetOf = (name: string) => readlink(`/proc/${pid}/fd/${name}`).catch(() => 'closed')
  const open = await Promise.all((await readdir(`/proc/${pid}/fd`)).map(targetOf))
  expect(open.filter(path => path.includes('ptmx'))).toEqual([])
})

test('a program or directory that is not there is said before anything starts', async () => {
  const { create, sessions } = await startTerminals()
  await expect(create({ command: ['no-such-program'] })).rejects.toMatchObject({
    code: 'not_found',
    fields: [{ path: 'command.0' }],
  })
  await expect(create({ command: ['/etc/passwd'] })).rejects.toMatchObject({ code: 'not_found' })
  await expect(create({ cwd: '/no/such' })).rejects.toMatchObject({ code: 'not_found', fields: [{ path: 'cwd' }] })
  await expect(create({ cwd: '/etc/passwd' })).rejects.toMatchObject({ message: '/etc/passwd: not a directory' })
  expect(sessions.list()).toEqual([])
})

test('variables and the directory of a request reach the program', async () => {
  const { connect, create } = await startTerminals()
  const { id } = await create({
    command: ['sh', '-c', 'echo "$GREETING from $PWD"'],
    cwd: '/tmp',
    env: { GREETING: '你好' },
  })
  const client = connect(id)
  await client.closed
  expect(client.text).toBe('你好 from /tmp\r\n')
})

test('a session that was just made stands in its own directory, not yet in ours', async () => {
  const { create } = await startTerminals()
  for (let count = 0; count < 20; count++) {
    const { cwd } = await create({ command: ['cat'], cwd: '/proc/sys/kernel' })
    expect(cwd).toBe('/proc/sys/kernel')
  }
})
