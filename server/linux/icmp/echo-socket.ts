import { openRealtimeClock, type RealtimeClock } from '../clock.ts'
import { type Libc, openLibc, pinned, SystemError } from '../libc.ts'
import { type Watch, watch } from '../poller.ts'
import { type AddressFamily, AF_INET, openSocketAddresses } from '../socket-address.ts'
import { bindDescriptorCalls, type EchoKind, openEchoDescriptor } from './echo-descriptor.ts'
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
  readonly kind: EchoKind
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
    const { descriptor, kind } = openEchoDescriptor(calls, family, options.ttl)
    try {
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
  kind: EchoKind
  watched: Watch
}

type Calls = ReturnType<typeof bind>
let calls: Calls | undefined

const bind = (libc: Libc) => ({
  ...bindDescriptorCalls(libc),
  addresses: openSocketAddresses(libc),
  sendto: libc.func<
    (descriptor: number, bytes: Buffer, length: number, flags: number, to: Buffer, toLength: number) => number
  >('long sendto(int descriptor, const void *bytes, size_t length, int flags, const void *to, uint32_t toLength)'),
  strerror: libc.func<(errno: number) => string>('const char *strerror(int errno)'),
})

const ENODEV = 19
