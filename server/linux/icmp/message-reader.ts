import { type Libc, pinned } from '../libc.ts'
import type { SocketAddresses } from '../socket-address.ts'
import { parseControlMessages } from './control.ts'

export interface Message {
  /** Valid until the next read. */
  bytes: Buffer
  peerAddress: string
  ttl: number | null
  /** When the kernel received it, by CLOCK_REALTIME (SO_TIMESTAMPNS). */
  stamp: { seconds: number; nanoseconds: number } | undefined
}

export interface ErrorMessage {
  /** The packet that caused the error, from its ICMP header on, as much as was quoted. Valid until the next read. */
  bytes: Buffer
  /** Who sent the error; null when it is this machine's own kernel without a packet. */
  peerAddress: string | null
  icmpType: number
  icmpCode: number
  /** The MTU for a packet too big, the pointer for a parameter problem. */
  info: number
}

/** Longest IPv4 header, in front of what a raw socket gives. */
const ipv4HeaderBytes = 60
const controlBytes = 512
const nameBytes = 28
/** struct msghdr and struct iovec of a 64-bit kernel. recvmsg(2) */
const header = { bytes: 56, nameLength: 8, vector: 16, vectorCount: 24, control: 32, controlLength: 40 }

const MSG_ERRQUEUE = 0x2000

/** Reads a socket by recvmsg(2) into memory that is laid out once: a message costs one call and no allocation but its events. */
export class MessageReader {
  readonly #receive: (flags: number) => number
  readonly #addresses: SocketAddresses
  readonly #header = pinned(header.bytes)
  readonly #name = pinned(nameBytes)
  readonly #control = pinned(controlBytes)
  readonly #data: Buffer
  readonly #vector = pinned(16)

  constructor(libc: Libc, addresses: SocketAddresses, descriptor: number, messageBytes: number) {
    const recvmsg = libc.func<(descriptor: number, message: Buffer, flags: number) => number>(
      'long recvmsg(int descriptor, void *message, int flags)',
    )
    this.#addresses = addresses
    this.#data = pinned(ipv4HeaderBytes + messageBytes)
    this.#receive = flags => recvmsg(descriptor, this.#header, flags)
    this.#vector.writeBigUInt64LE(libc.address(this.#data), 0)
    this.#vector.writeBigUInt64LE(BigInt(this.#data.length), 8)
    this.#header.writeBigUInt64LE(libc.address(this.#name), 0)
    this.#header.writeBigUInt64LE(libc.address(this.#vector), header.vector)
    this.#header.writeBigUInt64LE(1n, header.vectorCount)
    this.#header.writeBigUInt64LE(libc.address(this.#control), header.control)
  }

  /** The next message, or undefined when there is none. */
  read(): Message | undefined {
    // A queued error is reported once in place of a message (sk_err), whichever came first: ask again before giving up.
    const length = this.#next(0) ?? this.#next(0)
    if (length === undefined) return undefined
    const message: Message = {
      bytes: this.#data.subarray(0, length),
      peerAddress: this.#addresses.decode(this.#name) ?? '',
      ttl: null,
      stamp: undefined,
    }
    for (const { level, type, data } of this.#controls()) {
      if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS)
        message.stamp = { seconds: Number(data.readBigInt64LE(0)), nanoseconds: data.readUInt32LE(8) }
      else if (isTtl(level, type)) message.ttl = data.readInt32LE(0)
    }
    return message
  }

  /** The next entry of the error queue (IP_RECVERR), or undefined when there is none. */
  readError(): ErrorMessage | undefined {
    const length = this.#next(MSG_ERRQUEUE)
    if (length === undefined) return undefined
    for (const { level, type, data } of this.#controls())
      if (isError(level, type)) return { bytes: this.#data.subarray(0, length), ...this.#extendedError(data) }
    return undefined
  }

  /** struct sock_extended_err, then the address of who complained. include/uapi/linux/errqueue.h */
  #extendedError(data: Buffer): Omit<ErrorMessage, 'bytes'> {
    const isLocal = data[4] === SO_EE_ORIGIN_LOCAL
    const offender = data.length >= extendedErrorBytes + 16 ? data.subarray(extendedErrorBytes) : undefined
    return {
      peerAddress: isLocal || !offender ? null : (this.#addresses.decode(offender) ?? null),
      icmpType: data[5] ?? 0,
      icmpCode: data[6] ?? 0,
      info: data.readUInt32LE(8),
    }
  }

  #next(flags: number): number | undefined {
    this.#header.writeUInt32LE(nameBytes, header.nameLength)
    this.#header.writeBigUInt64LE(BigInt(controlBytes), header.controlLength)
    const length = this.#receive(flags)
    return length < 0 ? undefined : length
  }

  #controls() {
    return parseControlMessages(this.#control.subarray(0, Number(this.#header.readBigUInt64LE(header.controlLength))))
  }
}

const SOL_SOCKET = 1
const SCM_TIMESTAMPNS = 35
const SO_EE_ORIGIN_LOCAL = 1
const extendedErrorBytes = 16

/** IP_TTL and IPV6_HOPLIMIT. */
const isTtl = (level: number, type: number) => (level === 0 && type === 2) || (level === 41 && type === 52)
/** IP_RECVERR and IPV6_RECVERR. */
const isError = (level: number, type: number) => (level === 0 && type === 11) || (level === 41 && type === 25)
