import { errnoOf, type Linux } from '../linux.ts'

/** A socket that is neither TCP nor UDP nor unix. */
export interface OtherSocket {
  kind: 'raw' | 'raw6' | 'packet' | 'netlink'
  inode: number
  /** The protocol's name where it has one: `ROUTE`, `ICMP`; else its number. */
  protocol: string
  /** Of a packet socket: `SOCK_RAW`. */
  type?: string
}

/** Raw, packet and netlink sockets of a process's network namespace. A file the kernel lacks or refuses holds none. */
export function* readOtherSockets(linux: Linux, pid: number | 'self'): Generator<OtherSocket> {
  for (const [kind, parse] of Object.entries(parsers) as [OtherSocket['kind'], Parse][])
    for (const line of linesOf(linux, `/proc/${pid}/net/${kind}`)) {
      const { protocol = '', inode, type } = parse(line.trim().split(/\s+/))
      if (Number(inode) > 0) yield { kind, protocol, inode: Number(inode), ...(type ? { type } : {}) }
    }
}

function linesOf(linux: Linux, path: string): string[] {
  try {
    return linux.read(path).toString('latin1').split('\n').slice(1)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return []
  }
}

type Parse = (words: string[]) => { protocol: string | undefined; inode: string | undefined; type?: string | undefined }

/** The "port" of a raw socket is its protocol. */
const rawSocket: Parse = words => ({ protocol: ipProtocol(words[1]?.split(':')[1]), inode: words[9] })

/** Sources: raw_sock_seq_show() in net/ipv4/raw.c, packet_seq_show() in net/packet/af_packet.c, netlink_native_seq_show() in net/netlink/af_netlink.c. */
const parsers: Record<OtherSocket['kind'], Parse> = {
  raw: rawSocket,
  raw6: rawSocket,
  packet: words => ({
    protocol: words[3] === '0003' ? 'ALL' : words[3],
    inode: words[8],
    type: socketTypes[Number(words[2])],
  }),
  netlink: words => ({ protocol: netlinkProtocols[Number(words[1])] ?? words[1], inode: words[9] }),
}

const socketTypes: Record<number, string> = { 2: 'SOCK_DGRAM', 3: 'SOCK_RAW', 10: 'SOCK_PACKET' }

const ipProtocols: Record<number, string> = { 1: 'ICMP', 2: 'IGMP', 47: 'GRE', 50: 'ESP', 58: 'ICMPV6', 255: 'RAW' }

const ipProtocol = (hex = '') => ipProtocols[Number.parseInt(hex, 16)] ?? String(Number.parseInt(hex, 16))

/** include/uapi/linux/netlink.h, in the words of lsof(8). */
const netlinkProtocols: Record<number, string> = {
  0: 'ROUTE',
  2: 'USERSOCK',
  3: 'FIREWALL',
  4: 'INET_DIAG',
  5: 'NFLOG',
  6: 'XFRM',
  7: 'SELINUX',
  8: 'ISCSI',
  9: 'AUDIT',
  10: 'FIB_LOOKUP',
  11: 'CONNECTOR',
  12: 'NETFILTER',
  13: 'IP6_FW',
  14: 'DNRTMSG',
  15: 'KOBJECT_UEVENT',
  16: 'GENERIC',
  18: 'SCSITRANSPORT',
  19: 'ECRYPTFS',
}
