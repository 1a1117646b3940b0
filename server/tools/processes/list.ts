import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import { ContainerFinder } from '../../linux/containers.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { ToolContext } from '../context.ts'
import { readProcess } from './read-process.ts'
import type { ListedProcess } from './schema.ts'
import { System } from './system.ts'

export interface Listing {
  processes: ListedProcess[]
  /** Ended between the directory's listing and the read. */
  vanished: number[]
  /** Listed in /proc, yet not readable: /proc is mounted with hidepid=1. */
  hidden: number[]
  system: System
}

/** Reads these processes, or all there are, in order of pid. */
export async function listProcesses(context: ToolContext, pids = allPids(context.linux)): Promise<Listing> {
  const { linux, clock } = context
  const containers = new ContainerFinder(linux, clock.monotonic())
  const listing: Listing = { processes: [], vanished: [], hidden: [], system: new System(linux, clock.now()) }
  const slice = new TimeSlice(context)
  for (const pid of pids) {
    readInto(listing, linux, pid, containers)
    if (slice.due) await slice.turn()
  }
  adoptZombies(listing.processes)
  containers.finish()
  return listing
}

function allPids(linux: Linux): number[] {
  const pids = linux
    .list('/proc')
    .filter(name => name.charCodeAt(0) <= 0x39)
    .map(Number)
    .sort((a, b) => a - b)
  if (pids.length > 0) return pids
  throw new ToolError('unavailable', '/proc shows no process', { remedy: 'mount a proc filesystem on /proc' })
}

function readInto(listing: Listing, linux: Linux, pid: number, containers: ContainerFinder): void {
  try {
    listing.processes.push(readProcess(linux, pid, listing.system, containers))
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ESRCH') listing.vanished.push(pid)
    else if (errno === 'EACCES' || errno === 'EPERM') listing.hidden.push(pid)
    else throw error
  }
}

/** A zombie has no namespaces left, so where its cgroup tells nothing it stands with its parent. */
function adoptZombies(processes: readonly ListedProcess[]): void {
  const orphans = processes.filter(({ container }) => container.kind === 'unknown')
  if (orphans.length === 0) return
  const byPid = new Map(processes.map(process => [process.pid, process]))
  for (const process of orphans) process.container = byPid.get(process.ppid)?.container ?? process.container
}
