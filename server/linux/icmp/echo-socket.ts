import { openRealtimeClock, type RealtimeClock } from '../clock.ts'
import { checked, type Libc, openLibc, pinned, SystemError } from '../libc.ts'
import { errnoOf } from '../linux.ts'
import { type Watch, watch } from '../poller.ts'
import { type AddressFamily, AF_INET, AF_INET6, openSocketAddresses, type SocketAddresses } from '../socket-address.ts'
import { MessageReader } from './message-reader.ts'
import { echoHeaderBytes, readEchoReply, readEchoRequest, withoutIpv4Header, writeEchoRequest } from './packet.ts'

export interface EchoOptions {
  /** Numeric, with `%zone` for a link-local one. */
  address: string
  payloadBytes: number
  /** Time to live or hop limit of what is sent; the kernel's default without. */
  ttl: number | undefined
}

/** An echo reply to a request of ours, or an error about one. `sequence` is the 16 bits on the wire. */
export type Received =
  | { kind: 'reply'; sequence: number; peerAddress: string; ttl: number | null; bytes: number; rttMs: number }
  | { kind: 'error'; sequence: number; peerAddress: string | null; icmpType: number; icmpCode: number; info: number }

/** Why the kernel took no packet: `EHOSTUNREACH`, `No route to host`. */
export interface SendFailure {
  code: string
  message: string
}

/** Neither kind of socket may be opened here. */
export class EchoDenied extends Error {
  override readonly name = 'EchoDenied'
}

/** Messages handled in one turn: some 0.2 ms of work, so that nobody else on the loop waits. */
const messagesPerTurn = 64

/** Bytes of payload that tell our packets from those of other pings, whose 16-bit identifiers may be the same. */
const tokenBytes = 8

/**
 * An unconnected ICMP socket for echo requests to one address. A datagram socket needs no capability but a group in
 * net.ipv4.ping_group_range, and its kernel puts an identifier of its own in place of ours; a raw one needs CAP_NET_RAW.
 * Source: ping_v4_sendmsg(), net/ipv4/ping.c; icmp(7), raw(7).
 */
export class EchoSocket {
  readonly kind: 'datagram' | 'raw'
  readonly #calls: Calls
  readonly #family: AddressFamily
  readonly #descriptor: number
  readonly #target: Buffer
  readonly #packet: Buffer
  readonly #token: Buffer
  readonly #id = 1 + Math.floor(Math.random() * 0xfffe)
  readonly #clock: RealtimeClock
  readonly #reader: MessageReader
  readonly #watch: Watch
  /** When each of the last 65,536 requests left, by the wire's sequence: 512 KiB of address space, touched as it fills. */
  readonly #sentAt = new Float64Array(1 << 16)

  /** Throws EchoDenied, or SystemError (`EAFNOSUPPORT` where the kernel lacks IPv6). */
  static async open(options: EchoOptions): Promise<EchoSocket> {
    calls ??= bind(await openLibc())
    const target = calls.addresses.encode(options.address)
    if (!target) throw new SystemError(ENODEV, 'sendto')
    const family = target.readUInt16LE(0) === AF_INET ? 'inet' : 'inet6'
    const { descriptor, kind } = openDescriptor(calls, family)
    try {
      setOptions(calls, descriptor, { family, kind, ttl: options.ttl })
      const watched = await watch(descriptor)
      return new EchoSocket(calls, { ...options, target, family, descriptor, kind, watched })
    } catch (error) {
      calls.close(descriptor)
      throw error
    }
  }

