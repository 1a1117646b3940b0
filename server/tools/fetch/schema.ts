import * as z from 'zod/mini'
import { phases, reasons } from '../../net/http/failure.ts'
import { isHeaderValue, isToken } from '../../net/http/headers.ts'
import { parseGiven } from '../../net/http/lookup.ts'
import { urlProblem } from '../../net/http/url.ts'

/** Bytes of request body: it is held in memory whole. Enough for any API call; a large upload is no debugging. */
export const maxBodyBytes = 32 << 20

/** A week: what a run may be given at most, and what stands for "no limit" in curl and wget. */
export const longestSeconds = 604_800

const seconds = () => z.number().check(z.gt(0), z.maximum(longestSeconds))

/** A check whose words say what is wrong with the value, or nothing. */
const checked = <Value>(problem: (value: Value) => string | undefined) =>
  z.check<Value>(context => {
    const message = problem(context.value)
    if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message })
  })

const headers = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .check(
    checked(headerProblem),
    z.describe('Header fields by name; an array sends one several times, an empty one never'),
  )

function headerProblem(fields: Record<string, string | string[]>): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    if (!isToken(name)) return `${JSON.stringify(name)} is no header name: letters, digits and !#$%&'*+-.^_\`|~ only`
    if (![value].flat().every(isHeaderValue))
      return `the value of ${name} has a line break or another control character`
  }
  return undefined
}

export const input = z.strictObject({
  url: z.string().check(
    z.maxLength(65_536),
    checked(text => urlProblem(text)?.message),
    z.describe('Address to fetch, with http:// or https://'),
  ),
  method: z.optional(
    z.string().check(checked(methodProblem), z.describe('Request method; default GET, or POST when there is a body')),
  ),
  headers: z._default(headers, {}),
  body: z.optional(z.string()).check(
    checked(text => (text && text.length > maxBodyBytes * 1.4 ? `is over ${maxBodyBytes} bytes` : undefined)),
    z.describe('Request body'),
  ),
  form: z.optional(z.string()).check(
    checked(text => (text && text.length > maxBodyBytes ? `is over ${maxBodyBytes} bytes` : undefined)),
    z.describe('Request body sent as application/x-www-form-urlencoded unless headers name another type; without body'),
  ),
  bodyEncoding: z._default(z.enum(['utf8', 'base64']), 'utf8').check(z.describe('How body stands for bytes')),
  bodyAsQuery: z._default(z.boolean(), false).check(z.describe("Send the body as the address's query instead")),
  user: z.optional(z.string().check(z.describe('NAME:PASSWORD for Basic authentication'))),
  userAgent: z
    ._default(z.string().check(checked(valueProblem)), 'ditty')
    .check(z.describe('User-Agent; empty sends none')),
  followRedirects: z._default(z.boolean(), false).check(z.describe('Go where 301, 302, 303, 307 and 308 point')),
  maxRedirects: z._default(z.int().check(z.minimum(0), z.maximum(1000)), 20).check(z.describe('Redirects to follow')),
  failOnStatus: z._default(z.boolean(), false).check(z.describe('An HTTP status of 400 or more is a bad outcome')),
  insecure: z
    ._default(z.boolean(), false)
    .check(z.describe('Go on though the certificate can not be trusted; what is wrong with it is still told')),
  caCertificates: z.optional(
    z.string().check(
      checked(text => (text.includes('-----BEGIN ') ? undefined : 'holds no PEM certificate')),
      z.describe('Certificates to trust instead of the public authorities, as PEM text'),
    ),
  ),
  resolve: z
    ._default(z.array(z.string().check(checked(resolveProblem))), [])
    .check(z.describe('HOST:PORT:ADDRESS[,ADDRESS]: connect there instead of asking the resolver')),
  family: z.optional(
    z.int().check(
      checked(family => (family === 4 || family === 6 ? undefined : 'is 4 or 6')),
      z.describe('Only IPv4 (4) or only IPv6 (6) addresses'),
    ),
  ),
  connectTimeoutSeconds: z
    ._default(seconds(), 30)
    .check(z.describe('Seconds for name, connection and TLS of each hop')),
  timeoutSeconds: z._default(seconds(), 3600).check(z.describe('Seconds for everything')),
  idleTimeoutSeconds: z._default(seconds(), 300).check(z.describe('Seconds of silence while the answer is awaited')),
  tries: z
    ._default(z.int().check(z.minimum(1), z.maximum(100)), 1)
    .check(z.describe('Attempts in all while nothing but time-outs and closed connections comes back')),
})

function methodProblem(text: string): string | undefined {
  if (!isToken(text)) return `${JSON.stringify(text)} is no method: one word such as GET, PUT or PROPFIND`
  return text.toUpperCase() === 'CONNECT' ? 'CONNECT asks a proxy for a tunnel, which fetch does not speak' : undefined
}

function valueProblem(text: string): string | undefined {
  return isHeaderValue(text) ? undefined : 'has a line break or another control character'
}

