import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report, run } from '../../../server/core/run.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { fetch } from '../../../server/tools/fetch/tool.ts'
import { fetched } from './run.ts'
import { closedPort, Servers } from './servers.ts'

const servers = new Servers()
afterAll(() => servers.close())

const at = (port: number, path = '/') => `http://127.0.0.1:${port}${path}`

describe('an answer', () => {
  test('is a response with its headers, the body, and a summary with the time line', async () => {
    const port = await servers.http((_request, response) => {
      response.writeHead(201, 'Made', { 'Content-Type': 'text/plain', 'Set-Cookie': ['a=1', 'b=2'] })
      response.end('ahoy')
    })
    const run = await fetched({ url: at(port) })
    const response = run.one('response')
    expect(response).toMatchObject({ status: 201, statusText: 'Made', httpVersion: '1.1' })
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(response.rawHeaders.slice(0, 3)).toEqual([
      ['Content-Type', 'text/plain'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ])
    expect(run.body).toBe('ahoy')
    const { timing, ...summary } = run.one('summary')
    expect(summary).toMatchObject({
      status: 201,
      bytes: 4,
      url: at(port),
      redirects: 0,
      failure: null,
      remotePort: port,
    })
    const times = [timing.namelookupMs, timing.connectMs, timing.starttransferMs, timing.totalMs]
    expect(times).toEqual(times.toSorted((a, b) => a! - b!))
    expect(timing.appconnectMs).toBeNull()
  })

  test('of HTTP/1.0 ends where the connection does', async () => {
    const run = await fetched({ url: at(await servers.says('HTTP/1.0 200 OK\r\n\r\nuntil the end')) })
    expect(run.body).toBe('until the end')
    expect(run.one('summary')).toMatchObject({ httpVersion: '1.0', failure: null })
  })

  test('in chunks is joined, and its trailers are told', async () => {
    const port = await servers.says(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n',
    )
    const run = await fetched({ url: at(port) })
    expect(run.body).toBe('abcde')
    expect(run.one('trailers').headers).toEqual([['X-Sum', '5']])
    expect(run.one('summary').bytes).toBe(5)
  })

  test('with 1xx before it keeps them apart', async () => {
    const port = await servers.says(
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    )
    const run = await fetched({ url: at(port) })
    expect(run.one('interim')).toMatchObject({ status: 103, headers: { link: 'x' } })
    expect(run.one('response').status).toBe(200)
  })

  test('with lone line feeds and a head of 100 KiB is read all the same', async () => {
    const value = 'v'.repeat(100 * 1024)
    const run = await fetched({
      url: at(await servers.says(`HTTP/1.1 200 OK\nX-Long: ${value}\nContent-Length: 2\n\nok`)),
    })
    expect(run.one('response').headers['x-long']).toBe(value)
    expect(run.body).toBe('ok')
  })

  test('that is compressed is passed on untouched', async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff])
    const port = await servers.http((request, response) => {
      expect(request.headers['accept-encoding']).toBeUndefined()
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' }).end(bytes)
    })
    const run = await fetched({ url: at(port) })
    expect(Buffer.concat(run.bodies.map(({ bytes }) => bytes))).toEqual(bytes)
  })

  test('of text is cut between characters wherever its pieces end', async () => {
    const text = 'é你👩‍👩‍👧'.repeat(3)
    const port = await servers.http(async (_request, response) => {
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.of(byte))
        await delay(1)
      }
      response.end()
    })
    const run = await fetched({ url: at(port) })
    const bodies = run.bodies.map(body => body.toJSON())
    expect(bodies.every(({ encoding }) => encoding === 'utf8')).toBe(true)
    expect(bodies.map(({ data }) => data).join('')).toBe(text)
  })

  test('to HEAD has no body whatever length it claims', async () => {
    const port = await servers.says('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
    expect((await fetched({ url: at(port), method: 'HEAD' })).one('summary')).toMatchObject({ bytes: 0, failure: null })
  })
})

