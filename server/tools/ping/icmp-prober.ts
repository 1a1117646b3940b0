import { ToolError } from '../../core/errors.ts'
import { EchoDenied } from '../../linux/icmp/echo-descriptor.ts'
import { EchoSocket, type Received } from '../../linux/icmp/echo-socket.ts'
import { icmpReason } from '../../linux/icmp/reason.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { AddressFamily } from '../../linux/socket-address.ts'
import { icmpMessage } from './icmp-wording.ts'
import type { Finding, Prober, Refusal } from './prober.ts'
import type { PingInput } from './schema.ts'
import { windowSize } from './sent-window.ts'

/** Opens ICMP for one address. Throws ToolError where it is denied or the machine lacks the family. */
export async function openIcmpProber(
  { address, family }: { address: string; family: AddressFamily },
  { payloadBytes, ttl }: Pick<PingInput, 'payloadBytes' | 'ttl'>,
  linux: Linux,
): Promise<Prober> {
  const socket = await EchoSocket.open({ address, payloadBytes, ttl }).catch(error => {
    throw openingError(error, linux)
  })
  return {
    target: { transport: 'icmp', socket: socket.kind, port: null, payloadBytes },
    maxInFlight: windowSize - 1,
    send(seq) {
      const failure = socket.send(seq & 0xffff)
      if (!failure) return undefined
      return queueFull.has(failure.code) ? 'busy' : refusal(failure.code, failure.message)
    },
    collect: () => socket.receive().map(received => finding(family, received)),
    giveUp() {},
    ready: ms => socket.ready(ms),
    wake: () => socket.wake(),
    close: () => socket.close(),
  }
}

/** The socket's buffer or the device's queue is full; ping(8) waits and tries again too. */
const queueFull = new Set(['EAGAIN', 'ENOBUFS', 'ENOMEM'])

function finding(family: AddressFamily, received: Received): Finding {
  if (received.kind === 'reply') return received
  const { sequence, peerAddress, icmpType, icmpCode } = received
  const reason = icmpReason(family, icmpType, icmpCode)
  const message = icmpMessage(family, received)
  return { kind: 'lost', sequence, peerAddress, reason, message, error: null, rttMs: null }
}

const refusalReasons: Record<string, Refusal['reason']> = {
  ENETUNREACH: 'net_unreachable',
  EHOSTUNREACH: 'host_unreachable',
  EACCES: 'prohibited',
  EPERM: 'prohibited',
  EMSGSIZE: 'packet_too_big',
}

/** Which of our own kernel's rules speaks by an errno that says little. fib_props[], net/ipv4/fib_semantics.c */
const origins: Record<string, string> = {
  EACCES: 'a prohibit route, or a broadcast address',
  EPERM: 'a local packet filter drops it',
  EINVAL: 'a blackhole route',
}

/** What a request that the kernel did not send tells. */
export function refusal(code: string, words: string): Refusal {
  const origin = origins[code]
  const message = origin ? `${words} (${origin})` : words
  return { reason: refusalReasons[code] ?? 'send_failed', message, error: code }
}

function openingError(error: unknown, linux: Linux): unknown {
  if (error instanceof EchoDenied) return denied(linux, error)
  if (errnoOf(error) === 'ENODEV')
    return new ToolError('invalid_input', 'a link-local address needs a zone that exists: fe80::1%eth0', {
      cause: error,
    })
  if (errnoOf(error) === 'EAFNOSUPPORT')
    return new ToolError('unsupported', 'socket: Address family not supported by protocol', {
      cause: error,
      remedy: 'this kernel or its container has no IPv6; -4 asks for IPv4',
    })
  return error
}

function denied(linux: Linux, cause: unknown): ToolError {
  const groups = groupRange(linux)
  const remedy = `needs CAP_NET_RAW or net.ipv4.ping_group_range to include gid ${process.getegid?.()}${groups && ` (it is ${groups})`}; kubectl debug --profile=netadmin adds it; --tcp PORT measures a TCP handshake without it`
  return new ToolError('not_permitted', 'ICMP sockets are denied here', { remedy, cause })
}

function groupRange(linux: Linux): string {
  try {
    return linux.read('/proc/sys/net/ipv4/ping_group_range').toString().trim().replace(/\s+/, ' ')
  } catch {
    return ''
  }
}
