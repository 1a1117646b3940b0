import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { TerminalClient } from '../../terminal/terminal-client.ts'
import { problemOf, until } from '../serve.ts'
import { digest, makeDirectory, noise } from './shore.ts'

const main = resolve(import.meta.dirname, '../../../server/main.ts')
const token = 'token-of-the-send-test'
const ditty = `${process.execPath} ${main} ditty`

/** `ditty serve` as a person starts it, and a terminal of it in which a script runs. */
async function openHarbour() {
  const directory = await makeDirectory()
  const run = await makeDirectory()
  const server = spawn(process.execPath, [main, 'ditty', 'serve', '--port', '0'], {
    env: { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: run, DITTY_TOKEN: token, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    const gone = once(server, 'exit')
    if (server.exitCode === null && server.kill('SIGTERM')) await gone
  })
  const [printed] = await once(server.stdout, 'data')
  const url = /http:\/\/\S+/.exec(String(printed))![0]
  const headers = { Authorization: `Bearer ${token}` }
  const api = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { ...headers, ...init.headers } })
  return {
    api,
    directory,
    server,
    run,
    async terminal(script: string) {
      const body = JSON.stringify({ command: ['bash', '-c', script], cwd: directory })
      const made = await api('/api/v1/terminals', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json' },
      })
      const { id } = (await made.json()) as { id: string }
      const root = `/api/v1/terminals/${id}`
      const client = new TerminalClient(`${url.replace('http', 'ws')}${root}/stream`, { headers })
      onTestFinished(() => client.socket.terminate())
      return {
        root,
        client,
        /** What is offered, once it is that many. */
        async offers(count: number) {
          if (client.state()?.offers.length !== count)
            await client.gets(frame => frame.type === 'state' && frame.state.offers.length === count)
          return client.state()!.offers
        },
      }
    },
  }
}

test('files and folders are held out, downloaded by whoever looks, and the sender is told', async () => {
  const harbour = await openHarbour()
  const bytes = noise(2_000_000)
  mkdirSync(join(harbour.directory, '货 物'))
  writeFileSync(join(harbour.directory, '货 物/海图.bin'), bytes)
  writeFileSync(join(harbour.directory, '-x'), 'x')
  const { root, client, offers } = await harbour.terminal(
    `cd '货 物'; ${ditty} send 海图.bin . -- ../-x; echo status=$?`,
  )
  const offered = await offers(3)
  expect(offered.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
    ['海图.bin', bytes.length],
    ['货 物', null],
    ['-x', 1],
  ])
  const [file, folder, dash] = await Promise.all(
    offered.map(async ({ id }, index) => {
      const answer = await harbour.api(`${root}/offers/${id}${index === 1 ? '?archive=zip' : ''}`)
      return Buffer.from(await answer.bytes())
    }),
  )
  expect([digest(file!), dash!.toString()]).toEqual([digest(bytes), 'x'])
  expect(folder!.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04')
  await client.shows(/status=\d/)
  expect(client.text).toContain('海图.bin: sent, 1.9 MiB')
  expect(client.text).toContain('status=0')
  expect(client.state()!.offers).toEqual([])
})

test('a download that was cut goes on by a range, and only then is the file sent', async () => {
  const harbour = await openHarbour()
  const bytes = noise(3_000_000)
  writeFileSync(join(harbour.directory, 'a'), bytes)
  const { root, client, offers } = await harbour.terminal(`${ditty} send --json a; echo status=$?`)
  const { id } = (await offers(1))[0]!
  const part = await harbour.api(`${root}/offers/${id}`, { headers: { Range: 'bytes=0-999999' } })
  expect(part.status).toBe(206)
  const end = await harbour.api(`${root}/offers/${id}`, { headers: { Range: 'bytes=2000000-' } })
  await Promise.all([part.bytes(), end.bytes()])
  await client.shows('"sentBytes":1000000')
  expect(client.state()!.offers).toHaveLength(1)
  const rest = await harbour.api(`${root}/offers/${id}`, { headers: { Range: 'bytes=1000000-' } })
  await rest.bytes()
  await client.shows('status=0')
  const events = [...client.text.matchAll(/^\{.*\}/gm)].map(([line]) => JSON.parse(line))
  expect(events.at(-1)).toEqual({ type: 'summary', sent: 1, declined: 0, sentBytes: bytes.length })
})

