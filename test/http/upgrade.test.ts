import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { RouteGroup } from '../../server/http/route-group.ts'
import { ask, serve, token } from './serve.ts'

/** Echoes whatever comes at /api/v1/echo. */
function echo() {
  const sockets = new WebSocketServer({ noServer: true })
  const group: RouteGroup = {
    add: router => void router.get('/api/v1/echo', (_request, response) => void response.json({ plain: true })),
    upgrade: (path, request, socket, head) => {
      if (path !== '/api/v1/echo') return false
      sockets.handleUpgrade(request, socket, head, client => client.on('message', data => client.send(data)))
      return true
    },
    paths: () => ({ '/api/v1/echo': { get: { responses: { 200: { description: 'Plain' } } } } }),
  }
  return { groups: [async () => group], sockets }
}

const bearer = { Authorization: `Bearer ${token}` }

function open(url: string, headers: Record<string, string>): WebSocket {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers })
  onTestFinished(() => socket.terminate())
  return socket
}

/** The status that refuses an upgrade, and the code in its problem. */
async function refusal(url: string, headers: Record<string, string>): Promise<[number, string]> {
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
  const { status, body } = await ask(url, {
    headers: { ...upgrade, 'Sec-WebSocket-Key': btoa('x'.repeat(16)), ...headers },
  })
  return [status, JSON.parse(body).code]
}

test('a WebSocket that comes before anything is loaded waits, and loses nothing', async () => {
  const { groups } = echo()
  const { url } = await serve({ groups })
  const socket = open(`${url}/api/v1/echo?x=1`, bearer)
  await once(socket, 'open')
  socket.send('hello')
  expect(String((await once(socket, 'message'))[0])).toBe('hello')
})

test('an upgrade is refused before it happens: token, Origin, Host, path', async () => {
  const { groups, sockets } = echo()
  const { url } = await serve({ groups })
  const at = `${url}/api/v1/echo`
  expect(await refusal(at, {})).toEqual([401, 'unauthenticated'])
  expect(await refusal(at, { Authorization: 'Bearer wrong' })).toEqual([401, 'unauthenticated'])
  expect(await refusal(at, { ...bearer, Origin: 'http://evil.example' })).toEqual([403, 'forbidden_origin'])
  expect(await refusal(at, { ...bearer, Host: 'evil.example' })).toEqual([403, 'forbidden_host'])
  expect(await refusal(`${url}/nowhere`, bearer)).toEqual([404, 'not_found'])
  expect(sockets.clients.size).toBe(0)
})

test('the cookie opens a WebSocket for our own page alone', async () => {
  const { groups } = echo()
  const { url } = await serve({ groups })
  const { headers } = await ask(`${url}/api/v1/session`, { method: 'POST', headers: bearer })
  const Cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  expect(await refusal(`${url}/api/v1/echo`, { Cookie })).toEqual([403, 'forbidden_origin'])
  await once(open(`${url}/api/v1/echo`, { Cookie, Origin: url }), 'open')
})

test('an upgrade to anything but WebSocket is a request like any other', async () => {
  const { groups } = echo()
  const { url } = await serve({ groups })
  const headers = { ...bearer, Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': '' }
  expect(await ask(`${url}/api/v1/echo`, { headers })).toMatchObject({ status: 200, body: '{"plain":true}' })
})

test('the access log notes each upgrade: 101, or the status that refused it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'log-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'log')
  const descriptor = openSync(file, 'a')
  onTestFinished(() => closeSync(descriptor))
  const { url, close } = await serve({ ...echo(), accessLog: descriptor })
  await refusal(`${url}/api/v1/echo`, {})
  await refusal(`${url}/nowhere?token=secret`, bearer)
  const socket = open(`${url}/api/v1/echo`, bearer)
  await once(socket, 'open')
  await close()
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { method: 'GET', path: '/api/v1/echo', status: 401, remoteAddress: '127.0.0.1' },
    { method: 'GET', path: '/nowhere', status: 404 },
    { method: 'GET', path: '/api/v1/echo', status: 101 },
  ])
})

test('a stop cuts WebSockets that stay open', async () => {
  const { groups } = echo()
  const { url, close } = await serve({ groups })
  const socket = open(`${url}/api/v1/echo`, bearer)
  await once(socket, 'open')
  const closed = once(socket, 'close')
  await close()
  await closed
})

test('routes that can not be loaded make the server unready, and requests say why', async () => {
  const { url, api, loaded } = await serve({ groups: [async () => Promise.reject(new Error('no PTY'))] })
  expect((await api('/api/v1/tools')).status).toBe(500)
  await expect(loaded).rejects.toThrow('no PTY')
  expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, body: expect.stringContaining('no PTY') })
  expect((await ask(`${url}/healthz`)).status).toBe(200)
})
