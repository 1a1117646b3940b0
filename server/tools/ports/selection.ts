import { type InetSocket, type SocketState, socketStates, stateMask } from '../../linux/sockets.ts'
import type { Protocol, Socket } from './read-sockets.ts'
import type { Input } from './schema.ts'

/** Which sockets an input asks for. */
export interface Selection {
  protocols: Protocol[]
  /** What the kernel can leave out by itself. */
  of(protocol: Protocol): { mask: number; families: InetSocket['family'][] }
  has(socket: Socket): boolean
}

export function selectionOf({ protocol, family, state, listening: asksListening }: Input): Selection {
  const listening = asksListening ?? undefined
  const asked = typeof protocol === 'string' ? [protocol] : protocol
  const all: Protocol[] = family?.length ? ['tcp', 'udp'] : ['tcp', 'udp', 'unix']
  const families = (['inet', 'inet6'] as const).filter(name => !family?.length || family.includes(name))
  const states = new Set<SocketState>(state?.length ? state : socketStates)
  const mask = stateMask([...states])
  return {
    protocols: asked?.length ? (['tcp', 'udp', 'unix'] as const).filter(name => asked.includes(name)) : all,
    of: () => ({ mask: listening ? mask & listeningMask : mask, families }),
    has: socket => states.has(socket.state) && (listening === undefined || isListening(socket) === listening),
  }
}

/** No more than these wait for peers, whatever their protocol. */
const listeningMask = stateMask(['LISTEN', 'UNCONN'])

/** UDP sockets and named datagram sockets take messages from anyone as long as they have no peer. */
export function isListening(socket: Pick<Socket, 'protocol' | 'state' | 'localAddress'>): boolean {
  if (socket.state === 'LISTEN') return true
  return socket.state === 'UNCONN' && socket.protocol !== 'tcp' && socket.localAddress !== null
}
