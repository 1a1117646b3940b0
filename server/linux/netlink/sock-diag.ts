import { dumpRequest, readMessages } from './message.ts'
import type { NetlinkSocket } from './socket.ts'

/** NETLINK_SOCK_DIAG, sock_diag(7). */
export const sockDiagProtocol = 4
/** SOCK_DIAG_BY_FAMILY. */
const byFamily = 20

/** Dumps one family's sockets: the payloads of each datagram, parsed before the next one is read. */
export function* dumpSockets<Socket>(
  netlink: NetlinkSocket,
  request: Uint8Array,
  parse: (datagram: Buffer, start: number, end: number) => Socket,
): Generator<Socket[]> {
  netlink.send(dumpRequest(byFamily, request))
  for (let done = false; !done; ) {
    const datagram = netlink.receive()
    const sockets: Socket[] = []
    done = readMessages(datagram, (start, end) => sockets.push(parse(datagram, start, end)))
    yield sockets
  }
}
