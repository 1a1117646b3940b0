import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask, serve, token } from './serve.ts'

const path = '/api/v1/tools/counting'

/** A bare connection; `answer` is all that came until the server closed it. */
function dial(port: number): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', bytes => {
    text += bytes
  })
  return { socket, answer: new Promise(resolve => socket.on('close', () => resolve(text))) }
}

test('a body of more than 1 MiB is refused before it has all come, whether it says so or not', async () => {
  const { api, port } = await serve({ limits: { headersMs: 500, requestMs: 1000 } })
  const response = await api(path, { body: `{"upTo": 1, "words": ["${'x'.repeat(1 << 20)}"]}` })
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ code: 'body_too_large', detail: 'a body may have 1048576 bytes' })

  const { socket, answer } = dial(port)
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  for (let sent = 0; sent < 20; sent++) socket.write(chunk)
  expect(await answer).toMatch(/^HTTP\/1.1 413 /)
  expect((await api('/readyz')).status).toBe(200)
})

test('a body just below the bound is taken', async () => {
  const { api } = await serve()
  const response = await api(path, { body: { upTo: 0, words: ['x'.repeat((1 << 20) - 100)] } })
  expect(response.status).toBe(200)
})

test('10,000 requests with a wrong token are throttled, and the right one passes all the while', async () => {
  const { api, port } = await serve()
  const guess = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\n\r\n`
  const guessers = Array.from({ length: 10 }, () => dial(port))
  for (const { socket } of guessers)
    socket.write(`${guess.repeat(999)}${guess.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`)
  expect((await api('/api/v1/tools')).status).toBe(200)
  const answers = (await Promise.all(guessers.map(({ answer }) => answer))).join('')
  const statuses = [...answers.matchAll(/HTTP\/1.1 (\d+) /g)].map(([, status]) => status)
  expect(statuses).toHaveLength(10_000)
  expect(new Set(statuses)).toEqual(new Set(['401', '429']))
  expect(statuses.filter(status => status === '401').length).toBeLessThan(1000)
  expect((await api('/api/v1/tools')).status).toBe(200)
})

test('a throttled guesser is told when to come again', async () => {
  const { url } = await serve()
  const guess = () => ask(url + path, { headers: { Authorization: 'Bearer wrong' } })
  let answer = await guess()
  while (answer.status === 401) answer = await guess()
  expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'too_many_requests' })
})

test('headers that trickle in are cut off, and so is a body', async () => {
  const { api, port } = await serve({ limits: { headersMs: 200, requestMs: 400 } })
  const slowHeaders = dial(port)
  slowHeaders.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
  const trickle = setInterval(() => slowHeaders.socket.write('X-A: b\r\n'), 50)
  onTestFinished(() => clearInterval(trickle))
  expect(await slowHeaders.answer).toMatch(/^HTTP\/1.1 408 /)

  const slowBody = dial(port)
  slowBody.socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  )
  await slowBody.answer
  expect((await api('/readyz')).status).toBe(200)
})

test('a client that reads nothing of its answer makes room for others', async () => {
  const pageDirectory = await mkdtemp(join(tmpdir(), 'page-'))
  onTestFinished(() => rm(pageDirectory, { recursive: true }))
  await writeFile(join(pageDirectory, 'large.js'), Buffer.alloc(20 << 20))
  const { port } = await serve({ pageDirectory, limits: { stalledMs: 300 } })
  const { socket } = dial(port)
  socket.removeAllListeners('data')
  socket.pause()
  socket.write('GET /large.js HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise(resolve => setTimeout(resolve, 1500))
  let received = 0
  socket
    .on('error', () => undefined)
    .on('data', (bytes: Buffer) => {
      received += bytes.length
    })
  await new Promise(resolve => socket.on('close', resolve).resume())
  expect(received).toBeLessThan(20 << 20)
})

test('a run that says nothing for longer than that goes on', async () => {
  const { api } = await serve({ limits: { stalledMs: 200 } })
  const answer = await api('/api/v1/tools/counting', { body: { upTo: 1, stepMs: 900 } })
  expect(await answer.json()).toMatchObject({ summary: { count: 1 } })
})

test('a connection too many is closed, and the others go on', async () => {
  const { api, port } = await serve({ limits: { connections: 3 } })
  const held = [dial(port), dial(port)]
  for (const { socket } of held) {
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
  }
  expect((await api('/healthz')).status).toBe(200)
  expect(await dial(port).answer).toBe('')
  expect((await api('/healthz')).status).toBe(200)
})

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
  ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
])('%s is refused, and the server is still there', async (_what, bytes, status) => {
  const { api, port } = await serve()
  const { socket, answer } = dial(port)
  socket.end(bytes)
  expect(await answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect((await api('/readyz')).status).toBe(200)
})
