import { expect, test } from 'vitest'
import { ask, token } from './serve.ts'
import { serveTerminals } from './serve-terminals.ts'

test('a terminal is made, listed, told of, seen and ended', async () => {
  const { api, stream } = await serveTerminals()
  const made = await api('/api/v1/terminals', { body: { cols: 100, rows: 30, name: 'mine' } })
  expect(made.status).toBe(201)
  const info = (await made.json()) as { id: string }
  expect(info).toMatchObject({ title: 'mine', cols: 100, rows: 30, running: true, exitCode: null, signal: null })
  expect(made.headers.get('Location')).toBe(`/api/v1/terminals/${info.id}`)
  expect(await (await api('/api/v1/terminals')).json()).toMatchObject({ terminals: [{ id: info.id }] })
  const client = await stream(`/api/v1/terminals/${info.id}/stream`).opened()
  client.type('stty size\r')
  await client.shows('30 100')
  expect((await api(`/api/v1/terminals/${info.id}`, { method: 'DELETE' })).status).toBe(204)
  await client.closed
  expect(client.exit).toBeDefined()
  expect(await (await api(`/api/v1/terminals/${info.id}`)).json()).toMatchObject({ running: false })
})

test('an empty request makes the shell at 80x24', async () => {
  const { api } = await serveTerminals()
  const made = await api('/api/v1/terminals', { body: {} })
  expect(made.status).toBe(201)
  expect(await made.json()).toMatchObject({ cols: 80, rows: 24, title: 'bash' })
})

test('a stream goes on from the byte that is asked for', async () => {
  const { create, stream } = await serveTerminals()
  const { id } = await create({ command: ['printf', '0123456789'] })
  const path = `/api/v1/terminals/${id}/stream`
  await stream(path).closed
  const client = stream(`${path}?after=7`, { after: 7 })
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.text).toBe('789')
})

test.each([
  [{ cols: 0, rows: 24 }, 'cols'],
  [{ cols: 80, rows: 1001 }, 'rows'],
  [{ cols: 80.5 }, 'cols'],
  [{ command: [] }, 'command'],
  [{ command: 'ls' }, 'command'],
  [{ command: ['a\0b'] }, 'command.0'],
  [{ env: { 'A=B': 'c' } }, 'env.A=B'],
  [{ env: { A: 1 } }, 'env.A'],
  [{ colour: true }, 'colour'],
  [{ command: ['no-such-program'] }, 'command.0'],
  [{ cwd: '/no/such' }, 'cwd'],
])('a request with %j is refused, and its field named', async (body, path) => {
  const { api } = await serveTerminals()
  const answer = await api('/api/v1/terminals', { body })
  expect([400, 404]).toContain(answer.status)
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({ fields: [{ path }] })
  expect(await (await api('/api/v1/terminals')).json()).toEqual({ terminals: [] })
})

test('a terminal that is not there is a problem for requests and 4404 for a stream', async () => {
  const { api, stream } = await serveTerminals()
  for (const method of ['GET', 'DELETE']) {
    const answer = await api('/api/v1/terminals/none', { method })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'not_found' })
  }
  expect(await stream('/api/v1/terminals/none/stream').closed).toMatchObject({ code: 4404 })
})

test.each(['-1', '1.5', 'x', '', '99999999999999999999'])('after=%s is told to be wrong with 4400', async after => {
  const { create, stream } = await serveTerminals()
  const { id } = await create({ command: ['cat'] })
  expect(await stream(`/api/v1/terminals/${id}/stream?after=${after}`).closed).toMatchObject({ code: 4400 })
})

test('a client of no or another subprotocol is told which one is spoken', async () => {
  const { create, stream } = await serveTerminals()
  const { id } = await create({ command: ['cat'] })
  const path = `/api/v1/terminals/${id}/stream`
  const without = await stream(path, { protocols: [] }).closed
  expect(without).toMatchObject({ code: 4400, reason: expect.stringContaining('ditty.terminal.v1') })
  const old = stream(path, { protocols: ['tty', 'ditty.terminal.v1'] })
  await old.opened()
  expect(old.socket.protocol).toBe('ditty.terminal.v1')
})

test('a wrong token or a foreign Origin is refused before the upgrade', async () => {
  const { create, url } = await serveTerminals()
  const { id } = await create({ command: ['cat'] })
  const upgrade = (headers: Record<string, string>) =>
    ask(`${url}/api/v1/terminals/${id}/stream`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    })
  expect(await upgrade({ Authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
  expect(await upgrade({ Authorization: `Bearer ${token}`, Origin: 'http://evil.example' })).toMatchObject({
    status: 403,
  })
})

test('a stop of the server closes streams with 1012 and leaves no program', async () => {
  const { close, create, stream } = await serveTerminals()
  const { id, pid } = (await create({ command: ['sleep', '60'] })) as { id: string; pid: number }
  const client = await stream(`/api/v1/terminals/${id}/stream`).opened()
  await close()
  expect(await client.closed).toMatchObject({ code: 1012 })
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('openapi.json tells of every route', async () => {
  const { api } = await serveTerminals()
  const { paths } = (await (await api('/openapi.json')).json()) as { paths: object }
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/terminals',
      '/api/v1/terminals/{id}',
      '/api/v1/terminals/{id}/stream',
      '/api/v1/terminals/{id}/recording',
    ]),
  )
})