test('what is declined is told, with status 1', async () => {
  const harbour = await openHarbour()
  writeFileSync(join(harbour.directory, 'a'), 'a')
  const { root, client, offers } = await harbour.terminal(`${ditty} send a; echo status=$?`)
  const { id } = (await offers(1))[0]!
  expect((await harbour.api(`${root}/offers/${id}`, { method: 'DELETE' })).status).toBe(204)
  await client.shows('status=1')
  expect(client.text).toContain('a: declined')
  expect(await problemOf(await harbour.api(`${root}/offers/${id}`))).toMatchObject({ code: 'not_found' })
})

test('Ctrl-C withdraws the offer and ends a download under way', async () => {
  const harbour = await openHarbour()
  execFileSync('truncate', ['-s', '4G', join(harbour.directory, 'a')])
  const { root, client, offers } = await harbour.terminal(`${ditty} send a; echo status=$?`)
  const { id } = (await offers(1))[0]!
  const answer = await harbour.api(`${root}/offers/${id}`)
  const reader = answer.body!.getReader()
  await reader.read()
  client.type('\x03')
  await offers(0)
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toThrow('terminated')
  await until(async () => {
    const links = readdirSync(`/proc/${harbour.server.pid}/fd`)
    return (
      !execFileSync('ls', ['-l', `/proc/${harbour.server.pid}/fd`])
        .toString()
        .includes(harbour.directory) && links.length > 0
    )
  })
})

test.each([
  ['send', 'which files', 2],
  ['send no-such-file', 'no-such-file: no such file or directory', 2],
  ['send /dev/zero', 'a device', 2],
  [`send ${'x '.repeat(40)}`, 'paths', 2],
  ['send --colour x', '--colour', 2],
  ['send --help', 'Hold out files', 0],
])('ditty %s says %s', async (words, said, status) => {
  const harbour = await openHarbour()
  const { client } = await harbour.terminal(`${ditty} ${words}; echo status=$?`)
  await client.shows(/status=\d/)
  expect(client.text).toContain(said)
  expect(client.text).toContain(`status=${status}`)
})

test('outside a terminal of ditty it says what to do, and so where its server is another user’s', async () => {
  const run = await makeDirectory()
  const send = (env: Record<string, string>) =>
    spawn(process.execPath, [main, 'ditty', 'send', 'x'], {
      env: { XDG_RUNTIME_DIR: run, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  for (const [env, said] of [
    [{}, 'open the page'],
    [{ DITTY_TERMINAL: 'none' }, 'run this as the user that ditty runs as'],
    [{ DITTY_TERMINAL: 'none', DITTY_URL: 'http://127.0.0.1:1/#token=x' }, 'ditty is gone'],
  ] as const) {
    const child = send(env)
    let text = ''
    child.stderr.on('data', bytes => (text += bytes))
    const [status] = await once(child, 'close')
    expect([status, text]).toEqual([2, expect.stringContaining(said)])
  }
})

test('names that are no UTF-8 are found as they are, and links lead inside the sender’s own root', async () => {
  const harbour = await openHarbour()
  writeFileSync(Buffer.concat([Buffer.from(`${harbour.directory}/`), Buffer.from('a\xff', 'latin1')]), 'bytes')
  symlinkSync('/etc/hostname', join(harbour.directory, 'link'))
  const { root, client, offers } = await harbour.terminal(`${ditty} send $'a\\xff' link; echo status=$?`)
  const offered = await offers(2)
  expect(offered.map(({ name }) => name)).toEqual(['a%FF', 'link'])
  const texts = await Promise.all(offered.map(async ({ id }) => (await harbour.api(`${root}/offers/${id}`)).text()))
  expect(texts).toEqual(['bytes', execFileSync('cat', ['/etc/hostname']).toString()])
  await client.shows('status=0')
})
