import { TimeSlice } from '../../core/time-slice.ts'
import { readServices, type ServiceName } from '../../linux/services.ts'
import { findSocketOwners, type Holder, type SocketOwners } from '../../linux/socket-owners.ts'
import type { ToolContext } from '../context.ts'
import { readSockets, type Socket } from './read-sockets.ts'
import type { Event, Input, SocketEvent, Summary } from './schema.ts'
import { notLookedFor, whyOwnerless, whyUnknown } from './why.ts'

export async function* runPorts(input: Input, context: ToolContext): AsyncGenerator<Event> {
  const { linux } = context
  const slice = new TimeSlice(context)
  const { sockets, sources, notes } = await readSockets(linux, input, slice)
  const owned = input.processes ? await withOwners(input, sockets, context, slice) : { sockets }
  const describe = new Describer(owned.owners, owned.owners ? whyUnknown(linux, owned.owners) : notLookedFor)
  const services = input.services ? readServices(linux) : undefined
  const counts: Summary['counts'] = {}
  for (const socket of owned.sockets) {
    count(counts, socket)
    yield services ? withServices(describe.event(socket), services) : describe.event(socket)
    if (slice.due) await slice.turn()
  }
  yield {
    type: 'summary',
    sockets: owned.sockets.length,
    counts,
    ownersUnknown: owned.owners ? describe.unknown : null,
    ownerless: describe.ownerless,
    deniedProcesses: owned.owners ? owned.owners.denied.length : null,
    sources: sources as Summary['sources'],
    notes,
  }
}

function count(counts: Summary['counts'], { protocol, state }: Socket): void {
  counts[protocol] ??= {}
  const ofProtocol = counts[protocol]
  ofProtocol[state] = (ofProtocol[state] ?? 0) + 1
}

interface Owned {
  sockets: Socket[]
  owners?: SocketOwners
}

/**
 * A socket that closes between the listing and the search for its owner would look like one whose owner is hidden, so what has
 * no owner is listed once more, and what has gone is left out.
 */
async function withOwners(input: Input, sockets: Socket[], { linux }: ToolContext, slice: TimeSlice): Promise<Owned> {
  const inodes = new Set<number>()
  for (const { inode } of sockets) if (inode !== 0) inodes.add(inode)
  const owners = await findSocketOwners(linux, inodes, slice)
  if (owners.holders.size === inodes.size) return { sockets, owners }
  const unowned = sockets.filter(({ inode }) => inode !== 0 && !owners.holders.has(inode))
  const again = await readSockets(linux, likeThose(unowned, input), slice)
  const remaining = new Set(again.sockets.map(({ inode }) => inode))
  const isThere = ({ inode }: Socket) => inode === 0 || owners.holders.has(inode) || remaining.has(inode)
  return { sockets: sockets.filter(isThere), owners }
}

/** What finds these sockets again if they are still there, and as little else as the kernel's own filter allows. */
function likeThose(sockets: readonly Socket[], input: Input): Input {
  const protocol = [...new Set(sockets.map(({ protocol }) => protocol))]
  const state = [...new Set(sockets.map(({ state }) => state))]
  return { ...input, protocol, state, listening: undefined }
}

class Describer {
  unknown = 0
  ownerless = 0
  readonly #owners: SocketOwners | undefined
  readonly #whyUnknown: string

  constructor(owners: SocketOwners | undefined, whyUnknown: string) {
    this.#owners = owners
    this.#whyUnknown = whyUnknown
  }

  event(socket: Socket): SocketEvent {
    const processes = this.#owners?.holders.get(socket.inode) ?? null
    const event = socket.protocol === 'unix' ? unixEvent(socket, processes) : inetEvent(socket, processes)
    if (processes === null) event.why = this.#why(socket)
    return event
  }

  #why(socket: Socket): string {
    if (socket.inode === 0) {
      this.ownerless++
      return whyOwnerless(socket)
    }
    this.unknown++
    return this.#whyUnknown
  }
}

type SocketOf<Protocol> = Extract<Socket, { protocol: Protocol }>

function inetEvent(socket: SocketOf<'tcp' | 'udp'>, processes: Holder[] | null): SocketEvent {
  const event: SocketEvent = {
    type: 'socket',
    protocol: socket.protocol,
    family: socket.family,
    state: socket.state,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    peerAddress: socket.peerAddress,
    peerPort: socket.peerPort,
    recvQ: socket.recvQ,
    sendQ: socket.sendQ,
    uid: socket.uid,
    inode: socket.inode,
    processes,
  }
  if (socket.v6only !== undefined) event.v6only = socket.v6only
  return event
}

function unixEvent(socket: SocketOf<'unix'>, processes: Holder[] | null): SocketEvent {
  const event: SocketEvent = {
    type: 'socket',
    protocol: 'unix',
    family: 'unix',
    state: socket.state,
    localAddress: socket.localAddress,
    localPort: null,
    peerAddress: null,
    peerPort: null,
    recvQ: socket.recvQ,
    sendQ: socket.sendQ,
    uid: socket.uid,
    inode: socket.inode,
    processes,
    socketType: socket.socketType,
    peerInode: socket.peerInode,
  }
  if (socket.refCount !== undefined) event.refCount = socket.refCount
  return event
}

function withServices(event: SocketEvent, services: ServiceName): SocketEvent {
  const local = event.localPort === null ? undefined : services(event.protocol, event.localPort)
  const peer = event.peerPort === null ? undefined : services(event.protocol, event.peerPort)
  if (local !== undefined) event.localService = local
  if (peer !== undefined) event.peerService = peer
  return event
}