describe('the request', () => {
  const echo = () =>
    servers.raw((socket, request) => {
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${request.length}\r\n\r\n${request}`, 'latin1')
    })

  test('is what was asked for and nothing more', async () => {
    const port = await echo()
    const run = await fetched({ url: at(port, '/a%20b?c=d#e') })
    expect(run.body).toBe(
      `GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: ditty\r\nAccept: */*\r\n\r\n`,
    )
  })

  test('takes headers of its own: replaced, repeated, left out, in UTF-8', async () => {
    const headers = { host: 'example.org', accept: [], 'X-Two': ['1', '2'], 'X-Name': 'Zoë' }
    const { body } = await fetched({ url: at(await echo()), headers, userAgent: '' })
    expect(Buffer.from(body).toString()).toBe(
      'GET / HTTP/1.1\r\nhost: example.org\r\nX-Two: 1\r\nX-Two: 2\r\nX-Name: Zoë\r\n\r\n',
    )
  })

  test('carries text, bytes and credentials, and its event hides the secrets', async () => {
    const port = await echo()
    const run = await fetched({ url: `http://me:s%3Acret@127.0.0.1:${port}/`, body: 'AP8=', bodyEncoding: 'base64' })
    expect(run.body).toContain(`Authorization: Basic ${Buffer.from('me:s:cret').toString('base64')}\r\n`)
    expect(run.body).toContain('POST / HTTP/1.1')
    expect(run.body).toContain('Content-Length: 2\r\n\r\n\0')
    const { request, summary } = { request: run.one('request'), summary: run.one('summary') }
    expect(request.headers).toContainEqual(['Authorization', 'Basic [redacted]'])
    expect(JSON.stringify([request, summary])).not.toMatch(/cret|me:/)
  })

  test('can carry its data as the query of a GET', async () => {
    const { body } = await fetched({ url: at(await echo(), '/?a=1'), body: 'b=2', bodyAsQuery: true })
    expect(body).toMatch(/^GET \/\?a=1&b=2 HTTP/)
    expect(body).not.toContain('Content-Length')
  })

  test('carries every byte in the query, of text and of what is none, escaped once', async () => {
    const url = at(await echo(), '/')
    const text = await fetched({ url, body: 'q=é&r=%C3%A9&s=a b\n', bodyAsQuery: true })
    expect(text.body).toMatch(/^GET \/\?q=%C3%A9&r=%C3%A9&s=a%20b%0A HTTP/)
    const body = Buffer.from([0x3f, 0x71, 0x3d, 0xff, 0xc3]).toString('base64')
    const bytes = await fetched({ url, body, bodyEncoding: 'base64', bodyAsQuery: true })
    expect(bytes.body).toMatch(/^GET \/\?\?q=%FF%C3 HTTP/)
  })
})

describe('a failed transport is a finding', () => {
  const cases: [name: string, port: () => Promise<number>, failure: object][] = [
    ['a refused port', closedPort, { phase: 'connect', reason: 'refused', code: 'ECONNREFUSED' }],
    ['a server that says nothing', () => servers.raw(socket => socket.end()), { phase: 'receive', reason: 'empty' }],
    [
      'a reset before the answer',
      () => servers.raw(socket => socket.resetAndDestroy()),
      { phase: 'receive', reason: 'reset' },
    ],
    ['another protocol', () => servers.says('220 mail ESMTP\r\n'), { phase: 'receive', reason: 'not_http' }],
    [
      'a head that never ends',
      () => servers.says(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(400_000)}`),
      { reason: 'headers_too_large' },
    ],
    [
      'a body cut short',
      () => servers.says('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
      { phase: 'receive', reason: 'truncated' },
    ],
    [
      'a chunked body cut short',
      () => servers.says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc'),
      { reason: 'truncated' },
    ],
    [
      'a chunk size that is none',
      () => servers.says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc'),
      { reason: 'malformed' },
    ],
  ]
  test.each(cases)('%s', async (_name, listen, failure) => {
    const run = await fetched({ url: at(await listen()) })
    expect(run.one('failed')).toMatchObject(failure)
    expect(run.one('summary').failure).toMatchObject({ reason: run.one('failed').reason })
    expect(fetch.outcome(run.one('summary'), await parseInput(fetch.input, { url: at(1) }))).toBe('negative')
  })

  test('what came of a body before it was cut is not lost', async () => {
    const port = await servers.raw(socket => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nab\xc3', 'latin1')
      setTimeout(() => socket.resetAndDestroy(), 50)
    })
    const run = await fetched({ url: at(port) })
    expect(run.one('failed').reason).toBe('reset')
    expect(run.one('summary')).toMatchObject({ status: 200, bytes: 3 })
    expect(Buffer.concat(run.bodies.map(({ bytes }) => bytes)).toString('latin1')).toBe('ab\xc3')
  })

  test('a name that does not exist', async () => {
    const run = await fetched({ url: 'http://ditty.invalid/' })
    expect(run.one('failed')).toMatchObject({ phase: 'namelookup', host: 'ditty.invalid' })
    expect(run.one('summary')).toMatchObject({ status: null, timing: { namelookupMs: null } })
  })

  test('silence before the first byte, and in the middle of a body', async () => {
    const mute = await servers.raw(() => undefined)
    expect((await fetched({ url: at(mute), idleTimeoutSeconds: 0.1 })).one('failed')).toMatchObject({
      phase: 'receive',
      reason: 'timeout',
    })
    const stalled = await servers.raw(socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'))
    const run = await fetched({ url: at(stalled), idleTimeoutSeconds: 0.1 })
    expect(run.body).toBe('abc')
    expect(run.one('failed').reason).toBe('timeout')
  })

  test('a body that drips for ever ends with the time for everything', async () => {
    const port = await servers.http((_request, response) => {
      const drip = setInterval(() => response.write('.'), 10)
      response.once('close', () => clearInterval(drip))
    })
    const run = await fetched({ url: at(port), timeoutSeconds: 0.3 })
    expect(run.one('failed').message).toContain('not done after 0.3 s')
    expect(run.body.length).toBeGreaterThan(0)
  })
})

test('a silence of the reader is no silence of the server', async () => {
  const port = await servers.http((_request, response) => response.end(Buffer.alloc(8 << 20)))
  const input = await parseInput(fetch.input, { url: at(port), idleTimeoutSeconds: 0.1 })
  const never = new AbortController().signal
  let bytes = 0
  for await (const event of run(fetch, input, {
    clock: systemClock,
    linux: linuxAt('/'),
    signal: never,
    stop: never,
  })) {
    if (bytes === 0) await delay(event.type === 'body' ? 400 : 0)
    if ('bytes' in event && event.bytes instanceof Uint8Array) bytes += event.bytes.length
    if (event.type === 'failed') expect.unreachable(JSON.stringify(event))
  }
  expect(bytes).toBe(8 << 20)
})

test('a cancelled run closes its connection and ends as cancelled', async () => {
  const closed = Promise.withResolvers<void>()
  const port = await servers.raw(socket => {
    socket.once('close', () => closed.resolve())
  })
  await expect(fetched({ url: at(port) }, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'cancelled' })
  await closed.promise
})

test('attempts are made again while nothing came back, and each is told', async () => {
  let connections = 0
  const port = await servers.raw(socket => {
    if (++connections < 2) socket.end()
    else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  const run = await fetched({ url: at(port), tries: 3 })
  expect(run.all('retry')).toMatchObject([{ attempt: 2 }])
  expect(run.one('summary')).toMatchObject({ status: 200, failure: null })
})

test('a report of a large body keeps its first MiB', async () => {
  const port = await servers.http((_request, response) => response.end(Buffer.alloc(3 << 20, 'a')))
  const never = new AbortController().signal
  const context = { clock: systemClock, linux: linuxAt('/'), signal: never, stop: never }
  const answer = await report(fetch, await parseInput(fetch.input, { url: at(port) }), context)
  expect(answer).toMatchObject({ truncated: true, outcome: 'positive', summary: { bytes: 3 << 20 } })
})

describe('input that can not be fetched names what is wrong', () => {
  const cases: [input: object, path: string, message: RegExp][] = [
    [{ url: 'example.org/x' }, 'url', /no scheme; write http:\/\/example.org\/x/],
    [{ url: 'localhost:8080' }, 'url', /no scheme/],
    [{ url: 'ftp://example.org/' }, 'url', /scheme ftp/],
    [{ url: 'http://example.org:70000/' }, 'url', /port 70000/],
    [{ url: 'http://' }, 'url', /no host/],
    [{ url: 'http://a b/' }, 'url', /space/],
    [{ url: 'http://a/\r\nX: y' }, 'url', /control character/],
    [{ url: 'http://a', headers: { 'X: y\r\nZ': '1' } }, 'headers', /no header name/],
    [{ url: 'http://a', headers: { X: '1\r\nY: 2' } }, 'headers', /line break/],
    [{ url: 'http://a', userAgent: 'x\ny' }, 'userAgent', /line break/],
    [{ url: 'http://a', method: 'GET /x' }, 'method', /no method/],
    [{ url: 'http://a', method: 'CONNECT' }, 'method', /tunnel/],
    [{ url: 'http://a', resolve: ['a:80'] }, 'resolve.0', /HOST:PORT:ADDRESS/],
    [{ url: 'http://a', caCertificates: 'x' }, 'caCertificates', /no PEM/],
    [
      { url: 'https://a', caCertificates: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----' },
      'caCertificates',
      /read/,
    ],
    [{ url: 'http://a', family: 5 }, 'family', /4 or 6/],
    [{ url: 'http://a', timeoutSeconds: 0 }, 'timeoutSeconds', /0/],
    [{ url: 'http://a', colour: 1 }, 'colour', /no such field/],
  ]
  test.each(cases)('%j', async (input, path, message) => {
    const error = await fetched(input).catch(error => error)
    expect(error).toMatchObject({ code: 'invalid_input', fields: [{ path }] })
    expect(error.fields[0].message).toMatch(message)
  })
})

test('only GET and HEAD without a body change nothing', async () => {
  const readOnly = async (input: object) =>
    fetch.readOnly?.(await parseInput(fetch.input, { url: 'http://a', ...input }))
  expect(await Promise.all([{}, { method: 'HEAD' }, { body: 'q', bodyAsQuery: true }].map(readOnly))).toEqual([
    true,
    true,
    true,
  ])
  expect(await Promise.all([{ method: 'POST' }, { body: 'x' }, { method: 'GET', body: 'x' }].map(readOnly))).toEqual([
    false,
    false,
    false,
  ])
})
