import type { RunContext } from '../core/context.ts'
import { ToolError } from '../core/errors.ts'
import { TimeSlice } from '../core/time-slice.ts'
import { type Container, ContainerFinder } from './containers.ts'
import { errnoOf, type Linux } from './linux.ts'
import { isKernelThread, type PidStat, readPidStat } from './procfs/pid-stat.ts'
import { readPidStatus } from './procfs/pid-status.ts'

/** A container as its processes show it. */
export interface ContainerProcesses {
  container: Container
  /** The one that all others of it came from, as far as they show: `/proc/PID/root` of it is the container's root. */
  pid: number
  /** All that are visible, in order of pid. */
  pids: number[]
}

export type Lookout = Pick<RunContext, 'clock' | 'signal'> & { linux: Linux }

/** Every container that has a process here, in the order of their first pids. Kernel threads and zombies have no root, and don't count. */
export async function listContainers({ linux, clock, signal }: Lookout): Promise<ContainerProcesses[]> {
  const finder = new ContainerFinder(linux, clock.monotonic())
  const groups = new Map<Container, PidStat[]>()
  const slice = new TimeSlice({ clock, signal })
  for (const pid of pidsOf(linux)) {
    const found = orVanished(() => place(linux, finder, pid))
    if (found) groups.set(found.container, [...(groups.get(found.container) ?? []), found.stat])
    if (slice.due) await slice.turn()
  }
  finder.finish()
  return [...groups].map(([container, stats]) => ({
    container,
    pid: firstOf(stats).pid,
    pids: stats.map(({ pid }) => pid),
  }))
}

/**
 * The container that is meant by a pid in it, its name, or its id or the first digits of that. Without a word the one that ditty
 * was put beside: that of pid 1 where it isn't ours (`kubectl debug --target`), else the only other one of the pod.
 * Throws ToolError `not_found`, or `invalid_input` where several are meant; both list what there is.
 */
export async function findTarget(lookout: Lookout, word?: string): Promise<ContainerProcesses> {
  const all = await listContainers(lookout)
  const candidates = word === undefined ? likely(all) : meant(all, word)
  const [target] = candidates
  if (candidates.length === 1 && target) return target
  if (target) throw ambiguous(candidates, word)
  throw word === undefined ? alone() : unknown(all, word)
}

/** What people call it: its name, else its id, else its kind. */
export const containerLabel = ({ name, id, kind }: Container): string => name ?? id?.slice(0, 12) ?? kind

function likely(all: ContainerProcesses[]): ContainerProcesses[] {
  const others = all.filter(({ container }) => container.kind === 'container')
  const first = others.filter(({ pids }) => pids.includes(1))
  if (first.length > 0) return first
  return others.length > 0 ? others : all.filter(({ container }) => container.kind === 'namespace')
}

function meant(all: ContainerProcesses[], word: string): ContainerProcesses[] {
  const named = all.filter(({ container }) => container.name === word || container.id === word)
  if (named.length > 0) return named
  if (/^\d+$/.test(word)) {
    const owner = all.filter(({ pids }) => pids.includes(Number(word)))
    if (owner.length > 0) return owner.map(group => ({ ...group, pid: Number(word) }))
  }
  return /^[0-9a-f]{4,}$/.test(word) ? all.filter(({ container }) => container.id?.startsWith(word)) : []
}

const listOf = (all: ContainerProcesses[]) =>
  all.map(({ container, pid }) => `${containerLabel(container)} (pid ${pid})`).join(', ')

const ambiguous = (candidates: ContainerProcesses[], word?: string) =>
  new ToolError(
    'invalid_input',
    word === undefined
      ? `target: there are several containers: ${listOf(candidates)}`
      : `target: '${word}' is the beginning or the name of several: ${listOf(candidates)}`,
    { remedy: 'name one of them with --target, by name, id or pid' },
  )

const alone = () =>
  new ToolError('not_found', 'target: no process of another container is visible here', {
    remedy:
      'kubectl debug --target=CONTAINER, or shareProcessNamespace: true in the pod, shows them; or name a pid with --target',
  })

const unknown = (all: ContainerProcesses[], word: string) =>
  new ToolError('not_found', `target: there is no process, container name or id '${word}' here`, {
    remedy: `there are ${listOf(all)}`,
  })

function pidsOf(linux: Linux): number[] {
  const names = linux.list('/proc').filter(name => /^\d/.test(name))
  return names.map(Number).sort((a, b) => a - b)
}

function place(linux: Linux, finder: ContainerFinder, pid: number) {
  const stat = readPidStat(linux, pid)
  if (isKernelThread(stat) || stat.state === 'Z' || stat.state === 'X') return undefined
  return { stat, container: finder.find(stat, readPidStatus(linux, pid).pidNamespaceDepth) }
}

/** What a debugger or `kubectl exec` started later has no parent in the container either. */
function firstOf(stats: PidStat[]): PidStat {
  const pids = new Set(stats.map(({ pid }) => pid))
  const roots = stats.filter(({ ppid }) => !pids.has(ppid))
  return (roots.length > 0 ? roots : stats).reduce((first, stat) => (stat.startTicks < first.startTicks ? stat : first))
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
