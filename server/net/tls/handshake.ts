import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { abortable } from '../../core/abortable.ts'
import type { Clock } from '../../core/context.ts'
import { errnoOf } from '../../linux/linux.ts'
import { type Reason, socketFailure, TransferFailure } from '../http/failure.ts'
import { type CertificateFacts, certificateFacts, chainOf } from './certificate.ts'
import { problemsOf, type TlsProblem } from './problem.ts'
import { distrustOf } from './trust.ts'

/** What both sides agreed on, and whom we talk to. */
export interface TlsReport {
  type: 'tls'
  /** `TLSv1.3`. */
  version: string | null
  /** IANA's name: `TLS_AES_256_GCM_SHA384`. */
  cipher: string
  /** `X25519`, `prime256v1`, `DH 2048`; null where the library can't say. */
  keyExchange: string | null
  /** What ALPN chose; null when the server didn't. */
  alpn: string | null
  /** The name sent as SNI; null for an address, which SNI can't carry. */
  serverName: string | null
  verified: boolean
  problems: TlsProblem[]
  certificates: CertificateFacts[]
  durationMs: number
}

export interface TlsOptions {
  host: string
  /** PEM; trusted instead of the public authorities that come with Node. */
  caCertificates: string | undefined
}

/**
 * A TLS client over a connected socket. A certificate that can't be trusted doesn't end the handshake: the report says what is
 * wrong with it, and whoever called decides; `at` is when both agreed, on the monotonic clock. Throws TransferFailure when the two sides find no agreement.
 */
export async function handshake(
  socket: Socket,
  { host, caCertificates }: TlsOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ secured: TLSSocket; report: TlsReport; at: number }> {
  const started = clock.monotonic()
  const serverName = isIP(host) === 0 ? host : null
  const secured = connect({
    socket,
    host,
    servername: serverName ?? '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
    ...(caCertificates === undefined ? {} : { ca: caCertificates }),
  })
  const at = await abortable(agreed(secured, host, clock), signal)
  const durationMs = Math.round((at - started) * 1000) / 1000
  return { secured, at, report: { ...reportOf(secured, host, caCertificates, clock.now()), serverName, durationMs } }
}

function agreed(secured: TLSSocket, host: string, clock: Clock): Promise<number> {
  return new Promise((resolve, reject) => {
    secured.once('secureConnect', () => resolve(clock.monotonic()))
    secured.on('error', error => reject(handshakeFailure(host, error)))
    secured.once('close', () => reject(handshakeFailure(host, new Error('closed'))))
  })
}

function reportOf(
  secured: TLSSocket,
  host: string,
  caCertificates: string | undefined,
  now: number,
): Omit<TlsReport, 'serverName' | 'durationMs'> {
  const chain = chainOf(secured.getPeerX509Certificate())
  const certificates = chain.map(certificate => certificateFacts(certificate, now))
  const nameMatches = chain[0] !== undefined && isFor(chain[0], host)
  const refused = secured.authorizationError as unknown
  const verifyCode = secured.authorized ? undefined : String(refused instanceof Error ? refused.message : refused)
  const distrust = secured.authorized ? undefined : distrustOf(chain, caCertificates)
  const problems = problemsOf({ host, verifyCode, distrust, nameMatches, chain: certificates, now })
  const cipher = secured.getCipher()
  return {
    type: 'tls',
    version: secured.getProtocol(),
    cipher: cipher.standardName ?? cipher.name,
    keyExchange: keyExchangeOf(secured),
    alpn: secured.alpnProtocol || null,
    verified: problems.length === 0,
    problems,
    certificates,
  }
}

const isFor = (leaf: X509Certificate, host: string) =>
  (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined

function keyExchangeOf(secured: TLSSocket): string | null {
  const info = secured.getEphemeralKeyInfo()
  if (!info || !('type' in info)) return null
  return 'name' in info && info.name ? info.name : `${info.type} ${info.size}`
}

interface Words {
  reason: Reason
  words: string
  hint?: string
}

/** OpenSSL's reasons that say something about the other side. */
const handshakeErrors: Record<string, Words> = {
  ERR_SSL_WRONG_VERSION_NUMBER: {
    reason: 'not_tls',
    words: 'wrong version number',
    hint: 'the answer is not TLS; the port may speak plain HTTP (try http://)',
  },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: {
    reason: 'not_tls',
    words: 'packet length too long',
    hint: 'the answer is not TLS; the port may speak plain HTTP (try http://)',
  },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: {
    reason: 'handshake_failed',
    words: 'tlsv1 alert protocol version',
    hint: 'the server speaks only versions older than TLSv1.2',
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    reason: 'handshake_failed',
    words: 'unsupported protocol',
    hint: 'the server speaks only versions older than TLSv1.2',
  },
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: {
    reason: 'handshake_failed',
    words: 'unrecognized name',
    hint: 'the server has no certificate for that host name (SNI)',
  },
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: {
    reason: 'handshake_failed',
    words: 'handshake failure',
    hint: 'no cipher in common, no certificate for that name, or the server wants a client certificate',
  },
}

function handshakeFailure(host: string, error: Error): TransferFailure {
  const code = errnoOf(error)
  if (code === undefined || error.message === 'closed' || (code === 'ECONNRESET' && /disconnected/.test(error.message)))
    return new TransferFailure('tls', 'handshake_failed', `TLS with ${host}: the server closed the connection`, {
      code,
      hint: 'it may not speak TLS, may not know that name, or a proxy on the way cut it',
    })
  if (!code.startsWith('ERR_SSL') && code !== 'EPROTO') return socketFailure('tls', `TLS with ${host}`, error)
  const known = handshakeErrors[code]
  const words = known?.words ?? ('reason' in error ? String(error.reason) : error.message)
  const hint = known?.hint === undefined ? {} : { hint: known.hint }
  return new TransferFailure('tls', known?.reason ?? 'handshake_failed', `TLS with ${host}: ${words}`, {
    code,
    ...hint,
  })
}
