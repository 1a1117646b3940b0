import { ToolError } from '../core/errors.ts'
import { type ContainerGroup, type Lookout, readGroups } from './container-groups.ts'
import type { Container } from './containers.ts'
import type { PidStat } from './procfs/pid-stat.ts'
import { unknownTarget } from './unknown-target.ts'

/** A container as its processes show it. */
export interface ContainerProcesses {
  container: Container
  /** The one that all others of it came from, as far as they show: `/proc/PID/root` of it is the container's root. */
  pid: number
  /** When that one started, in ticks since boot: a pid alone may be used again. */
  startTicks: number
  /** All that are visible, in order of pid. */
  pids: number[]
}

export type { Lookout }

/** Every container that has a process here, in the order of their first pids. Kernel threads and zombies have no root, and don't count. */
export async function listContainers(lookout: Lookout): Promise<ContainerProcesses[]> {
  return (await readGroups(lookout)).map(asWhole)
}

/**
 * The container that is meant by a pid in it, its name, or its id or the first digits of that. Without a word the one that ditty
 * was put beside: that of pid 1 where it isn't ours (`kubectl debug --target`), else the only other one of the pod.
 * Throws ToolError `not_found`, or `invalid_input` where several are meant; both list what there is.
 */
export async function findTarget(lookout: Lookout, word?: string): Promise<ContainerProcesses> {
  const groups = await readGroups(lookout)
  const candidates = word === undefined ? likely(groups) : meant(groups, word)
  const [target] = candidates
  if (candidates.length === 1 && target) return target
  if (target) throw ambiguous(candidates, word)
  throw word === undefined ? alone() : unknownTarget(lookout.linux, word, listOf(groups.map(asWhole)))
}

/** What people call it: its name, else its id, else its kind. */
export const containerLabel = ({ name, id, kind }: Container): string => name ?? id?.slice(0, 12) ?? kind

function likely(groups: ContainerGroup[]): ContainerProcesses[] {
  const others = groups.filter(({ container }) => container.kind === 'container')
  const first = others.filter(({ stats }) => stats.some(({ pid }) => pid === 1))
  if (first.length > 0) return first.map(asWhole)
  return (others.length > 0 ? others : groups.filter(({ container }) => container.kind === 'namespace')).map(asWhole)
}

function meant(groups: ContainerGroup[], word: string): ContainerProcesses[] {
  const named = groups.filter(({ container }) => container.name === word || container.id === word)
  if (named.length > 0) return named.map(asWhole)
  const owners = /^\d+$/.test(word) ? groups.flatMap(group => seenFrom(group, Number(word))) : []
  if (owners.length > 0) return owners
  const isPrefix = /^[0-9a-f]{4,}$/.test(word)
  return isPrefix ? groups.filter(({ container }) => container.id?.startsWith(word)).map(asWhole) : []
}

const seenFrom = ({ container, stats }: ContainerGroup, wanted: number): ContainerProcesses[] =>
  stats.flatMap(({ pid, startTicks }) => (pid === wanted ? [{ container, pid, startTicks, pids: pidsOf(stats) }] : []))

function asWhole({ container, stats }: ContainerGroup): ContainerProcesses {
  const { pid, startTicks } = firstOf(stats)
  return { container, pid, startTicks, pids: pidsOf(stats) }
}

const pidsOf = (stats: PidStat[]) => stats.map(({ pid }) => pid)

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

/** What a debugger or `kubectl exec` started later has no parent in the container either. */
function firstOf(stats: PidStat[]): PidStat {
  const pids = new Set(stats.map(({ pid }) => pid))
  const roots = stats.filter(({ ppid }) => !pids.has(ppid))
  return (roots.length > 0 ? roots : stats).reduce((first, stat) => (stat.startTicks < first.startTicks ? stat : first))
}
