import { isIP, Socket } from 'node:net'
import type { Clock } from '../../core/context.ts'
import type { Linux } from '../../linux/linux.ts'
import type { TlsReport } from '../tls/handshake.ts'
import { type Attempt, connectAny } from './connect.ts'
import { Deadlines, type Limits } from './deadlines.ts'
import { TransferFailure } from './failure.ts'
import type { HeaderList } from './headers.ts'
import { type Address, findAddresses, type GivenAddresses } from './lookup.ts'
import { type Answer, receiveBody, sendRequest, type Trailers } from './message.ts'
import type { Stopwatch } from './timing.ts'
import { hostOf, portOf, shownUrl } from './url.ts'

/** One request, complete: what stands here is what is sent. */
export interface HttpRequest {
  url: URL
  method: string
  headers: HeaderList
  body: Uint8Array | undefined
}

export interface Route {
  given: readonly GivenAddresses[]
  family: 4 | 6 | undefined
  /** Go on though the certificate can't be trusted. */
  insecure: boolean
  caCertificates: string | undefined
}

export interface Lookup {
  type: 'lookup'
  host: string
  addresses: string[]
  source: 'literal' | 'given' | 'hosts' | 'dns'
}

/** The request as it went out, just before it did. */
export interface Sent {
  type: 'sent'
}

export type Step = Lookup | Attempt | TlsReport | Sent | Answer | Trailers | { type: 'bytes'; bytes: Uint8Array }

export interface Surroundings {
  clock: Clock
  linux: Linux
  signal: AbortSignal
  stopwatch: Stopwatch
  limits: Limits
}

/** Loads what an exchange will use, so that no measured step pays for it; the first socket of a process costs 1 ms more. */
export async function loadFor({ protocol, hostname }: URL): Promise<void> {
  await import('node:http')
  new Socket().destroy()
  if (protocol === 'https:') await import('../tls/handshake.ts')
  if (isIP(hostname) === 0) await import('./name-service.ts')
}

/**
 * One request and its answer over a connection of its own. Yields each step as it happens, the body in pieces of at most
 * 64 KiB that are read no faster than they are taken. Throws TransferFailure when the exchange failed; stopping early closes
 * the connection.
 */
export async function* exchange(request: HttpRequest, route: Route, around: Surroundings): AsyncGenerator<Step> {
  const { clock, signal, stopwatch, limits } = around
  using deadlines = new Deadlines(shownUrl(request.url), limits, stopwatch.at(limits.totalMs), clock, signal)
  const sockets: Socket[] = []
  stopwatch.startHop()
  try {
    const addresses = yield* lookUp(request.url, route, deadlines, around)
    deadlines.phase = 'connect'
    const { socket, at } = yield* connectAny(addresses, portOf(request.url), clock, deadlines.signal)
    sockets.push(socket)
    stopwatch.mark('connectMs', at)
    const carrier =
      request.url.protocol === 'https:' ? yield* secure(socket, request.url, route, deadlines, around) : socket
    sockets.push(carrier)
    yield { type: 'sent' }
    const response = yield* sendRequest(carrier, request, deadlines, stopwatch, limits.idleMs)
    yield* receiveBody(response, deadlines)
  } finally {
    for (const socket of sockets.reverse()) socket.destroy()
  }
}

async function* lookUp(
  url: URL,
  { given, family }: Route,
  { signal }: Deadlines,
  { clock, linux, stopwatch }: Surroundings,
): AsyncGenerator<Lookup, Address[]> {
  const host = hostOf(url)
  const { addresses, source } = await findAddresses(host, portOf(url), given, family, { clock, linux, signal })
  stopwatch.mark('namelookupMs')
  yield { type: 'lookup', host, addresses: addresses.map(({ address }) => address), source }
  return addresses
}

async function* secure(
  socket: Socket,
  url: URL,
  { insecure, caCertificates }: Route,
  deadlines: Deadlines,
  { clock, stopwatch }: Surroundings,
): AsyncGenerator<TlsReport, Socket> {
  deadlines.phase = 'tls'
  const { handshake } = await import('../tls/handshake.ts')
  const { secured, report, at } = await handshake(
    socket,
    { host: hostOf(url), caCertificates },
    clock,
    deadlines.signal,
  )
  stopwatch.mark('appconnectMs', at)
  yield report
  if (report.verified || insecure) return secured
  const [problem] = report.problems
  throw new TransferFailure('tls', 'verify_failed', `TLS with ${hostOf(url)}: ${problem!.message}`, {
    code: problem!.code,
    hint: 'other certificates to trust (caCertificates), or insecure, would let it go on',
  })
}
