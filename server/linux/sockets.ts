/** States by the kernel's numbers (include/net/tcp_states.h), in the words of ss. UDP and unix sockets use them too. */
const stateNames = {
  1: 'ESTAB',
  2: 'SYN-SENT',
  3: 'SYN-RECV',
  4: 'FIN-WAIT-1',
  5: 'FIN-WAIT-2',
  6: 'TIME-WAIT',
  7: 'UNCONN',
  8: 'CLOSE-WAIT',
  9: 'LAST-ACK',
  10: 'LISTEN',
  11: 'CLOSING',
} as const

export type SocketState = (typeof stateNames)[keyof typeof stateNames]
export const socketStates: readonly SocketState[] = Object.values(stateNames)

/** 12 is a request that waits for its handshake's end (TCP_NEW_SYN_RECV), 13 a bound socket without a role. */
export const stateOf = (number: number): SocketState =>
  number === 12 ? 'SYN-RECV' : (stateNames[number as keyof typeof stateNames] ?? 'UNCONN')

/** Bit mask of states as sock_diag's requests take it: bit N for state N. */
export const stateMask = (states: readonly SocketState[]): number =>
  states.reduce((mask, state) => mask | (1 << (socketStates.indexOf(state) + 1)), 0)

export const listenState = 10

export interface InetSocket {
  protocol: 'tcp' | 'udp'
  family: 'inet' | 'inet6'
  state: SocketState
  /** With `%` and the interface when the socket is bound to one; netlink alone tells. */
  localAddress: string
  localPort: number
  /** `0.0.0.0` or `::` with port 0 when there is none. */
  peerAddress: string
  peerPort: number
  /** Bytes received but not yet read by the application; on a LISTEN socket, connections waiting to be accepted. */
  recvQ: number
  /** Bytes not yet acknowledged by the peer; on a LISTEN socket, how many connections may wait: null where procfs hides it. */
  sendQ: number | null
  /** Null when no process holds the socket (`inode` 0): the kernel then says 0, whoever opened it. */
  uid: number | null
  /** Of the socket's file; 0 when it has none: not accepted yet, or closed by its process. */
  inode: number
  /** On IPv6 sockets: whether IPv4 is refused (IPV6_V6ONLY); netlink alone tells. */
  v6only?: boolean
}

export const unixTypes = { 1: 'stream', 2: 'dgram', 5: 'seqpacket' } as const
export type UnixType = (typeof unixTypes)[keyof typeof unixTypes]
export const unixTypeOf = (number: number): UnixType => unixTypes[number as keyof typeof unixTypes] ?? 'stream'

export interface UnixSocket {
  protocol: 'unix'
  socketType: UnixType
  state: SocketState
  /** Where it is bound: a path, an abstract name with `@` for each NUL byte, or null when it has no name. */
  localAddress: string | null
  inode: number
  /** The other end of the connection; 0 when there is none, null where procfs hides it. */
  peerInode: number | null
  /** Bytes to be read; on a LISTEN socket, connections waiting to be accepted; of datagrams, their number. */
  recvQ: number | null
  sendQ: number | null
  uid: number | null
  /** References the kernel counts; procfs alone tells. */
  refCount?: number
}
