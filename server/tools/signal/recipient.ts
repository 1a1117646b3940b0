import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type PidStat, readPidStat } from '../../linux/procfs/pid-stat.ts'
import { type Disposition, readDisposition } from '../../linux/signal-disposition.ts'
import type { ListedProcess } from '../processes/schema.ts'
import type { System } from '../processes/system.ts'
import type { SignalProcess } from './schema.ts'

/** One process as it was before the signal. */
export interface Recipient {
  process: ListedProcess
  stat: PidStat
  expected: Disposition
}

/** Undefined when it has ended since it was listed, whoever has its pid by now. */
export function meet(linux: Linux, process: ListedProcess, signal: number, system: System): Recipient | undefined {
  return orGone(() => {
    const stat = readPidStat(linux, process.pid)
    if (system.startTime(stat.startTicks) !== process.startTime) return undefined
    return { process, stat, expected: readDisposition(linux, stat, signal) }
  })
}

/** The process as it is now; undefined when it has ended, and also when its pid belongs to another by now. */
export function lookAgain(linux: Linux, { stat }: Recipient): PidStat | undefined {
  return orGone(() => {
    const now = readPidStat(linux, stat.pid)
    return now.startTicks === stat.startTicks ? now : undefined
  })
}

export function orGone<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return undefined
    throw error
  }
}

export function processEvent({ process, expected }: Recipient): SignalProcess {
  const { pid, ppid, pgid, sid, uid, user, state, tty, startTime, comm, args, container } = process
  const identity = { pid, ppid, pgid, sid, uid, user, state, tty, startTime, comm, args, container }
  return { type: 'process', ...identity, ...expected }
}
