import { endpoint } from '../../net/http/failure.ts'
import type { EventOf, FetchEvent, Input } from './schema.ts'
import { harmless, hintOf, statusLine } from './words.ts'

/** The conversation in the marks of curl -v: `*` about it, `>` what was sent, `<` what came back. */
export class Transcript {
  readonly #input: Input
  #host = ''

  constructor(input: Input) {
    this.#input = input
  }

  lines(event: FetchEvent): string[] {
    return this.#raw(event).map(harmless)
  }

  #raw(event: FetchEvent): string[] {
    switch (event.type) {
      case 'lookup':
        this.#host = event.host
        return lookupLines(event)
      case 'connect':
        return this.#connect(event)
      case 'tls':
        return tlsLines(event, this.#input.insecure)
      case 'request':
        return sentLines(event)
      case 'interim':
      case 'response':
        return [statusLine(event), ...event.rawHeaders.map(([name, value]) => `${name}: ${value}`), ''].map(
          line => `< ${line}`,
        )
      case 'trailers':
        return event.headers.map(([name, value]) => `< ${name}: ${value}`)
      case 'redirect':
        return [`* Issue another request to this URL: '${event.to}' (${event.method})`]
      case 'retry':
        return [`* ${event.message}; attempt ${event.attempt} in ${event.delayMs / 1000} s`]
      case 'failed':
        return failedLines(event)
      default:
        return []
    }
  }

  #connect({ address, port, state, message, localAddress, localPort }: EventOf<'connect'>): string[] {
    const tried = `*   Trying ${endpoint(address, port)}...`
    if (state === 'failed') return [tried, `* connect to ${message}`]
    const from = localAddress === null || localPort === null ? '' : ` from ${endpoint(localAddress, localPort)}`
    return [tried, `* Connected to ${this.#host} (${address}) port ${port}${from}`]
  }
}

function failedLines(event: EventOf<'failed'>): string[] {
  const hint = hintOf(event)
  return [`* ${event.message}`, ...(hint === null ? [] : [`*   ${hint}`]), '* Closing connection']
}

function lookupLines({ host, addresses, source }: EventOf<'lookup'>): string[] {
  if (source === 'literal') return []
  const how = source === 'given' ? 'was given' : 'was resolved'
  return [`* Host ${host} ${how}: ${addresses.join(', ')}`]
}

function tlsLines(tls: EventOf<'tls'>, insecure: boolean): string[] {
  const [leaf] = tls.certificates
  const certificate = leaf
    ? [
        '* Server certificate:',
        `*  subject: ${leaf.subject}`,
        `*  start date: ${leaf.validFrom}`,
        `*  expire date: ${leaf.validTo} (${leaf.daysLeft} days left)`,
        `*  names: ${leaf.names.join(', ')}`,
        `*  issuer: ${leaf.issuer}`,
      ]
    : []
  const verdict = tls.verified
    ? ['*  SSL certificate verify ok.']
    : tls.problems.map(({ message, number }) => {
        const result = `SSL certificate verify result: ${message} (${number})`
        return insecure ? `*  ${result}, continuing anyway.` : `*  ${result}`
      })
  return [
    `* SSL connection using ${tls.version} / ${tls.cipher}${tls.keyExchange ? ` / ${tls.keyExchange}` : ''}`,
    tls.alpn ? `* ALPN: server accepted ${tls.alpn}` : '* ALPN: server did not agree on a protocol. Uses default.',
    ...certificate,
    ...verdict,
  ]
}

function sentLines({ method, target, headers, bodyBytes }: EventOf<'request'>): string[] {
  const lines = [`> ${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `> ${name}: ${value}`), '> ']
  return bodyBytes > 0 ? [...lines, `} [${bodyBytes} bytes data]`] : lines
}
