import { ToolError } from '../../core/errors.ts'
import type { TimeSlice } from '../../core/time-slice.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { dumpInetSockets } from '../../linux/netlink/inet-diag.ts'
import { sockDiagProtocol } from '../../linux/netlink/sock-diag.ts'
import type { NetlinkSocket } from '../../linux/netlink/socket.ts'
import { dumpUnixSockets } from '../../linux/netlink/unix-diag.ts'
import { readNetTcp } from '../../linux/procfs/net-tcp.ts'
import { readNetUnix } from '../../linux/procfs/net-unix.ts'
import type { InetSocket, UnixSocket } from '../../linux/sockets.ts'
import type { Input } from './schema.ts'
import { type Selection, selectionOf } from './selection.ts'

export type Socket = InetSocket | UnixSocket
export type Protocol = Socket['protocol']
type Source = 'netlink' | 'procfs'

export interface Listing {
  sockets: Socket[]
  sources: Partial<Record<Protocol, Source>>
  /** What the source that was left could not tell, and why it was taken. */
  notes: string[]
}

/** The sockets of this network namespace that the input asks for, in the kernel's order. */
export async function readSockets(linux: Linux, input: Input, slice: TimeSlice): Promise<Listing> {
  const reader = new SocketReader(linux, selectionOf(input), slice)
  const netlink = input.source === 'procfs' ? undefined : await openSockDiag(linux, input.source)
  try {
    for (const protocol of reader.selection.protocols) await reader.read(protocol, input.source, netlink)
  } finally {
    if (netlink && !('refused' in netlink)) netlink.close()
  }
  return reader.listing
}

interface Refused {
  refused: string
}

async function openSockDiag(linux: Linux, source: Input['source']): Promise<NetlinkSocket | Refused> {
  try {
    if (linux.netlink) return await linux.netlink(sockDiagProtocol)
    return refusal(source, 'there is no netlink to this tree')
  } catch (error) {
    return refusal(source, error instanceof Error ? error.message : String(error), error)
  }
}

function refusal(source: Input['source'], refused: string, cause?: unknown): Refused {
  if (source !== 'netlink') return { refused }
  throw new ToolError('unsupported', `no sock_diag here: ${refused}`, {
    cause,
    remedy: 'leave the source to auto: /proc/net tells nearly as much',
  })
}

class SocketReader {
  readonly listing: Listing = { sockets: [], sources: {}, notes: [] }
  readonly selection: Selection
  readonly #linux: Linux
  readonly #slice: TimeSlice

  constructor(linux: Linux, selection: Selection, slice: TimeSlice) {
    this.#linux = linux
    this.selection = selection
    this.#slice = slice
  }

  async read(protocol: Protocol, source: Input['source'], netlink: NetlinkSocket | Refused | undefined): Promise<void> {
    let refused: Refused | undefined
    if (netlink) {
      refused = 'refused' in netlink ? netlink : await this.#throughNetlink(protocol, source, netlink)
      if (!refused) return
    }
    await this.#throughProcfs(protocol, refused)
  }

  async #throughNetlink(
    protocol: Protocol,
    source: Input['source'],
    netlink: NetlinkSocket,
  ): Promise<Refused | undefined> {
    const { mask, families } = this.selection.of(protocol)
    const kept = this.listing.sockets.length
    try {
      if (protocol === 'unix') await this.#collect(dumpUnixSockets(netlink, mask))
      else for (const family of families) await this.#collect(dumpInetSockets(netlink, protocol, family, mask))
      this.listing.sources[protocol] = 'netlink'
      return undefined
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      this.listing.sockets.length = kept
      return refusal(source, error instanceof Error ? error.message : '', error)
    }
  }

  async #throughProcfs(protocol: Protocol, refused: Refused | undefined): Promise<void> {
    const { families } = this.selection.of(protocol)
    try {
      if (protocol === 'unix') await this.#collect(inBatches(readNetUnix(this.#linux)))
      else for (const family of families) await this.#collect(inBatches(readNetTcp(this.#linux, protocol, family)))
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      throw new ToolError('unavailable', `the ${protocol} sockets can't be read: ${(error as Error).message}`, {
        cause: error,
      })
    }
    this.listing.sources[protocol] = 'procfs'
    if (refused)
      this.listing.notes.push(`${protocol} is from /proc/net, which hides ${hidden[protocol]}: ${refused.refused}`)
  }

  async #collect(batches: Iterable<Socket[]>): Promise<void> {
    for (const batch of batches) {
      for (const socket of batch) if (this.selection.has(socket)) this.listing.sockets.push(socket)
      if (this.#slice.due) await this.#slice.turn()
    }
  }
}

const hidden: Record<Protocol, string> = {
  tcp: 'the backlog of listeners, bound interfaces and whether :: takes IPv4',
  udp: 'bound interfaces and whether :: takes IPv4',
  unix: 'peers, queues and UIDs',
}

/** 256 lines are parsed in about half a millisecond. */
const batchLength = 256

function* inBatches<Item>(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < batchLength) continue
    yield batch
    batch = []
  }
  yield batch
}
