import type { Linux } from '../linux.ts'
import { type SocketState, type UnixSocket, unixTypeOf } from '../sockets.ts'

/** Unix sockets of this network namespace, or with `/proc/PID/net` of another. Peers, queues and UIDs are told by netlink alone. */
export const readNetUnix = (linux: Linux, directory = '/proc/net') =>
  parseNetUnix(linux.read(`${directory}/unix`).toString('utf8'))

/**
 * Lines after a heading:
 *
 *     Num       RefCount Protocol Flags    Type St Inode Path
 *     0000000000000000: 00000002 00000000 00010000 0001 01 73049 /run/app.sock
 *
 * All numbers but the inode are hexadecimal; `@` in an abstract name stands for a NUL byte. A path that holds a line break is
 * cut there: the kernel doesn't escape it. Source: unix_seq_show(), net/unix/af_unix.c.
 */
export function* parseNetUnix(text: string): Generator<UnixSocket> {
  for (const row of text.split('\n')) {
    const socket = parseLine(row)
    if (socket) yield socket
  }
}

const line = /^[0-9a-fA-F]+: ([0-9A-F]{8}) [0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2}) +(\d+)(?: (.*))?$/

function parseLine(row: string): UnixSocket | undefined {
  const [, refCount, flags, type, state, inode, path] = line.exec(row) ?? []
  if (refCount === undefined || flags === undefined || type === undefined || inode === undefined) return undefined
  return {
    protocol: 'unix',
    socketType: unixTypeOf(Number.parseInt(type, 16)),
    state: stateOfLine(Number.parseInt(flags, 16), state),
    localAddress: path === undefined || path === '' ? null : path,
    inode: Number(inode),
    peerInode: null,
    recvQ: null,
    sendQ: null,
    uid: null,
    refCount: Number.parseInt(refCount, 16),
  }
}

/** __SO_ACCEPTCON, include/linux/net.h: it listens. */
const acceptsConnections = 0x10000

/** SS_CONNECTING 2 (here: not accepted yet) and SS_CONNECTED 3 are both established for sock_diag. */
function stateOfLine(flags: number, state: string | undefined): SocketState {
  if (flags & acceptsConnections) return 'LISTEN'
  return state === '02' || state === '03' ? 'ESTAB' : 'UNCONN'
}
