import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { ask, serve, token } from './serve.ts'

const tools = '/api/v1/tools'
const bearer = { Authorization: `Bearer ${token}` }

/** Trades the token for a cookie. */
async function cookieOf(url: string): Promise<string> {
  const { status, headers } = await ask(`${url}/api/v1/session`, { method: 'POST', headers: bearer })
  expect(status).toBe(204)
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

test.each([
  ['no token', {}],
  ['a wrong token', { Authorization: 'Bearer wrong' }],
  ['a token of another kind', { Authorization: `Basic ${btoa(`x:${token}`)}` }],
  ['the right token and more', { Authorization: `Bearer ${token}x` }],
  ['a cookie nobody gave', { Cookie: 'ditty-test=wrong' }],
  ["another instance's cookie", { Cookie: `ditty-other=${token}` }],
  ['the token as a cookie', { Cookie: `ditty-test=${token}` }],
])('%s opens nothing', async (_what, headers) => {
  const { url } = await serve()
  for (const path of [tools, `${tools}/counting?upTo=1`, '/api/v1/exec', '/api/v1/session', '/metrics']) {
    const { status, headers: answered, body } = await ask(url + path, { headers })
    expect(status).toBe(401)
    expect(answered['www-authenticate']).toMatch(/^Bearer/)
    expect(JSON.parse(body)).toMatchObject({ code: 'unauthenticated', remedy: expect.stringContaining('ditty url') })
  }
})

test.each(['/healthz', '/readyz', '/openapi.json'])('%s needs no token', async path => {
  const { url } = await serve()
  expect((await ask(url + path)).status).toBe(200)
})

test('probes may come by any name, and only by GET and HEAD', async () => {
  const { url } = await serve()
  expect(await ask(`${url}/readyz`, { headers: { Host: '10.1.2.3:7681' } })).toMatchObject({
    status: 200,
    body: '{"status":"ok"}',
  })
  expect((await ask(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  expect(await ask(`${url}/healthz`, { method: 'POST' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  })
})

test.each([
  'evil.example',
  'evil.example:7681',
  'localhost.evil.example',
  '127.0.0.1.nip.io',
  '10.0.0.1',
  'localhost@evil',
])('a Host of another name is refused, for the page too: %s', async host => {
  const { url } = await serve()
  for (const path of [tools, '/', '/openapi.json']) {
    const { status, body } = await ask(url + path, { headers: { ...bearer, Host: host } })
    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ code: 'forbidden_host' })
  }
})

test.each(['localhost', 'LOCALHOST:80', '127.0.0.1:1', '[::1]:7681', 'my.proxy'])(
  'a Host that is ours passes: %s',
  async host => {
    const { url } = await serve({ allowedHosts: ['My.Proxy'] })
    expect((await ask(url + tools, { headers: { ...bearer, Host: host } })).status).toBe(200)
  },
)

test('a request without a Host is refused', async () => {
  const { port } = await serve()
  const socket = connect(port, '127.0.0.1')
  socket.end(`GET ${tools} HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const answer = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString()
  expect(answer).toMatch(/^HTTP\/1.1 403 /)
})

test.each(['http://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1.evil.example', 'file://'])(
  'a foreign Origin is refused everywhere: %s',
  async Origin => {
    const { url } = await serve()
    for (const path of [tools, '/', '/openapi.json', '/healthz']) {
      const { status, body } = await ask(url + path, { headers: { ...bearer, Origin } })
      expect(status).toBe(403)
      expect(JSON.parse(body)).toMatchObject({ code: 'forbidden_origin' })
    }
  },
)

test('the Origin of our own page passes, also behind a proxy that ends TLS', async () => {
  const { url, port } = await serve({ allowedHosts: ['my.proxy'] })
  expect((await ask(url + tools, { headers: { ...bearer, Origin: url } })).status).toBe(200)
  const proxied = { ...bearer, Host: 'my.proxy', Origin: 'https://my.proxy' }
  expect((await ask(url + tools, { headers: proxied })).status).toBe(200)
  const named = { ...bearer, Host: `localhost:${port}`, Origin: `http://localhost:${port}` }
  expect((await ask(url + tools, { headers: named })).status).toBe(200)
})

test('the token buys a cookie that scripts can not read and other sites do not send', async () => {
  const { url } = await serve()
  const { headers } = await ask(`${url}/api/v1/session`, { method: 'POST', headers: bearer })
  expect(headers['set-cookie']?.[0]).toMatch(/^ditty-test=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('the cookie counts for our own page alone', async () => {
  const { url } = await serve()
  const Cookie = await cookieOf(url)
  const status = async (headers: object) => (await ask(url + tools, { headers: { Cookie, ...headers } })).status
  expect(await status({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200)
  expect(await status({ Origin: url })).toBe(200)
  expect(await status({})).toBe(403)
  expect(await status({ 'Sec-Fetch-Site': 'same-site' })).toBe(403)
  expect(await status({ 'Sec-Fetch-Site': 'none' })).toBe(403)
  expect(await status({ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:1' })).toBe(403)
})

test('a cookie that was given back is no longer good', async () => {
  const { url } = await serve()
  const headers = { Cookie: await cookieOf(url), 'Sec-Fetch-Site': 'same-origin' }
  expect((await ask(`${url}/api/v1/session`, { method: 'DELETE', headers })).headers['set-cookie']?.[0]).toContain(
    'Max-Age=0',
  )
  expect((await ask(url + tools, { headers })).status).toBe(401)
})

test('so many cookies are good at once, the newest', async () => {
  const { url } = await serve()
  const first = await cookieOf(url)
  const second = await cookieOf(url)
  for (let more = 0; more < 63; more++) await cookieOf(url)
  const status = async (Cookie: string) => (await ask(url + tools, { headers: { Cookie, Origin: url } })).status
  expect(await status(first)).toBe(401)
  expect(await status(second)).toBe(200)
})

test('every answer carries the security headers, and no name of what serves it', async () => {
  const { url } = await serve()
  for (const path of ['/healthz', '/', tools]) {
    const { headers } = await ask(url + path)
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['x-powered-by']).toBeUndefined()
  }
})
