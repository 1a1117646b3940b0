import { ToolError } from '../../core/errors.ts'
import type { TimeSlice } from '../../core/time-slice.ts'
import type { Linux } from '../../linux/linux.ts'
import { readNamespace } from '../../linux/namespaces/ns.ts'
import { orUnknown } from '../../linux/open-files/places.ts'
import { type OtherSocket, readOtherSockets } from '../../linux/procfs/net-other.ts'
import { readNetTcp } from '../../linux/procfs/net-tcp.ts'
import { readNetUnix } from '../../linux/procfs/net-unix.ts'
import type { InetSocket, UnixSocket } from '../../linux/sockets.ts'
import { readSockets } from '../ports/read-sockets.ts'

export type AnySocket = InetSocket | UnixSocket | (OtherSocket & { other: true })

/** Sockets by inode, which is one number over all network namespaces: ours at once, each other when a socket of it is met. */
export class SocketTables {
  readonly #linux: Linux
  readonly #sockets = new Map<number, AnySocket>()
  readonly #read = new Set<number>()
  readonly #met = new Set<number>()
  #others = false

  private constructor(linux: Linux) {
    this.#linux = linux
  }

  static async open(linux: Linux, slice: TimeSlice): Promise<SocketTables> {
    const tables = new SocketTables(linux)
    await tables.#addOwn(slice)
    return tables
  }

  /** Of a descriptor of this process; undefined where no table lists it, as before bind(2) or connect(2). */
  find(inode: number, pid: number): AnySocket | undefined {
    this.#met.add(inode)
    const known = this.#sockets.get(inode)
    if (known) return known
    this.#addOthers()
    this.#addNamespaceOf(pid)
    return this.#sockets.get(inode)
  }

  /** Sockets that were read, and met with no process. */
  unmet(): IteratorObject<AnySocket> {
    return this.#sockets.values().filter(({ inode }) => !this.#met.has(inode))
  }

  async #addOwn(slice: TimeSlice): Promise<void> {
    const own = orUnknown(() => readNamespace(this.#linux, 'self', 'net'))
    if (own !== undefined) this.#read.add(own)
    try {
      const { sockets } = await readSockets(this.#linux, { source: 'auto', processes: false, services: false }, slice)
      for (const socket of sockets) if (socket.inode !== 0) this.#sockets.set(socket.inode, socket)
    } catch (error) {
      if (!(error instanceof ToolError) || error.code === 'cancelled') throw error
    }
  }

  /** Few processes have one, so they are read when a socket is none of the rest. */
  #addOthers(): void {
    if (this.#others) return
    this.#others = true
    this.#keep(readOtherSockets(this.#linux, 'self'))
  }

  #addNamespaceOf(pid: number): void {
    const namespace = orUnknown(() => readNamespace(this.#linux, pid, 'net'))
    if (namespace === undefined || this.#read.has(namespace)) return
    this.#read.add(namespace)
    const directory = `/proc/${pid}/net`
    for (const protocol of ['tcp', 'udp'] as const)
      for (const family of ['inet', 'inet6'] as const)
        orUnknown(() => this.#keep(readNetTcp(this.#linux, protocol, family, directory)))
    orUnknown(() => this.#keep(readNetUnix(this.#linux, directory)))
    this.#keep(readOtherSockets(this.#linux, pid))
  }

  #keep(sockets: Iterable<InetSocket | UnixSocket | OtherSocket>): void {
    for (const socket of sockets)
      this.#sockets.set(socket.inode, 'kind' in socket ? { ...socket, other: true } : socket)
  }
}
