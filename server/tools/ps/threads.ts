import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type PidStat, ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { readThreadIds, readThreadStat } from '../../linux/procfs/pid-task.ts'
import type { PsThread } from './schema.ts'

/** The threads of a process beside its first, which is the process itself. None where it has ended meanwhile. */
export function* readOtherThreads(linux: Linux, pid: number): Generator<PsThread> {
  for (const tid of orNone(() => readThreadIds(linux, pid), [])) {
    if (tid === pid) continue
    const stat = orNone(() => readThreadStat(linux, pid, tid), undefined)
    if (stat) yield threadOf(pid, stat)
  }
}

const threadOf = (pid: number, stat: PidStat): PsThread => ({
  type: 'thread',
  pid,
  tid: stat.pid,
  comm: stat.comm,
  state: stat.state,
  nice: stat.nice,
  priority: stat.priority,
  processor: stat.processor,
  cpuTimeMs: (stat.userTicks + stat.systemTicks) * (1000 / ticksPerSecond),
})

function orNone<Value>(read: () => Value, none: Value): Value {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return none
  }
}
