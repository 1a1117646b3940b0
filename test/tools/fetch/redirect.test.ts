import { afterAll, describe, expect, test } from 'vitest'
import { fetched } from './run.ts'
import { Servers } from './servers.ts'

const servers = new Servers()
afterAll(() => servers.close())

interface Seen {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A server that sends `/STATUS/LOCATION` there, and remembers every request. */
async function redirector() {
  const seen: Seen[] = []
  const port = await servers.http(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    const [, status, location] = /^\/(\d+)\/(.*)$/.exec(request.url!) ?? []
    if (status) response.writeHead(Number(status), { Location: decodeURIComponent(location!) }).end('moved')
    else response.end('here')
  })
  const to = (status: number, location: string) => `http://127.0.0.1:${port}/${status}/${encodeURIComponent(location)}`
  return { port, seen, to }
}

test('a redirect is followed only when asked for; otherwise the summary tells where it points', async () => {
  const { port, to } = await redirector()
  const run = await fetched({ url: to(302, '/there?x=1') })
  expect(run.one('summary')).toMatchObject({
    status: 302,
    redirects: 0,
    redirectUrl: `http://127.0.0.1:${port}/there?x=1`,
  })
  expect(run.body).toBe('moved')
})

test('a followed redirect shows both answers and only the last body, over one growing time line', async () => {
  const { port, to } = await redirector()
  const run = await fetched({ url: to(301, '/there'), followRedirects: true })
  expect(run.all('response').map(({ status }) => status)).toEqual([301, 200])
  expect(run.one('redirect')).toMatchObject({ status: 301, to: `http://127.0.0.1:${port}/there`, method: 'GET' })
  expect(run.all('connect')).toHaveLength(2)
  expect(run.body).toBe('here')
  expect(run.one('summary')).toMatchObject({ status: 200, redirects: 1, bytes: 4 })
})

describe('the method after a redirect', () => {
  const cases: [status: number, method: string, then: string, body: string][] = [
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [301, 'PUT', 'PUT', 'data'],
    [307, 'POST', 'POST', 'data'],
    [308, 'POST', 'POST', 'data'],
  ]
  test.each(cases)('%i of %s is %s', async (status, method, then, body) => {
    const { seen, to } = await redirector()
    const sent = method === 'HEAD' ? {} : { body: 'data', headers: { 'Content-Type': 'text/plain' } }
    await fetched({ url: to(status, '/there'), method, followRedirects: true, ...sent })
    expect(seen[1]).toMatchObject({ method: then, url: '/there', body })
    expect(seen[1]?.headers['content-type']).toBe(body === '' ? undefined : 'text/plain')
  })
})

test('what proves who we are stays with its origin', async () => {
  const here = await redirector()
  const elsewhere = await redirector()
  const secrets = { user: 'me:secret', headers: { Cookie: 'id=1', Host: 'named.example', 'X-Kept': 'yes' } }
  await fetched({ url: here.to(302, '/same'), followRedirects: true, ...secrets })
  expect(here.seen[1]?.headers).toMatchObject({ cookie: 'id=1', host: 'named.example' })
  expect(here.seen[1]?.headers.authorization).toBeDefined()
  await fetched({ url: here.to(302, `http://127.0.0.1:${elsewhere.port}/`), followRedirects: true, ...secrets })
  const [request] = elsewhere.seen
  expect(request?.headers).toMatchObject({ host: `127.0.0.1:${elsewhere.port}`, 'x-kept': 'yes' })
  expect(request?.headers.authorization ?? request?.headers.cookie).toBeUndefined()
})

describe('a redirect that leads nowhere is a finding', () => {
  test('a loop', async () => {
    const port = await servers.says('HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n')
    const run = await fetched({ url: `http://127.0.0.1:${port}/`, followRedirects: true, maxRedirects: 3 })
    expect(run.one('failed')).toMatchObject({ phase: 'redirect', reason: 'too_many_redirects' })
    expect(run.one('summary')).toMatchObject({ redirects: 3, status: 302 })
  })

  test.each([
    ['ftp://example.org/', 'unsupported_scheme'],
    ['http://a:70000/', 'bad_redirect'],
    ['javascript:alert(1)', 'bad_redirect'],
  ])('%s', async (location, reason) => {
    const { to } = await redirector()
    const run = await fetched({ url: to(302, location), followRedirects: true })
    expect(run.one('failed')).toMatchObject({ phase: 'redirect', reason })
  })
})
