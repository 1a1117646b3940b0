import { errnoOf, type Linux } from '../../../linux/linux.ts'
import { type PidStat, ticksPerSecond } from '../../../linux/procfs/pid-stat.ts'
import { readThreadIds, readThreadStat } from '../../../linux/procfs/pid-task.ts'
import type { PsDetails } from '../schema.ts'

/** Threads shown: a JVM has hundreds; each costs 10 µs. */
const maxThreads = 1024

/** Lowest first. One that ends meanwhile is left out. */
export function readThreadsOf(linux: Linux, pid: number): NonNullable<PsDetails['threads']> {
  const ids = readThreadIds(linux, pid)
  const stats = ids.slice(0, maxThreads).flatMap(tid => statOf(linux, pid, tid))
  return {
    total: ids.length,
    threads: stats.map(({ pid: tid, comm, state, processor, userTicks, systemTicks }) => ({
      tid,
      comm,
      state,
      processor,
      cpuTimeMs: (userTicks + systemTicks) * (1000 / ticksPerSecond),
    })),
  }
}

function statOf(linux: Linux, pid: number, tid: number): PidStat[] {
  try {
    return [readThreadStat(linux, pid, tid)]
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return []
    throw error
  }
}
