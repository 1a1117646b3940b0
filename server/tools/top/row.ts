import { errnoOf } from '../../linux/linux.ts'
import { type PidIo, readPidIo } from '../../linux/procfs/pid-io.ts'
import { ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { readPidStatm } from '../../linux/procfs/pid-statm.ts'
import { readPidStatus } from '../../linux/procfs/pid-status.ts'
import { containerOf, readArgs } from '../processes/read-process.ts'
import type { ListedContainer } from '../processes/schema.ts'
import { datedFor, type Known } from './known.ts'
import type { Node } from './node.ts'
import type { TopProcess } from './schema.ts'

/** The look that a row is of. */
export interface LookAt {
  number: number
  nowMs: number
  elapsedMs: number
  node: Node
  threads: boolean
  /** Online; 0 is not known. */
  cpus: number
}

const identityMs = 30_000
const argsMs = 5000

const nobody = {
  uid: -1,
  realUid: -1,
  container: { id: null, name: null, runtime: null, podUid: null, kind: 'unknown', evidence: 'nothing' },
} as const

/** A process in one look. What the stat doesn't tell is read when it is asked for. */
export class Row {
  readonly pid: number
  readonly tid: number
  readonly #known: Known
  readonly #at: LookAt
  readonly #stat: Known['stat']
  readonly #deltaTicks: number
  treeLevel: number | undefined

  constructor(pid: number, tid: number, known: Known, at: LookAt) {
    this.pid = pid
    this.tid = tid
    this.#known = known
    this.#at = at
    this.#stat = known.stat
    this.#deltaTicks = known.deltaTicks
  }

  get ppid(): number {
    return this.#stat.ppid
  }

  get state(): string {
    return this.#stat.state
  }

  get priority(): number {
    return this.#stat.priority
  }

  get nice(): number {
    return this.#stat.nice
  }

  get threads(): number {
    return this.#stat.threads
  }

  get processor(): number {
    return this.#stat.processor
  }

  get comm(): string {
    return this.#stat.comm
  }

  get isBusy(): boolean {
    return this.#deltaTicks > 0
  }

  get cpuTimeMs(): number {
    return (this.#stat.userTicks + this.#stat.systemTicks) * (1000 / ticksPerSecond)
  }

  /** No more than its threads, on as many CPUs, can use: the kernel counts in ticks of 10 ms, which may fall together. */
  get cpuPercent(): number {
    const { elapsedMs, threads, cpus } = this.#at
    if (elapsedMs <= 0) return 0
    const percent = (this.#deltaTicks * (100_000 / ticksPerSecond)) / elapsedMs
    const most = threads ? 100 : 100 * Math.max(1, Math.min(this.#stat.threads, cpus || 1))
    return Math.round(Math.min(percent, most) * 10) / 10
  }

  get virtBytes(): number {
    return this.#stat.virtualBytes
  }

  get resBytes(): number {
    return this.#memory.residentPages * this.#at.node.pageBytes
  }

  get memoryPercent(): number {
    return Math.round((this.resBytes / 1024 / this.#at.node.system.memTotalKib) * 1000) / 10
  }

  get shrBytes(): number {
    return this.#memory.sharedPages * this.#at.node.pageBytes
  }

  /** Exact, where the stat's own count of pages is not; counted again when the process has touched memory, or was robbed of some. */
  get #memory() {
    const { residentPages: roughPages, minorFaults, majorFaults } = this.#stat
    const faults = minorFaults + majorFaults
    const known = this.#known.memory
    if (known?.roughPages === roughPages && known.faults === faults) return known
    const { resident, shared } = this.#read(() => readPidStatm(this.#at.node.linux, this.pid)) ?? {
      resident: known?.residentPages ?? roughPages,
      shared: known?.sharedPages ?? 0,
    }
    this.#known.memory = { residentPages: resident, sharedPages: shared, roughPages, faults }
    return this.#known.memory
  }

  get uid(): number {
    return this.#identity.uid
  }

  get realUid(): number {
    return this.#identity.realUid
  }

  get user(): string {
    return this.#at.node.system.userOf(this.#identity.uid)
  }

  get container(): ListedContainer {
    return this.#identity.container
  }

  get #identity() {
    const { nowMs } = this.#at
    const known = this.#known.identity
    if (known && known.untilMs > nowMs) return known.value
    const value = this.#read(() => this.#readIdentity()) ?? known?.value
    if (value) this.#known.identity = datedFor(value, this.#ageMs, nowMs, identityMs)
    return value ?? nobody
  }

  /** False where it has ended, or is hidden, before anything but its stat was read. */
  get isKnown(): boolean {
    return this.#identity !== nobody
  }

  #readIdentity() {
    const status = readPidStatus(this.#at.node.linux, this.pid)
    const container = containerOf(this.#stat, status, this.#at.node.containersAt(this.#at.nowMs))
    return { uid: status.uid, realUid: status.realUid, container }
  }

  get args(): string {
    const { nowMs, node } = this.#at
    const known = this.#known.args
    if (known && known.untilMs > nowMs) return known.value
    const stat = { ...this.#stat, pid: this.pid }
    const value = this.#read(() => readArgs(node.linux, stat).args) ?? known?.value ?? `[${this.#stat.comm}]`
    this.#known.args = datedFor(value, this.#ageMs, nowMs, argsMs)
    return value
  }

  /** Ptrace-checked. */
  get fds(): number | null {
    return this.#read(() => this.#at.node.linux.list(`/proc/${this.pid}/fd`).length) ?? null
  }

  get readBytesPerSecond(): number | null {
    return this.#perSecond(({ readBytes }) => readBytes)
  }

  get writtenBytesPerSecond(): number | null {
    return this.#perSecond(({ writtenBytes }) => writtenBytes)
  }

  /** Counters are read at every look, so that the next one has something to compare with. */
  countIo(): void {
    const { number, node } = this.#at
    if (this.#known.io?.look === number) return
    const now = this.#read(() => readPidIo(node.linux, this.pid)) ?? null
    const last = this.#known.io
    this.#known.io = { now, before: last?.look === number - 1 ? last.now : null, look: number }
  }

  #perSecond(of: (io: PidIo) => number): number | null {
    this.countIo()
    const { now, before } = this.#known.io!
    if (!now || !before || this.#at.elapsedMs <= 0) return null
    return Math.max(0, Math.round((of(now) - of(before)) / (this.#at.elapsedMs / 1000)))
  }

  get startTime(): string {
    return this.#at.node.system.startTime(this.#stat.startTicks)
  }

  get #ageMs(): number {
    return this.#at.node.system.elapsedSeconds(this.#stat.startTicks) * 1000
  }

  /** `io`: also what costs a look of its own at each process. Undefined where nobody knows any more whose it was. */
  toEvent(io: boolean): TopProcess | undefined {
    if (!this.isKnown) return undefined
    return {
      type: 'process',
      pid: this.pid,
      ...(this.#at.threads ? { tid: this.tid } : {}),
      ppid: this.ppid,
      uid: this.uid,
      user: this.user,
      priority: this.priority,
      nice: this.nice,
      virtBytes: this.virtBytes,
      resBytes: this.resBytes,
      shrBytes: this.shrBytes,
      state: this.state,
      cpuPercent: this.cpuPercent,
      memoryPercent: this.memoryPercent,
      cpuTimeMs: this.cpuTimeMs,
      threads: this.threads,
      processor: this.processor,
      fds: io ? this.fds : null,
      readBytesPerSecond: io ? this.readBytesPerSecond : null,
      writtenBytesPerSecond: io ? this.writtenBytesPerSecond : null,
      startTime: this.startTime,
      comm: this.comm,
      args: this.args,
      ...(this.treeLevel === undefined ? {} : { treeLevel: this.treeLevel }),
      container: this.container,
    }
  }

  /** Undefined where the kernel refuses, or the process has ended. */
  #read<Value>(read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      return undefined
    }
  }
}
