import { SystemError } from '../libc.ts'

/** struct nlmsghdr, netlink(7): u32 length, u16 type, u16 flags, u32 sequence, u32 port, in the machine's byte order. */
export const headerBytes = 16

const typeError = 2
const typeDone = 3
/** NLM_F_REQUEST with NLM_F_ROOT and NLM_F_MATCH: the whole table. */
const flagsOfDump = 0x301

export function dumpRequest(type: number, payload: Uint8Array): Buffer {
  const message = Buffer.alloc(headerBytes + payload.length)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(type, 4)
  message.writeUInt16LE(flagsOfDump, 6)
  message.set(payload, headerBytes)
  return message
}

/**
 * Shows each message of a datagram by the place of its payload. True when the dump is done. Throws the kernel's refusal as a
 * system error, and Error when the datagram is cut or lies about its lengths.
 */
export function readMessages(datagram: Buffer, visit: (start: number, end: number) => void): boolean {
  for (let at = 0; at < datagram.length; ) {
    const length = at + headerBytes <= datagram.length ? datagram.readUInt32LE(at) : 0
    if (length < headerBytes || at + length > datagram.length) throw new Error('a netlink message is cut')
    const type = datagram.readUInt16LE(at + 4)
    if (type === typeError || type === typeDone) {
      throwRefusal(datagram.subarray(at + headerBytes, at + length))
      return true
    }
    visit(at + headerBytes, at + length)
    at += aligned(length)
  }
  return false
}

/** Both kinds begin with a negative errno, 0 for none; NLMSG_DONE may lack it. */
function throwRefusal(payload: Buffer): void {
  const errno = payload.length < 4 ? 0 : -payload.readInt32LE(0)
  if (errno !== 0) throw new SystemError(errno, 'netlink dump')
}

/** Shows each attribute (struct nlattr: u16 length, u16 type) between two offsets; stops at one that is cut. */
export function readAttributes(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (type: number, start: number, end: number) => void,
): void {
  for (let at = start; at + 4 <= end; ) {
    const length = bytes.readUInt16LE(at)
    if (length < 4 || at + length > end) return
    visit(bytes.readUInt16LE(at + 2) & typeMask, at + 4, at + length)
    at += aligned(length)
  }
}

/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const typeMask = 0x3fff

const aligned = (length: number) => (length + 3) & ~3
