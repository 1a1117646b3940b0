import { isIPv6 } from 'node:net'
import { errnoOf } from '../../linux/linux.ts'

/** How far an exchange had come. `redirect`: the answer sent us where we can't go. */
export const phases = ['namelookup', 'connect', 'tls', 'send', 'receive', 'redirect'] as const
export type Phase = (typeof phases)[number]

/** What went wrong, for scripts. */
export const reasons = [
  'not_found',
  'resolver_failed',
  'refused',
  'unreachable',
  'prohibited',
  'timeout',
  'reset',
  'empty',
  'truncated',
  'verify_failed',
  'not_tls',
  'handshake_failed',
  'not_http',
  'malformed',
  'headers_too_large',
  'too_many_redirects',
  'bad_redirect',
  'unsupported_scheme',
  'other',
] as const
export type Reason = (typeof reasons)[number]

/** The exchange failed: a finding about the other side or the way there, never a fault of ours. */
export class TransferFailure extends Error {
  override readonly name = 'TransferFailure'
  readonly phase: Phase
  readonly reason: Reason
  /** The errno, resolver, OpenSSL or parser code behind it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly code: string | undefined
  /** What that usually means; undefined when there is nothing to add. */
  readonly hint: string | undefined

  constructor(phase: Phase, reason: Reason, message: string, more: { code?: string | undefined; hint?: string } = {}) {
    super(message)
    this.phase = phase
    this.reason = reason
    this.code = more.code
    this.hint = more.hint
  }
}

interface Words {
  reason: Reason
  words: string
  hint?: string
}

/** connect(2), recv(2) and send(2) in words. */
const socketErrors: Record<string, Words> = {
  ECONNREFUSED: {
    reason: 'refused',
    words: 'Connection refused',
    hint: 'nothing listens on that port, or a firewall rejects it',
  },
  ETIMEDOUT: {
    reason: 'timeout',
    words: 'Connection timed out',
    hint: 'no answer at all: a firewall or NetworkPolicy may drop the packets',
  },
  EHOSTUNREACH: {
    reason: 'unreachable',
    words: 'No route to host',
    hint: 'no neighbour has that address, or a router says it is unreachable',
  },
  ENETUNREACH: {
    reason: 'unreachable',
    words: 'Network is unreachable',
    hint: 'there is no route to that address family or network from here',
  },
  EADDRNOTAVAIL: {
    reason: 'unreachable',
    words: 'Cannot assign requested address',
    hint: 'no local address or port is left for that destination',
  },
  EACCES: { reason: 'prohibited', words: 'Permission denied', hint: 'a local rule forbids that destination' },
  EPERM: { reason: 'prohibited', words: 'Operation not permitted', hint: 'a local firewall rule forbids it' },
  ECONNRESET: { reason: 'reset', words: 'Connection reset by peer' },
  EPIPE: { reason: 'reset', words: 'Broken pipe' },
}

/** A system error of a socket, named by what it happened to. */
export function socketFailure(phase: Phase, what: string, error: unknown): TransferFailure {
  const code = errnoOf(error)
  const known = code === undefined ? undefined : socketErrors[code]
  const words = known?.words ?? (error instanceof Error ? error.message : String(error))
  const hint = known?.hint === undefined ? {} : { hint: known.hint }
  return new TransferFailure(phase, known?.reason ?? 'other', `${what}: ${words}`, { code, ...hint })
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
export const endpoint = (address: string, port: number): string =>
  isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
