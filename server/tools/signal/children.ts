import { TimeSlice } from '../../core/time-slice.ts'
import { readPidStat } from '../../linux/procfs/pid-stat.ts'
import type { ToolContext } from '../context.ts'
import { orGone } from './recipient.ts'

/** Living children by their parent's pid, each with its start in ticks, so that a pid used again is a new child. */
export type Children = Map<number, Map<number, number>>

/** Zombies don't count: they have left, whether or not their parent has noticed. */
export async function readChildren(context: ToolContext): Promise<Children> {
  const { linux } = context
  const slice = new TimeSlice(context)
  const children: Children = new Map()
  for (const name of linux.list('/proc')) {
    if (!/^\d/.test(name)) continue
    const stat = orGone(() => readPidStat(linux, Number(name)))
    if (stat && stat.state !== 'Z')
      children.set(stat.ppid, (children.get(stat.ppid) ?? new Map()).set(stat.pid, stat.startTicks))
    if (slice.due) await slice.turn()
  }
  return children
}

export interface ChildChange {
  newChildren: number[]
  goneChildren: number[]
}

export function changeOf(before: Children, after: Children, pid: number): ChildChange {
  const [old, now] = [before.get(pid) ?? new Map(), after.get(pid) ?? new Map()]
  const without = (some: Map<number, number>, others: Map<number, number>) =>
    [...some].filter(([child, start]) => others.get(child) !== start).map(([child]) => child)
  return { newChildren: without(now, old), goneChildren: without(old, now) }
}
