import { ToolError } from '../../core/errors.ts'
import type { Container } from '../../linux/containers.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readPidStat, ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { type ContainerProcesses, findTarget, type Lookout, listContainers } from '../../linux/target.ts'
import type { Notes } from './notes.ts'

export interface Found {
  pid: number
  /** When that process started, in ticks since boot. */
  pidStartTicks: number
  container: Container
  /** When the container did; null where no process of it tells. */
  startTicks: number | null
}

/**
 * The named container; without a name the one that ditty was put beside, or else ditty's own. Which one it is stands in the
 * answer, so a wrong guess is seen; several are a note, since the node's numbers are true of each.
 */
export async function findContainer(
  lookout: Lookout,
  word: string | undefined,
  notes: Pick<Notes, 'add'>,
): Promise<Found> {
  if (word !== undefined) return foundOf(lookout.linux, await findTarget(lookout, word))
  try {
    const target = await findTarget(lookout)
    if (target.container.kind === 'container' || target.pids.includes(1)) return foundOf(lookout.linux, target)
  } catch (error) {
    const { code, message, remedy = '' } = ToolError.from(error)
    if (code === 'invalid_input') notes.add({ what: "this is ditty's own container", why: message, remedy })
    else if (code !== 'not_found') throw error
  }
  return findOwn(lookout)
}

async function findOwn(lookout: Lookout): Promise<Found> {
  const { linux } = lookout
  const pid = Number(linux.readlink('/proc/self'))
  const own = (await listContainers(lookout)).find(({ pids }) => pids.includes(pid))
  if (own) return { ...foundOf(linux, own), pid, pidStartTicks: readPidStat(linux, pid).startTicks }
  throw new ToolError('unavailable', '/proc does not show ditty itself', { remedy: 'mount a proc filesystem on /proc' })
}

/** A container is as old as its oldest process; the node itself has no such start. */
function foundOf(linux: Linux, { pid, startTicks, pids, container }: ContainerProcesses): Found {
  const starts = container.kind === 'host' ? [] : pids.map(pid => startOf(linux, pid)).filter(start => start !== null)
  return {
    pid,
    pidStartTicks: startTicks,
    container,
    startTicks: starts.length === 0 ? null : starts.reduce((first, start) => Math.min(first, start)),
  }
}

/** Throws ToolError when the process has ended, whoever has its pid by now: its files were then those of another. */
export function checkStillThere(linux: Linux, { pid, pidStartTicks }: Found): void {
  if (startOf(linux, pid) === pidStartTicks) return
  throw new ToolError('not_found', `process ${pid} ended while it was looked at`, { remedy: 'look again' })
}

function startOf(linux: Linux, pid: number): number | null {
  try {
    return readPidStat(linux, pid).startTicks
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return null
  }
}

export const startTimeOf = ({ startTicks }: Found, bootTime: string): string | null =>
  startTicks === null ? null : new Date(Date.parse(bootTime) + startTicks * (1000 / ticksPerSecond)).toISOString()

export const uptimeOf = ({ startTicks }: Found, uptimeSeconds: number): number | null =>
  startTicks === null ? null : Math.max(0, uptimeSeconds - startTicks / ticksPerSecond)
