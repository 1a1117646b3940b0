import type { TimeSlice } from '../core/time-slice.ts'
import { errnoOf, type Linux } from './linux.ts'
import { isKernelThread, readPidStat } from './procfs/pid-stat.ts'
import { socketLinksOf } from './socket-links.ts'

/** A process that holds a socket open, by one descriptor or more. */
export interface Holder {
  pid: number
  comm: string
  fds: number[]
}

export interface SocketOwners {
  /** By the socket's inode. */
  holders: Map<number, Holder[]>
  /** Processes that may hold files open, but whose files this one may not read: no kernel threads, no zombies. */
  denied: number[]
}

/**
 * Which processes hold the sockets of these inodes open, found by reading every visible process's `/proc/PID/fd`, the only
 * place that tells. A process that ends meanwhile is left out.
 */
export async function findSocketOwners(
  linux: Linux,
  wanted: ReadonlySet<number>,
  slice: TimeSlice,
): Promise<SocketOwners> {
  const owners: SocketOwners = { holders: new Map(), denied: [] }
  if (wanted.size === 0) return owners
  const linksOf = (await linux.socketLinks?.().catch(() => undefined)) ?? socketLinksOf(linux)
  for (const pid of linux.list('/proc').map(Number).filter(Number.isInteger)) {
    const process = new HoldingProcess(linux, pid)
    if (slice.due) await slice.turn()
    try {
      for (const links of linksOf(`/proc/${pid}/fd`)) {
        addHolders(owners.holders, process, links, wanted)
        if (slice.due) await slice.turn()
      }
    } catch (error) {
      if (mayHideFiles(linux, pid, error)) owners.denied.push(pid)
    }
  }
  return owners
}

/** Kernel threads and zombies have no table of files, and are refused all the same. Throws what is no refusal and no end. */
function mayHideFiles(linux: Linux, pid: number, error: unknown): boolean {
  if (isGone(error)) return false
  if (!isRefusal(error)) throw error
  try {
    const stat = readPidStat(linux, pid)
    return stat.state !== 'Z' && !isKernelThread(stat)
  } catch (unread) {
    return mayHideFilesUnseen(unread)
  }
}

/** Without its stat a process is suspected, unless it has ended. */
function mayHideFilesUnseen(error: unknown): boolean {
  if (!isGone(error) && !isRefusal(error)) throw error
  return isRefusal(error)
}

const isRefusal = (error: unknown) => ['EACCES', 'EPERM'].includes(errnoOf(error) ?? '')
const isGone = (error: unknown) => ['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')

function addHolders(
  holders: SocketOwners['holders'],
  process: HoldingProcess,
  links: readonly number[],
  wanted: ReadonlySet<number>,
): void {
  for (let at = 0; at < links.length; at += 2) {
    const inode = links[at + 1]!
    if (!wanted.has(inode)) continue
    const known = holders.get(inode)
    const same = known?.find(({ pid }) => pid === process.pid)
    if (same) same.fds.push(links[at]!)
    else if (known) known.push(process.holding(links[at]!))
    else holders.set(inode, [process.holding(links[at]!)])
  }
}

/** Its name is read once, and only when it holds something wanted. */
class HoldingProcess {
  readonly pid: number
  readonly #linux: Linux
  #comm: string | undefined

  constructor(linux: Linux, pid: number) {
    this.#linux = linux
    this.pid = pid
  }

  holding(fd: number): Holder {
    this.#comm ??= readPidComm(this.#linux, this.pid)
    return { pid: this.pid, comm: this.#comm, fds: [fd] }
  }
}

/** The process's name: at most 15 bytes, which it may set itself to anything but NUL. */
export const readPidComm = (linux: Linux, pid: number) =>
  linux.read(`/proc/${pid}/comm`).toString('utf8').replace(/\n$/, '')
