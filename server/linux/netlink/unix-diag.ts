import { stateOf, type UnixSocket, unixTypeOf } from '../sockets.ts'
import { readAttributes } from './message.ts'
import { dumpSockets } from './sock-diag.ts'
import type { NetlinkSocket } from './socket.ts'

const afUnix = 1
/** struct unix_diag_req, include/uapi/linux/unix_diag.h: family, protocol, u16 pad, u32 states, ino, show, cookie[2]. */
const requestBytes = 24
/** struct unix_diag_msg: family, type, state, pad, u32 ino, cookie[2]. */
const messageBytes = 16

/** Attributes by number; bit N of `show` asks for the one whose number is N, except that NAME is bit 0 and UID bit 6. */
const attribute = { name: 0, peer: 2, queues: 4, uid: 7 }
const show = (1 << 0) | (1 << 2) | (1 << 4) | (1 << 6)

/** Unix sockets in one of the states of `mask`, a batch for each datagram. Throws the kernel's refusal. */
export function dumpUnixSockets(netlink: NetlinkSocket, mask: number): Generator<UnixSocket[]> {
  const request = Buffer.alloc(requestBytes)
  request.writeUInt8(afUnix, 0)
  request.writeUInt32LE(mask, 4)
  request.writeUInt32LE(show, 12)
  return dumpSockets(netlink, request, parseUnixDiag)
}

export function parseUnixDiag(bytes: Buffer, start: number, end: number): UnixSocket {
  if (end - start < messageBytes) throw new Error('a unix_diag message is cut')
  const socket: UnixSocket = {
    protocol: 'unix',
    socketType: unixTypeOf(bytes[start + 1]!),
    state: stateOf(bytes[start + 2]!),
    localAddress: null,
    inode: bytes.readUInt32LE(start + 4),
    peerInode: 0,
    recvQ: null,
    sendQ: null,
    uid: null,
  }
  readAttributes(bytes, start + messageBytes, end, (type, at, attributeEnd) => {
    const words = (attributeEnd - at) >> 2
    if (type === attribute.name) socket.localAddress = nameOf(bytes.subarray(at, attributeEnd))
    else if (type === attribute.peer && words > 0) socket.peerInode = bytes.readUInt32LE(at)
    else if (type === attribute.uid && words > 0) socket.uid = bytes.readUInt32LE(at)
    else if (type === attribute.queues && words > 1) {
      socket.recvQ = bytes.readUInt32LE(at)
      socket.sendQ = bytes.readUInt32LE(at + 4)
    }
  })
  return socket
}

/** A path ends at its NUL; an abstract name begins with one and may hold more. */
function nameOf(bytes: Buffer): string | null {
  if (bytes.length === 0) return null
  if (bytes[0] === 0) return bytes.toString().replaceAll('\0', '@')
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}
