import * as z from 'zod/mini'
import { socketStates } from '../../linux/sockets.ts'

const protocol = z.enum(['tcp', 'udp', 'unix'])
const state = z.enum(socketStates)
const source = z.enum(['netlink', 'procfs'])

export const input = z.strictObject({
  listening: z
    .optional(z.nullable(z.boolean()))
    .check(z.describe('Only sockets that wait for peers, or with false only the others; null, the default: both')),
  protocol: z
    .optional(z.union([protocol, z.array(protocol)], { error: 'expected tcp, udp, unix, or a list of these' }))
    .check(z.describe('tcp, udp, unix, or several; default: all three')),
  family: z
    .optional(z.array(z.enum(['inet', 'inet6'])))
    .check(z.describe('inet (IPv4) or inet6; default: both and unix sockets')),
  state: z
    .optional(z.array(state))
    .check(z.describe('Only these states, in the words of ss: LISTEN, ESTAB, TIME-WAIT, …')),
  processes: z._default(z.boolean(), true).check(z.describe('Find the processes that hold each socket')),
  services: z._default(z.boolean(), false).check(z.describe('Add the names of ports from /etc/services')),
  source: z
    ._default(z.enum(['auto', 'netlink', 'procfs']), 'auto')
    .check(z.describe('Where to look: sock_diag by netlink, which tells more, or /proc/net, which is always there')),
})

export const view = z.strictObject({
  header: z._default(z.boolean(), true).check(z.describe('Column headings')),
  extended: z._default(z.boolean(), false).check(z.describe('UID and inode as well')),
})

const count = z.int().check(z.minimum(0))

const socket = z.object({
  type: z.literal('socket'),
  protocol,
  family: z.enum(['inet', 'inet6', 'unix']),
  state,
  localAddress: z
    .nullable(z.string())
    .check(
      z.describe('With %interface when bound to one; of a unix socket its path, @name, or null when it has no name'),
    ),
  localPort: z.nullable(z.int()).check(z.describe('null for unix sockets')),
  peerAddress: z.nullable(z.string()).check(z.describe('0.0.0.0 or :: when there is none; null for unix sockets')),
  peerPort: z.nullable(z.int()).check(z.describe('0 when there is none')),
  recvQ: z.nullable(z.int()).check(z.describe('Bytes to be read; of a listener, connections waiting to be accepted')),
  sendQ: z.nullable(z.int()).check(z.describe('Bytes not yet acknowledged; of a listener, how many may wait')),
  uid: z.nullable(z.int()).check(z.describe('Who opened it; null where the kernel does not say')),
  inode: z.int().check(z.describe('0 when no process holds it')),
  processes: z
    .nullable(z.array(z.object({ pid: z.int(), comm: z.string(), fds: z.array(z.int()) })))
    .check(z.describe('Who holds it open; null: see why')),
  why: z.optional(z.string()).check(z.describe('Why processes is null')),
  v6only: z.optional(z.boolean()).check(z.describe('Of an IPv6 socket: it takes no IPv4')),
  socketType: z.optional(z.enum(['stream', 'dgram', 'seqpacket'])),
  peerInode: z.optional(z.nullable(z.int())).check(z.describe('Of a unix socket: its other end')),
  refCount: z.optional(z.int()),
  localService: z.optional(z.string()),
  peerService: z.optional(z.string()),
})

const summary = z.object({
  type: z.literal('summary'),
  sockets: count,
  counts: z.record(z.string(), z.record(z.string(), count)).check(z.describe('By protocol and state')),
  ownersUnknown: z.nullable(count).check(z.describe('Sockets that some process holds, but none that can be seen here')),
  ownerless: count.check(z.describe('Sockets that no process holds: not accepted yet, or already closed')),
  deniedProcesses: z.nullable(count).check(z.describe('Processes whose open files may not be read')),
  sources: z.record(z.string(), source).check(z.describe('Where each protocol was read')),
  notes: z.array(z.string()).check(z.describe('What could not be told, and why')),
})

export const event = z.discriminatedUnion('type', [socket, summary])

export type Input = z.output<typeof input>
export type View = z.output<typeof view>
export type Event = z.output<typeof event>
export type SocketEvent = z.output<typeof socket>
export type Summary = z.output<typeof summary>
