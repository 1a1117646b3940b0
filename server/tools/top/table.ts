import { TimeSlice } from '../../core/time-slice.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type PidStat, readPidStat, ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { readThreadIds, readThreadStat } from '../../linux/procfs/pid-task.ts'
import type { ToolContext } from '../context.ts'
import type { Known } from './known.ts'
import { Node } from './node.ts'
import { Row } from './row.ts'

/** One look at all processes. */
export interface Look {
  rows: Row[]
  /** Since the look before; 0 for the first. */
  elapsedMs: number
  /** Listed in /proc, yet not readable. */
  hidden: number[]
}

/** Looks at the processes again and again. A look costs a stat each; all else is read of what is shown, and kept while it can't change. */
export class Table {
  readonly node: Node
  readonly #context: ToolContext
  #known = new Map<number, Known>()
  #lookedAtMs: number | undefined
  #hasThreads = false
  #looks = 0

  constructor(context: ToolContext) {
    this.#context = context
    this.node = new Node(context.linux, context.clock.monotonic(), context.clock.now())
  }

  async look(pids: readonly number[] | undefined, threads: boolean, cpus: number): Promise<Look> {
    const { linux, clock } = this.#context
    const nowMs = clock.monotonic()
    const elapsedMs = this.#lookedAtMs === undefined ? 0 : nowMs - this.#lookedAtMs
    // A first thread's own ticks are not its process's: after a change of mind there is nothing to compare with.
    const isFirst = this.#lookedAtMs === undefined || this.#hasThreads !== threads
    if (isFirst) this.#known.clear()
    this.#hasThreads = threads
    this.node.renew(clock.now())
    const look: Look = { rows: [], elapsedMs, hidden: [] }
    const at = { number: ++this.#looks, nowMs, elapsedMs, node: this.node, threads, cpus }
    const known = new Map<number, Known>()
    const slice = new TimeSlice(this.#context)
    for (const pid of pids ?? pidsIn(linux)) {
      for (const [tid, stat] of statsOf(linux, pid, threads, look.hidden)) {
        const remembered = this.#remember(tid, stat, isFirst)
        known.set(tid, remembered)
        look.rows.push(new Row(pid, tid, remembered, at))
      }
      if (slice.due) await slice.turn()
    }
    this.#known = known
    this.#lookedAtMs = nowMs
    return look
  }

  /** A pid that was given to another process begins anew; what started since the last look has used its time since then. */
  #remember(tid: number, stat: PidStat, isFirst: boolean): Known {
    const ticks = stat.userTicks + stat.systemTicks
    const before = this.#known.get(tid)
    if (!before || before.stat.startTicks !== stat.startTicks)
      return { stat, ticks, deltaTicks: isFirst ? 0 : this.#ticksSinceStart(stat, ticks) }
    const isSameProgram = before.stat.comm === stat.comm
    const kept: Known = isSameProgram ? before : { stat, ticks, deltaTicks: 0 }
    kept.deltaTicks = Math.max(0, ticks - before.ticks)
    kept.stat = stat
    kept.ticks = ticks
    return kept
  }

  /** One that was there before, but unseen, may have used it all at any time. */
  #ticksSinceStart({ startTicks }: PidStat, ticks: number): number {
    const sinceMs = this.node.system.elapsedSeconds(startTicks) * 1000
    return sinceMs <= this.#context.clock.monotonic() - (this.#lookedAtMs ?? 0) + 2000 / ticksPerSecond ? ticks : 0
  }
}

function pidsIn(linux: Linux): number[] {
  const pids: number[] = []
  for (const name of linux.list('/proc')) if (name.charCodeAt(0) <= 0x39) pids.push(Number(name))
  return pids.sort((a, b) => a - b)
}

/** A process that ends between two reads is left out. */
function* statsOf(linux: Linux, pid: number, threads: boolean, hidden: number[]): Generator<[number, PidStat]> {
  const ids = threads ? orNothing(() => readThreadIds(linux, pid), pid, hidden) : [pid]
  for (const tid of ids ?? []) {
    const stat = orNothing(() => (threads ? readThreadStat(linux, pid, tid) : readPidStat(linux, pid)), pid, hidden)
    if (stat) yield [tid, stat]
  }
}

function orNothing<Value>(read: () => Value, pid: number, hidden: number[]): Value | undefined {
  try {
    return read()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    if (errno === 'EACCES' || errno === 'EPERM') hidden.push(pid)
    return undefined
  }
}