function resolveProblem(text: string): string | undefined {
  return parseGiven(text) ? undefined : `${JSON.stringify(text)} is not HOST:PORT:ADDRESS[,ADDRESS]`
}

export const view = z.strictObject({
  output: z.optional(z.string().check(z.minLength(1))).check(z.describe('Write the body to a file')),
  remoteName: z._default(z.boolean(), false).check(z.describe("Write to a file named as the address's last part")),
  include: z._default(z.boolean(), false).check(z.describe('Show the response headers before the body')),
  verbose: z._default(z.boolean(), false).check(z.describe('Show what is sent and received, and TLS, on stderr')),
  silent: z._default(z.boolean(), false).check(z.describe('Nothing on stderr')),
  showError: z._default(z.boolean(), false).check(z.describe('Say what failed, even when silent')),
  writeOut: z._default(z.string(), '').check(z.describe("Print this after the body, with curl's %{variables}")),
  timing: z
    ._default(z.boolean(), false)
    .check(z.describe('Report the time line and TLS on stderr; always done on a terminal')),
})

const headerList = z.array(z.tuple([z.string(), z.string()]))
const milliseconds = z.nullable(z.number())
const answer = {
  status: z.int(),
  statusText: z.string(),
  httpVersion: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** In their order, with names as written and every repetition. */
  rawHeaders: headerList,
}

const failure = { phase: z.enum(phases), reason: z.enum(reasons), message: z.string() }

export const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('lookup'),
    host: z.string(),
    addresses: z.array(z.string()),
    source: z.enum(['literal', 'given', 'hosts', 'dns']),
  }),
  z.object({
    type: z.literal('connect'),
    address: z.string(),
    port: z.int(),
    state: z.enum(['connected', 'failed']),
    reason: z.nullable(z.enum(reasons)),
    message: z.nullable(z.string()),
    durationMs: z.number(),
    localAddress: z.nullable(z.string()),
    localPort: z.nullable(z.int()),
  }),
  z.object({
    type: z.literal('tls'),
    version: z.nullable(z.string()),
    cipher: z.string(),
    keyExchange: z.nullable(z.string()),
    alpn: z.nullable(z.string()),
    serverName: z.nullable(z.string()),
    verified: z.boolean(),
    problems: z.array(z.object({ code: z.string(), number: z.int(), message: z.string() })),
    certificates: z.array(
      z.object({
        subject: z.string(),
        issuer: z.string(),
        names: z.array(z.string()),
        validFrom: z.string(),
        validTo: z.string(),
        daysLeft: z.int(),
        serialNumber: z.string(),
        fingerprint256: z.string(),
        key: z.string(),
      }),
    ),
    durationMs: z.number(),
  }),
  z.object({
    type: z.literal('request'),
    time: z.string(),
    url: z.string(),
    method: z.string(),
    target: z.string(),
    headers: headerList,
    bodyBytes: z.int(),
  }),
  z.object({ type: z.literal('interim'), ...answer }),
  z.object({ type: z.literal('response'), ...answer }),
  z.object({ type: z.literal('redirect'), status: z.int(), from: z.string(), to: z.string(), method: z.string() }),
  z.object({ type: z.literal('retry'), attempt: z.int(), message: z.string(), delayMs: z.number() }),
  z.object({ type: z.literal('body'), data: z.string(), encoding: z.enum(['utf8', 'base64']) }),
  z.object({ type: z.literal('trailers'), headers: headerList }),
  z.object({
    type: z.literal('failed'),
    ...failure,
    code: z.nullable(z.string()),
    hint: z.nullable(z.string()),
    host: z.string(),
    port: z.int(),
  }),
  z.object({
    type: z.literal('summary'),
    /** Of the last answer; null when the transport failed before there was one. */
    status: z.nullable(z.int()),
    httpVersion: z.nullable(z.string()),
    /** Of the last answer's body, without chunk sizes, as encoded by the server. */
    bytes: z.int(),
    url: z.string(),
    redirects: z.int(),
    /** Where a redirect that was not followed points. */
    redirectUrl: z.nullable(z.string()),
    contentType: z.nullable(z.string()),
    remoteAddress: z.nullable(z.string()),
    remotePort: z.nullable(z.int()),
    localAddress: z.nullable(z.string()),
    localPort: z.nullable(z.int()),
    /** OpenSSL's number of the first problem; 0 when verified, null without TLS. */
    tlsVerifyResult: z.nullable(z.int()),
    failure: z.nullable(z.object(failure)),
    /** Of the last hop, in milliseconds from the start of the run; `redirectMs` is when that hop began. */
    timing: z.object({
      redirectMs: z.number(),
      namelookupMs: milliseconds,
      connectMs: milliseconds,
      appconnectMs: milliseconds,
      starttransferMs: milliseconds,
      totalMs: z.number(),
    }),
  }),
])

export type Input = z.output<typeof input>
export type View = z.output<typeof view>
export type FetchEvent = z.output<typeof event>
export type EventOf<Type extends FetchEvent['type']> = Extract<FetchEvent, { type: Type }>
export type Summary = EventOf<'summary'>
