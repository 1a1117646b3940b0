import type { AddressFamily } from '../socket-address.ts'

/** Bytes before the payload of an echo message: type, code, checksum, identifier, sequence. RFC 792, RFC 4443 §4. */
export const echoHeaderBytes = 8

const echoTypes = { inet: { request: 8, reply: 0 }, inet6: { request: 128, reply: 129 } }

/** What identifies an echo message beside its payload; both are 16 bits wide. */
export interface EchoHeader {
  id: number
  sequence: number
}

/**
 * Writes the header of an echo request in front of the payload that stands there already. The IPv6 checksum covers a pseudo
 * header that only the kernel knows; it fills that in itself (RFC 3542 §3.1).
 */
export function writeEchoRequest(packet: Buffer, family: AddressFamily, { id, sequence }: EchoHeader): void {
  packet.fill(0, 0, 4)
  packet[0] = echoTypes[family].request
  packet.writeUInt16BE(id, 4)
  packet.writeUInt16BE(sequence, 6)
  if (family === 'inet') packet.writeUInt16BE(internetChecksum(packet), 2)
}

/** The header of an echo reply; undefined for any other or a cut message. */
export function readEchoReply(packet: Buffer, family: AddressFamily): EchoHeader | undefined {
  return readEcho(packet, echoTypes[family].reply)
}

/** The header of the echo request that an ICMP error quotes, be the quote as short as the 8 bytes RFC 792 promises. */
export function readEchoRequest(packet: Buffer, family: AddressFamily): EchoHeader | undefined {
  return readEcho(packet, echoTypes[family].request)
}

function readEcho(packet: Buffer, type: number): EchoHeader | undefined {
  if (packet.length < echoHeaderBytes || packet[0] !== type || packet[1] !== 0) return undefined
  return { id: packet.readUInt16BE(4), sequence: packet.readUInt16BE(6) }
}

/** The ICMP message in what a raw IPv4 socket gives, which has the IP header in front (raw(7)); empty when it is cut. */
export function withoutIpv4Header(packet: Buffer): Buffer {
  return packet.subarray(((packet[0] ?? 0) & 0xf) * 4)
}

/** The one's complement sum of RFC 1071 over 16-bit words, an odd last byte padded with zero. */
export function internetChecksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at)
  if (bytes.length % 2 === 1) sum += (bytes.at(-1) ?? 0) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
