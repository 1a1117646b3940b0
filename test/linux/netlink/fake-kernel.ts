import { headerBytes } from '../../../server/linux/netlink/message.ts'
import type { NetlinkSocket } from '../../../server/linux/netlink/socket.ts'

/** A kernel that is a function from a request to the payloads of its answer; each payload travels in a datagram of its own. */
export function fakeKernel(answer: (request: Buffer) => Buffer[]): NetlinkSocket {
  let datagrams: Buffer[] = []
  return {
    send(message) {
      const request = Buffer.from(message).subarray(headerBytes)
      datagrams = [...answer(request).map(payload => messageOf(20, payload)), messageOf(3, Buffer.alloc(4))]
    },
    receive() {
      const datagram = datagrams.shift()
      if (!datagram) throw Object.assign(new Error('nothing more'), { code: 'EAGAIN' })
      return datagram
    },
    interfaceName: index => (index === 7 ? 'eth0' : undefined),
    close() {},
  }
}

function messageOf(type: number, payload: Buffer): Buffer {
  const message = Buffer.alloc(headerBytes + payload.length)
  message.writeUInt32LE(message.length, 0)
  message.writeUInt16LE(type, 4)
  payload.copy(message, headerBytes)
  return message
}
