import { formatInet, formatInet6 } from '../inet-address.ts'
import { errnoOf, type Linux } from '../linux.ts'
import { type InetSocket, stateOf } from '../sockets.ts'

const files = { tcp: { inet: 'tcp', inet6: 'tcp6' }, udp: { inet: 'udp', inet6: 'udp6' } }

/**
 * TCP or UDP sockets of one family, in the kernel's order; `/proc/PID/net` is the directory of another network namespace. A kernel without IPv6 has no tcp6: nothing is listed then.
 * Unlike netlink these files hide how many connections may wait on a LISTEN socket, its interface, and whether `::` takes IPv4.
 */
export function readNetTcp(
  linux: Linux,
  protocol: InetSocket['protocol'],
  family: InetSocket['family'],
  directory = '/proc/net',
): Generator<InetSocket> {
  return parseNetTcp(readText(linux, `${directory}/${files[protocol][family]}`, family), protocol)
}

function readText(linux: Linux, path: string, family: InetSocket['family']): string {
  try {
    return linux.read(path).toString('latin1')
  } catch (error) {
    if (family === 'inet6' && errnoOf(error) === 'ENOENT') return ''
    throw error
  }
}

/**
 * Lines after a heading:
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *      0: 0100007F:1F90 00000000:0000 0A 00000000:00000001 00:00000000 00000000  1000        0 261942 1 0000000085235b26 100 0 0 10 0
 *
 * All numbers are hexadecimal up to `retrnsmt`, addresses as 32-bit words in the machine's byte order, ports in plain order.
 * Source: get_tcp4_sock(), net/ipv4/tcp_ipv4.c; udp4_format_sock(), net/ipv4/udp.c. Lines that are cut are left out.
 */
export function* parseNetTcp(text: string, protocol: InetSocket['protocol']): Generator<InetSocket> {
  for (let start = text.indexOf('\n') + 1, end = text.indexOf('\n', start); end > 0; ) {
    const socket = parseLine(text.slice(start, end), protocol)
    if (socket) yield socket
    start = end + 1
    end = text.indexOf('\n', start)
  }
}

const line =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) \S+ [0-9A-F]{8} +(\d+) +\d+ (\d+)/

function parseLine(text: string, protocol: InetSocket['protocol']): InetSocket | undefined {
  const [, local, localPort, peer, peerPort, state, sendQ, recvQ, uid, inode] = line.exec(text) ?? []
  if (!local || !peer || inode === undefined) return undefined
  const isListening = state === '0A'
  const holder = Number(inode)
  return {
    protocol,
    family: local.length === 8 ? 'inet' : 'inet6',
    state: stateOf(hex(state)),
    localAddress: parseAddress(local),
    localPort: hex(localPort),
    peerAddress: parseAddress(peer),
    peerPort: hex(peerPort),
    recvQ: hex(recvQ),
    sendQ: isListening ? null : hex(sendQ),
    uid: holder === 0 ? null : Number(uid),
    inode: holder,
  }
}

const hex = (digits: string | undefined) => Number.parseInt(digits ?? '', 16)

function parseAddress(words: string): string {
  const bytes = Buffer.from(words, 'hex')
  bytes.swap32()
  return bytes.length === 4 ? formatInet(bytes, 0) : formatInet6(bytes, 0)
}
