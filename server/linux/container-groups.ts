import type { RunContext } from '../core/context.ts'
import { TimeSlice } from '../core/time-slice.ts'
import { type Container, ContainerFinder } from './containers.ts'
import { errnoOf, type Linux } from './linux.ts'
import { isKernelThread, type PidStat, readPidStat } from './procfs/pid-stat.ts'
import { readPidStatus } from './procfs/pid-status.ts'

export type Lookout = Pick<RunContext, 'clock' | 'signal'> & { linux: Linux }

/** A container with those of its processes that have a root, in order of pid. */
export interface ContainerGroup {
  container: Container
  stats: PidStat[]
}

/** In the order of their first pids. */
export async function readGroups({ linux, clock, signal }: Lookout): Promise<ContainerGroup[]> {
  const finder = new ContainerFinder(linux, clock.monotonic())
  const groups = new Map<Container, ContainerGroup>()
  const slice = new TimeSlice({ clock, signal })
  for (const pid of pidsOf(linux)) {
    const found = orVanished(() => place(linux, finder, pid))
    if (found) addTo(groups, found.container, found.stat)
    if (slice.due) await slice.turn()
  }
  finder.finish()
  return [...groups.values()]
}

/** Those that have ended, and are only waited for by their parents, have no root any more. */
export const hasEnded = ({ state }: PidStat) => state === 'Z' || state === 'X'

function addTo(groups: Map<Container, ContainerGroup>, container: Container, stat: PidStat): void {
  const known = groups.get(container)
  if (known) known.stats.push(stat)
  else groups.set(container, { container, stats: [stat] })
}

function pidsOf(linux: Linux): number[] {
  const names = linux.list('/proc').filter(name => /^\d+$/.test(name))
  return names.map(Number).sort((a, b) => a - b)
}

function place(linux: Linux, finder: ContainerFinder, pid: number) {
  const stat = readPidStat(linux, pid)
  if (isKernelThread(stat) || hasEnded(stat)) return undefined
  return { stat, container: finder.find(stat, readPidStatus(linux, pid).pidNamespaceDepth) }
}

/** Undefined for a process that has ended, or that /proc hides from us (hidepid). */
function orVanished<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
