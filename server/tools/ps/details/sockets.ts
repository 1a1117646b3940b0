import type { TimeSlice } from '../../../core/time-slice.ts'
import { errnoOf, type Linux } from '../../../linux/linux.ts'
import { readNamespace } from '../../../linux/namespaces/ns.ts'
import { dumpInetSockets } from '../../../linux/netlink/inet-diag.ts'
import { sockDiagProtocol } from '../../../linux/netlink/sock-diag.ts'
import { dumpUnixSockets } from '../../../linux/netlink/unix-diag.ts'
import { readNetTcp } from '../../../linux/procfs/net-tcp.ts'
import { readNetUnix } from '../../../linux/procfs/net-unix.ts'
import { type InetSocket, socketStates, stateMask, type UnixSocket } from '../../../linux/sockets.ts'
import type { PsOpenFile } from '../schema.ts'

type Socket = InetSocket | UnixSocket

const protocols = ['tcp', 'udp'] as const
const families = ['inet', 'inet6'] as const

/** The sockets of these inodes, in the network namespace of a process. Those of other kinds (netlink, packet) are in no table. */
export async function findSockets(
  linux: Linux,
  pid: number,
  wanted: ReadonlySet<number>,
  slice: TimeSlice,
): Promise<Map<number, PsOpenFile['socket']>> {
  const found = new Map<number, PsOpenFile['socket']>()
  if (wanted.size === 0) return found
  for await (const socket of allSockets(linux, pid)) {
    if (wanted.has(socket.inode)) found.set(socket.inode, shown(socket))
    if (slice.due) await slice.turn()
  }
  return found
}

async function* allSockets(linux: Linux, pid: number): AsyncGenerator<Socket> {
  if (linux.netlink && readNamespace(linux, pid, 'net') === readNamespace(linux, 'self', 'net')) {
    const dumped = await dumpAll(linux.netlink).catch(error => {
      if (errnoOf(error) === undefined) throw error
    })
    if (dumped) return yield* dumped
  }
  const namespace = withNetOf(linux, pid)
  for (const protocol of protocols) for (const family of families) yield* readNetTcp(namespace, protocol, family)
  yield* readNetUnix(namespace)
}

/** All at once, so that what the kernel refuses half-way is read elsewhere as a whole. */
async function dumpAll(open: NonNullable<Linux['netlink']>): Promise<Socket[]> {
  const netlink = await open(sockDiagProtocol)
  try {
    const states = stateMask(socketStates)
    const inet = protocols.flatMap(protocol =>
      families.flatMap(family => [...dumpInetSockets(netlink, protocol, family, states)]),
    )
    return [...inet, ...dumpUnixSockets(netlink, states)].flat()
  } finally {
    netlink.close()
  }
}

/** /proc/net is a link to that of the reader. */
const withNetOf = (linux: Linux, pid: number): Linux => ({
  ...linux,
  read: path => linux.read(path.replace(/^\/proc\/net\//, `/proc/${pid}/net/`)),
})

function shown(socket: Socket): NonNullable<PsOpenFile['socket']> {
  const { protocol, state, localAddress, recvQ, sendQ } = socket
  const unix = socket.protocol === 'unix' ? { socketType: socket.socketType, peerInode: socket.peerInode } : {}
  const [localPort, peerAddress, peerPort] =
    socket.protocol === 'unix' ? [null, null, null] : [socket.localPort, socket.peerAddress, socket.peerPort]
  return { protocol, state, localAddress, localPort, peerAddress, peerPort, recvQ, sendQ, ...unix }
}
