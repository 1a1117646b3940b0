import { expect, test } from 'vitest'
import { TerminalClient } from '../terminal/terminal-client.ts'
import { ask, token } from './serve.ts'
import { serveTerminals } from './serve-terminals.ts'

async function linked(readOnly?: boolean) {
  const house = await serveTerminals()
  const { id } = await house.create({ command: ['cat'] })
  const { id: otherId } = await house.create({ command: ['cat'] })
  const made = await house.api(`/api/v1/terminals/${id}/links`, { body: readOnly === undefined ? {} : { readOnly } })
  expect(made.status).toBe(201)
  const link = (await made.json()) as { token: string; readOnly: boolean }
  const by = (path: string, method = 'GET') =>
    ask(house.url + path, { method, headers: { Authorization: `Bearer ${link.token}` } })
  return { ...house, id, otherId, link, by, at: `/api/v1/terminals/${id}` }
}

const protocols = (link: string) => ['ditty.terminal.v1', `ditty.link.${link}`]

test('a link opens its stream as a subprotocol, without any other token, and is read-only unless asked otherwise', async () => {
  const { link, at, stream } = await linked()
  expect(link.readOnly).toBe(true)
  const watcher = await stream(`${at}/stream`, { protocols: protocols(link.token), headers: {} }).opened()
  expect(watcher.socket.protocol).toBe('ditty.terminal.v1')
  await watcher.gets(frame => frame.type === 'state')
  expect(watcher.state()).toMatchObject({ role: 'reader', readOnly: true })
  watcher.type('no\r')
  expect(await watcher.closed).toMatchObject({ code: 4403 })
})

test('a link to write writes', async () => {
  const { link, at, stream } = await linked(false)
  const guest = await stream(`${at}/stream`, { protocols: protocols(link.token), headers: {} }).opened()
  guest.type('yes\r')
  await guest.shows('yes\r\nyes')
})

test('a read-only link is read-only even where the token itself is sent along', async () => {
  const { link, at, stream } = await linked()
  const watcher = await stream(`${at}/stream`, { protocols: protocols(link.token) }).opened()
  await watcher.gets(frame => frame.type === 'state')
  expect(watcher.state()?.readOnly).toBe(true)
})

test('as Bearer a link reads of its terminal and opens its stream, and nothing else', async () => {
  const { by, at, otherId, id, link, url } = await linked()
  expect(JSON.parse((await by(at)).body)).toMatchObject({ id })
  const watcher = new TerminalClient(`${url.replace('http', 'ws')}${at}/stream`, {
    headers: { Authorization: `Bearer ${link.token}` },
  })
  await watcher.gets(frame => frame.type === 'state')
  expect(watcher.state()?.readOnly).toBe(true)
  watcher.socket.terminate()
  const refused = [
    by(at, 'DELETE'),
    by(at, 'PATCH'),
    by(`${at}/links`, 'POST'),
    by(`${at}/links`, 'DELETE'),
    by('/api/v1/terminals'),
    by(`/api/v1/terminals/${otherId}`),
    by('/api/v1/tools'),
    by('/api/v1/session', 'POST'),
  ]
  for (const { status } of await Promise.all(refused)) expect(status).toBe(401)
})

test('a link that was ended, or never was, is refused before the upgrade, with the token or without', async () => {
  const { api, at, link, url } = await linked()
  const upgrade = (offered: string, headers: Record<string, string> = {}) =>
    ask(`${url}${at}/stream`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': protocols(offered).join(', '),
        ...headers,
      },
    })
  expect((await upgrade('never')).status).toBe(401)
  expect((await api(`${at}/links`, { method: 'DELETE' })).status).toBe(204)
  const refused = await upgrade(link.token, { Authorization: `Bearer ${token}` })
  expect(JSON.parse(refused.body)).toMatchObject({ status: 401, detail: 'this link is no longer good' })
})

test('links of a terminal that is not there are not found', async () => {
  const { api } = await linked()
  expect((await api('/api/v1/terminals/none/links', { body: {} })).status).toBe(404)
  expect((await api('/api/v1/terminals/none/links', { method: 'DELETE' })).status).toBe(404)
})

test('a terminal is renamed, and a name with control characters is refused', async () => {
  const { api, at } = await linked()
  const rename = (name: unknown) => api(at, { method: 'PATCH', body: { name } })
  expect(await (await rename('编译')).json()).toMatchObject({ name: '编译', title: '编译' })
  expect(await (await rename(null)).json()).toMatchObject({ name: null, title: 'cat' })
  for (const wrong of ['', 'a\u001b[2J', 'x'.repeat(201), 1]) {
    const answer = await rename(wrong)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ fields: [{ path: 'name' }] })
  }
  expect((await api('/api/v1/terminals/none', { method: 'PATCH', body: { name: 'x' } })).status).toBe(404)
})
