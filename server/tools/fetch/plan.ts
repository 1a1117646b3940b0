import { ToolError } from '../../core/errors.ts'
import type { Limits } from '../../net/http/deadlines.ts'
import type { HttpRequest, Route } from '../../net/http/exchange.ts'
import type { HeaderList } from '../../net/http/headers.ts'
import { parseGiven } from '../../net/http/lookup.ts'
import { credentialsOf } from '../../net/http/url.ts'
import type { Input } from './schema.ts'

/** The first request that an input asks for. */
export function requestOf(input: Input): HttpRequest {
  const url = new URL(input.url)
  const body = bodyOf(input)
  if (input.bodyAsQuery && body?.length) url.search = `${url.search ? `${url.search}&` : '?'}${escaped(body)}`
  const sent = input.bodyAsQuery ? undefined : body
  const method = input.method ?? (sent ? 'POST' : 'GET')
  return { url, method, headers: headersOf(input, url, method, sent), body: sent }
}

/** URL would read other bytes as characters of their own, and drop line ends. */
const escaped = (query: Buffer) =>
  query.toString('latin1').replace(/[^ -~]/g, byte => `%${Buffer.from(byte, 'latin1').toString('hex').toUpperCase()}`)

function bodyOf({ body, bodyEncoding, form }: Input): Buffer | undefined {
  if (body !== undefined && form !== undefined)
    throw new ToolError('invalid_input', 'there is one body: either body or form (-d)')
  if (form !== undefined) return Buffer.from(form)
  return body === undefined ? undefined : Buffer.from(body, bodyEncoding)
}

/** In curl's order; a field that the input names takes the place of ours. */
function headersOf(input: Input, url: URL, method: string, body: Uint8Array | undefined): HeaderList {
  const credentials = input.user ?? credentialsOf(url)
  const own: [string, string | undefined][] = [
    ['Host', url.host],
    ['Authorization', credentials && `Basic ${Buffer.from(credentials).toString('base64')}`],
    ['User-Agent', input.userAgent || undefined],
    ['Accept', '*/*'],
  ]
  const given = new Map(Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), { name, value }]))
  const list: HeaderList = []
  for (const [name, value] of own) {
    const other = given.get(name.toLowerCase())
    if (other) list.push(...[other.value].flat().map((one): [string, string] => [other.name, one]))
    else if (value !== undefined) list.push([name, value])
    given.delete(name.toLowerCase())
  }
  for (const { name, value } of given.values()) for (const one of [value].flat()) list.push([name, one])
  if (body && input.form !== undefined && !given.has('content-type'))
    list.push(['Content-Type', 'application/x-www-form-urlencoded'])
  const counted = given.has('content-length') || given.has('transfer-encoding')
  if (!counted && (body || /^(POST|PUT|PATCH)$/.test(method))) list.push(['Content-Length', String(body?.length ?? 0)])
  return list
}

/** How to get there. Throws ToolError `invalid_input` for certificates that can't be read. */
export async function routeOf(input: Input): Promise<Route> {
  if (input.caCertificates !== undefined) await checkCertificates(input.caCertificates)
  return {
    given: input.resolve.map(text => parseGiven(text)!),
    family: input.family as 4 | 6 | undefined,
    insecure: input.insecure,
    caCertificates: input.caCertificates,
  }
}

/** OpenSSL passes silently over what it can't read, and the chain would be blamed for it. */
async function checkCertificates(pem: string): Promise<void> {
  const { X509Certificate } = await import('node:crypto')
  const blocks = pem.match(
    /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g,
  )
  try {
    if (!blocks) throw new Error('there is no CERTIFICATE block in it')
    for (const block of blocks) new X509Certificate(block)
  } catch (cause) {
    const message = `holds a certificate that can't be read: ${(cause as Error).message}`
    throw new ToolError('invalid_input', `caCertificates: ${message}`, {
      fields: [{ path: 'caCertificates', message }],
      cause,
    })
  }
}

export const limitsOf = (input: Input): Limits => ({
  connectMs: input.connectTimeoutSeconds * 1000,
  totalMs: input.timeoutSeconds * 1000,
  idleMs: input.idleTimeoutSeconds * 1000,
})