  private constructor(calls: Calls, opened: Opened) {
    this.#calls = calls
    this.kind = opened.kind
    this.#family = opened.family
    this.#descriptor = opened.descriptor
    this.#target = opened.target
    this.#watch = opened.watched
    this.#packet = pinned(echoHeaderBytes + opened.payloadBytes)
    for (let at = echoHeaderBytes; at < this.#packet.length; at++)
      this.#packet[at] = at < echoHeaderBytes + tokenBytes ? Math.random() * 256 : at
    this.#token = this.#packet.subarray(echoHeaderBytes, echoHeaderBytes + tokenBytes)
    this.#clock = openRealtimeClock(calls.libc)
    this.#reader = new MessageReader(calls.libc, calls.addresses, this.#descriptor, this.#packet.length)
  }

  /** Sends one request. The failure is the kernel's own: no route, a local filter, a full queue (`EAGAIN`, `ENOBUFS`). */
  send(sequence: number): SendFailure | undefined {
    writeEchoRequest(this.#packet, this.#family, { id: this.#id, sequence })
    // An error that came for an earlier request is reported once in place of sending (sk_err); the second failure is real.
    if (this.#sendOnce(sequence) >= 0 || this.#sendOnce(sequence) >= 0) return undefined
    const errno = this.#calls.libc.errno()
    return { code: new SystemError(errno, 'sendto').code, message: this.#calls.strerror(errno) }
  }

  #sendOnce(sequence: number): number {
    const { sendto } = this.#calls
    this.#sentAt[sequence] = this.#clock.now()
    return sendto(this.#descriptor, this.#packet, this.#packet.length, 0, this.#target, this.#target.length)
  }

  /** What came in since, at most one turn's worth; empty when nothing is left. */
  receive(): Received[] {
    const received: Received[] = []
    for (let turn = 0; turn < messagesPerTurn; turn++) {
      const next = this.#nextError() ?? this.#nextReply()
      if (next === 'nothing') break
      if (next !== 'foreign') received.push(next)
    }
    return received
  }

  #nextError(): Received | 'foreign' | undefined {
    const message = this.#reader.readError()
    if (!message) return undefined
    const header = readEchoRequest(message.bytes, this.#family)
    if (!header || !this.#isOurs(message.bytes, header.id)) return 'foreign'
    const { peerAddress, icmpType, icmpCode, info } = message
    return { kind: 'error', sequence: header.sequence, peerAddress, icmpType, icmpCode, info }
  }

  #nextReply(): Received | 'foreign' | 'nothing' {
    const message = this.#reader.read()
    if (!message) return 'nothing'
    const packet = this.kind === 'raw' && this.#family === 'inet' ? withoutIpv4Header(message.bytes) : message.bytes
    const header = readEchoReply(packet, this.#family)
    if (!header || !this.#isOurs(packet, header.id)) return 'foreign'
    const { peerAddress, ttl, stamp } = message
    const arrived = stamp ? this.#clock.at(stamp.seconds, stamp.nanoseconds) : this.#clock.now()
    const rttMs = arrived - (this.#sentAt[header.sequence] ?? arrived)
    return { kind: 'reply', sequence: header.sequence, peerAddress, ttl, bytes: packet.length, rttMs }
  }

  /** By payload, as far as there is one and an error quotes it; on a raw socket by identifier too. */
  #isOurs(packet: Buffer, id: number): boolean {
    if (this.kind === 'raw' && id !== this.#id) return false
    const token = packet.subarray(echoHeaderBytes, echoHeaderBytes + this.#token.length)
    return token.equals(this.#token.subarray(0, token.length))
  }

  /** Resolves when something may be there to receive, after `ms`, or at `wake`. */
  ready(ms: number): Promise<void> {
    return this.#watch.ready(ms)
  }

  wake(): void {
    this.#watch.wake()
  }

  close(): void {
    this.#watch.close()
    this.#calls.close(this.#descriptor)
  }
}

interface Opened extends EchoOptions {
  target: Buffer
  family: AddressFamily
  descriptor: number
  kind: 'datagram' | 'raw'
  watched: Watch
}

type Calls = ReturnType<typeof bind>
let calls: Calls | undefined

const bind = (libc: Libc) => ({
  libc,
  addresses: openSocketAddresses(libc) as SocketAddresses,
  socket: libc.func<(domain: number, type: number, protocol: number) => number>(
    'int socket(int domain, int type, int protocol)',
  ),
  setsockopt: libc.func<(descriptor: number, level: number, name: number, value: Buffer, length: number) => number>(
    'int setsockopt(int descriptor, int level, int name, const void *value, uint32_t length)',
  ),
  sendto: libc.func<
    (descriptor: number, bytes: Buffer, length: number, flags: number, to: Buffer, toLength: number) => number
  >('long sendto(int descriptor, const void *bytes, size_t length, int flags, const void *to, uint32_t toLength)'),
  close: libc.func<(descriptor: number) => number>('int close(int descriptor)'),
  strerror: libc.func<(errno: number) => string>('const char *strerror(int errno)'),
})

const ENODEV = 19
const SOCK_DGRAM = 2
const SOCK_RAW = 3
const SOCK_NONBLOCK = 0x800
const SOCK_CLOEXEC = 0x80000
const IPPROTO_ICMP = 1
const IPPROTO_ICMPV6 = 58

/** What a kernel or a seccomp filter says to a socket it doesn't grant; gVisor and old kernels lack the datagram kind. */
const deniedCodes = new Set(['EACCES', 'EPERM', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'])

function openDescriptor(calls: Calls, family: AddressFamily): { descriptor: number; kind: 'datagram' | 'raw' } {
  const [domain, protocol] = family === 'inet' ? [AF_INET, IPPROTO_ICMP] : [AF_INET6, IPPROTO_ICMPV6]
  for (const kind of ['datagram', 'raw'] as const) {
    const type = (kind === 'raw' ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
    try {
      return { descriptor: checked(calls.libc, 'socket', calls.socket(domain, type, protocol)), kind }
    } catch (error) {
      if (!deniedCodes.has(errnoOf(error) ?? '')) throw error
    }
  }
  throw new EchoDenied(`neither a datagram nor a raw ICMP socket is granted`)
}

const SOL_SOCKET = 1
const SO_TIMESTAMPNS = 35
const SOL_IP = 0
const SOL_IPV6 = 41
const SOL_RAW = 255
const SOL_ICMPV6 = 58
const FILTER = 1

/** setsockopt's level and number by family: include/uapi/linux/in.h, in6.h. */
const options = {
  inet: { level: SOL_IP, ttl: [2, 33], receiveTtl: 12, receiveErrors: 11 },
  inet6: { level: SOL_IPV6, ttl: [16, 18], receiveTtl: 51, receiveErrors: 25 },
}

interface SocketOptions {
  family: AddressFamily
  kind: 'datagram' | 'raw'
  ttl: number | undefined
}

function setOptions(calls: Calls, descriptor: number, { family, kind, ttl }: SocketOptions): void {
  const set = (level: number, name: number, value: Buffer) =>
    checked(calls.libc, 'setsockopt', calls.setsockopt(descriptor, level, name, value, value.length))
  const { level, ttl: ttlNames, receiveTtl, receiveErrors } = options[family]
  set(SOL_SOCKET, SO_TIMESTAMPNS, integer(1))
  set(level, receiveTtl, integer(1))
  set(level, receiveErrors, integer(1))
  if (ttl !== undefined) for (const name of ttlNames) set(level, name, integer(ttl))
  if (kind === 'raw') set(family === 'inet' ? SOL_RAW : SOL_ICMPV6, FILTER, repliesOnly(family))
}

function integer(value: number): Buffer {
  const bytes = pinned(4)
  bytes.writeInt32LE(value)
  return bytes
}

/** ICMP_FILTER and ICMP6_FILTER: a bit set is a type not wanted. Without it every ICMP message of the node would wake us. */
function repliesOnly(family: AddressFamily): Buffer {
  const bytes = pinned(family === 'inet' ? 4 : 32).fill(0xff)
  const reply = family === 'inet' ? 0 : 129
  bytes[reply >> 3] = 0xff & ~(1 << (reply & 7))
  return bytes
}
