import type { PidIo } from '../../linux/procfs/pid-io.ts'
import type { PidStat } from '../../linux/procfs/pid-stat.ts'
import type { ListedContainer } from '../processes/schema.ts'

/** What is remembered of a process, or a thread, from one look to the next. */
export interface Known {
  stat: PidStat
  ticks: number
  /** CPU time since the look before. */
  deltaTicks: number
  identity?: Dated<{ uid: number; realUid: number; container: ListedContainer }>
  args?: Dated<string>
  /** By statm, and the state that it was counted in, as the stat tells it. */
  memory?: { residentPages: number; sharedPages: number; roughPages: number; faults: number }
  /** The look that it is of, and the one before. */
  io?: { now: PidIo | null; before: PidIo | null; look: number }
}

/** True until the clock says so: what seldom changes is not read at every look. */
interface Dated<Value> {
  value: Value
  untilMs: number
}

/** Of a young process nothing is sure: it may just be about to exec or to drop its rights. */
export const datedFor = <Value>(value: Value, ageMs: number, nowMs: number, mostMs: number): Dated<Value> => ({
  value,
  untilMs: nowMs + Math.min(ageMs, mostMs),
})
