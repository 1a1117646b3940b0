import { formatInet, formatInet6 } from '../inet-address.ts'
import { type InetSocket, stateOf } from '../sockets.ts'
import { readAttributes } from './message.ts'
import { dumpSockets } from './sock-diag.ts'
import type { NetlinkSocket } from './socket.ts'

const familyNumbers = { inet: 2, inet6: 10 }
const protocolNumbers = { tcp: 6, udp: 17 }

/** struct inet_diag_req_v2, include/uapi/linux/inet_diag.h: family, protocol, ext, pad, u32 states, the id of no socket. */
const requestBytes = 56
/** struct inet_diag_msg: family, state, timer, retrans; id; u32 expires, rqueue, wqueue, uid, inode. */
const messageBytes = 72
/** INET_DIAG_SKV6ONLY, one byte. */
const attributeV6only = 11

/**
 * TCP or UDP sockets of one family in one of the states of `mask`, a batch for each datagram, in the kernel's order.
 * Throws the kernel's refusal: ENOENT when it has no diag module for this protocol, EPERM, EACCES.
 */
export function dumpInetSockets(
  netlink: NetlinkSocket,
  protocol: InetSocket['protocol'],
  family: InetSocket['family'],
  mask: number,
): Generator<InetSocket[]> {
  const request = Buffer.alloc(requestBytes)
  request.writeUInt8(familyNumbers[family], 0)
  request.writeUInt8(protocolNumbers[protocol], 1)
  request.writeUInt32LE(mask, 4)
  const parser = new InetDiagParser(protocol, index => netlink.interfaceName(index) ?? String(index))
  return dumpSockets(netlink, request, (datagram, start, end) => parser.parse(datagram, start, end))
}

/** Reads struct inet_diag_msg. Keeps the text of addresses: thousands of sockets share few. */
export class InetDiagParser {
  readonly #protocol: InetSocket['protocol']
  readonly #interfaceName: (index: number) => string
  readonly #inet = new Map<number, string>()
  readonly #inet6 = new Map<string, string>()

  constructor(protocol: InetSocket['protocol'], interfaceName: (index: number) => string) {
    this.#protocol = protocol
    this.#interfaceName = interfaceName
  }

  parse(bytes: Buffer, start: number, end: number): InetSocket {
    if (end - start < messageBytes) throw new Error('an inet_diag message is cut')
    const family = bytes[start] === familyNumbers.inet6 ? 'inet6' : 'inet'
    const inode = bytes.readUInt32LE(start + 68)
    const interfaceIndex = bytes.readUInt32LE(start + 40)
    const scope = interfaceIndex === 0 ? '' : `%${this.#interfaceName(interfaceIndex)}`
    const localAddress = this.#address(bytes, start + 8, family)
    const peerAddress = this.#address(bytes, start + 24, family)
    const socket: InetSocket = {
      protocol: this.#protocol,
      family,
      state: stateOf(bytes[start + 1]!),
      localAddress: scope === '' ? localAddress : localAddress + scope,
      localPort: (bytes[start + 4]! << 8) | bytes[start + 5]!,
      peerAddress: scope !== '' && peerAddress.startsWith('fe80:') ? peerAddress + scope : peerAddress,
      peerPort: (bytes[start + 6]! << 8) | bytes[start + 7]!,
      recvQ: bytes.readUInt32LE(start + 56),
      sendQ: bytes.readUInt32LE(start + 60),
      uid: inode === 0 ? null : bytes.readUInt32LE(start + 64),
      inode,
    }
    return family === 'inet6' ? withV6only(socket, bytes, start + messageBytes, end) : socket
  }

  #address(bytes: Buffer, at: number, family: InetSocket['family']): string {
    return family === 'inet' ? this.#inetAddress(bytes, at) : this.#inet6Address(bytes, at)
  }

  #inetAddress(bytes: Buffer, at: number): string {
    const key = bytes.readUInt32LE(at)
    let text = this.#inet.get(key)
    if (text === undefined) {
      text = formatInet(bytes, at)
      this.#inet.set(key, text)
    }
    return text
  }

  #inet6Address(bytes: Buffer, at: number): string {
    const key = bytes.toString('latin1', at, at + 16)
    let text = this.#inet6.get(key)
    if (text === undefined) {
      text = formatInet6(bytes, at)
      this.#inet6.set(key, text)
    }
    return text
  }
}

function withV6only(socket: InetSocket, bytes: Buffer, start: number, end: number): InetSocket {
  readAttributes(bytes, start, end, (type, at) => {
    if (type === attributeV6only) socket.v6only = bytes[at] === 1
  })
  return socket
}
