import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetched } from './run.ts'
import { Authority, Servers } from './servers.ts'

const servers = new Servers()
let authority: Authority
beforeAll(() => {
  authority = new Authority()
})
afterAll(async () => {
  await servers.close()
  authority[Symbol.dispose]()
})

const serve = (pair: { key: string; cert: string }) =>
  servers.https(pair, (_request, response) => response.end('sealed'))
const years = { from: '20200101000000Z', to: '20991231235959Z' }

test('an own authority is trusted when its certificate is given, and the chain is told', async () => {
  const port = await serve(authority.issue('DNS:localhost,DNS:harbour.example,IP:127.0.0.1'))
  const run = await fetched({ url: `https://localhost:${port}/`, caCertificates: authority.caText })
  expect(run.body).toBe('sealed')
  const tls = run.one('tls')
  expect(tls).toMatchObject({
    version: 'TLSv1.3',
    alpn: 'http/1.1',
    serverName: 'localhost',
    verified: true,
    problems: [],
  })
  expect(tls.certificates).toMatchObject([
    {
      subject: 'CN=Leaf',
      issuer: 'CN=Harbour',
      names: ['localhost', 'harbour.example', '127.0.0.1'],
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: '2099-12-31T23:59:59.000Z',
      key: 'ec prime256v1',
    },
    { subject: 'CN=Harbour', issuer: 'CN=Harbour' },
  ])
  const left = (Date.UTC(2099, 11, 31) - Date.now()) / 86_400_000
  expect(Math.abs(tls.certificates[0]!.daysLeft - left)).toBeLessThan(2)
  const { timing } = run.one('summary')
  expect(timing.appconnectMs).toBeGreaterThan(timing.connectMs!)
})

test('an address is checked against the addresses in the certificate, without SNI', async () => {
  const port = await serve(authority.issue('IP:127.0.0.1'))
  const run = await fetched({ url: `https://127.0.0.1:${port}/`, caCertificates: authority.caText })
  expect(run.one('tls')).toMatchObject({ verified: true, serverName: null })
})

describe('a certificate that can not be trusted ends the run before the request, and every reason is told', () => {
  const cases: [
    name: string,
    pair: () => { key: string; cert: string },
    trusted: boolean,
    codes: string[],
    words: RegExp,
  ][] = [
    ['self-signed', () => authority.selfSigned('localhost'), false, ['DEPTH_ZERO_SELF_SIGNED_CERT'], /self-signed/],
    [
      'of an unknown authority',
      () => authority.issue('DNS:localhost'),
      false,
      ['SELF_SIGNED_CERT_IN_CHAIN'],
      /CN=Harbour is not among/,
    ],
    [
      'for another name',
      () => authority.issue('DNS:other.example'),
      true,
      ['ERR_TLS_CERT_ALTNAME_INVALID'],
      /it is for other.example/,
    ],
    [
      'expired',
      () => authority.issue('DNS:localhost', { ...years, to: '20200301000000Z' }),
      true,
      ['CERT_HAS_EXPIRED'],
      /CN=Leaf on 2020-03-01, \d+ days ago/,
    ],
    [
      'of the future',
      () => authority.issue('DNS:localhost', { ...years, from: '20900101000000Z' }),
      true,
      ['CERT_NOT_YET_VALID'],
      /begins 2090-01-01/,
    ],
    [
      'wrong in three ways',
      () => authority.issue('DNS:other.example', { ...years, to: '20200301000000Z' }),
      false,
      ['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      /expired/,
    ],
  ]
  test.each(cases)('%s', async (_name, pair, trusted, codes, words) => {
    const port = await serve(pair())
    const trust = trusted ? { caCertificates: authority.caText } : {}
    const run = await fetched({ url: `https://localhost:${port}/`, ...trust })
    const { problems } = run.one('tls')
    expect(problems.map(({ code }) => code)).toEqual(codes)
    expect(problems[0]?.message).toMatch(words)
    expect(problems.every(({ number }) => number > 0)).toBe(true)
    expect(run.one('failed')).toMatchObject({ phase: 'tls', reason: 'verify_failed', code: codes[0] })
    expect(run.all('request')).toEqual([])
    expect(run.one('summary')).toMatchObject({ status: null, tlsVerifyResult: problems[0]?.number })
    const insecure = await fetched({ url: `https://localhost:${port}/`, ...trust, insecure: true })
    expect(insecure.body).toBe('sealed')
    expect(insecure.one('tls').verified).toBe(false)
  })
})

test('a port that speaks plain HTTP is named as such', async () => {
  const port = await servers.http((_request, response) => response.end())
  const run = await fetched({ url: `https://127.0.0.1:${port}/` })
  expect(run.one('failed')).toMatchObject({ phase: 'tls', reason: 'not_tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER' })
})

test('a server that closes in the handshake, and one that is silent in it', async () => {
  const closes = await servers.raw(socket => socket.end())
  expect((await fetched({ url: `https://127.0.0.1:${closes}/` })).one('failed')).toMatchObject({
    phase: 'tls',
    reason: 'handshake_failed',
  })
  const silent = await servers.raw(() => undefined)
  const run = await fetched({ url: `https://127.0.0.1:${silent}/`, connectTimeoutSeconds: 0.2 })
  expect(run.one('failed')).toMatchObject({ phase: 'tls', reason: 'timeout' })
})

test('a name may be sent elsewhere, and is still the one that is checked', async () => {
  const port = await serve(authority.issue('DNS:harbour.example'))
  const run = await fetched({
    url: `https://harbour.example:${port}/`,
    resolve: [`harbour.example:${port}:127.0.0.1`],
    caCertificates: authority.caText,
  })
  expect(run.one('lookup')).toMatchObject({ source: 'given', addresses: ['127.0.0.1'] })
  expect(run.body).toBe('sealed')
})

test('an address that refuses is told, and the next one tried', async () => {
  const port = await servers.http((_request, response) => response.end('ok'))
  const run = await fetched({
    url: `http://two.example:${port}/`,
    resolve: [`two.example:${port}:127.0.0.2,127.0.0.1`],
  })
  expect(run.body).toBe('ok')
  expect(run.all('connect')).toMatchObject([
    { address: '127.0.0.2', state: 'failed', reason: 'refused' },
    { address: '127.0.0.1', state: 'connected' },
  ])
})
