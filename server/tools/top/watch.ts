import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import { readCpuTimes } from '../../linux/procfs/stat.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'
import { findTarget } from '../../linux/target.ts'
import type { ToolContext } from '../context.ts'
import { readHost } from '../limits/host.ts'
import { Notes } from '../limits/notes.ts'
import { notesOn } from '../processes/notes.ts'
import type { Note } from '../processes/schema.ts'
import { ContainerView } from './container-view.ts'
import { splitOf } from './cpu.ts'
import { growTree, sortRows } from './order.ts'
import type { Row } from './row.ts'
import type { TopEvent, TopInput, TopProcess, TopSample } from './schema.ts'
import { selectRows, testsOf } from './select.ts'
import { type Look, Table } from './table.ts'

/** Looks at everything, and tells what an input asks for of it. */
export class Watch {
  readonly #denied = new Set<number>()
  lookedAtMs = 0
  readonly #context: ToolContext
  readonly #table: Table
  readonly #container: ContainerView | undefined
  #cpus: ReturnType<typeof readCpuTimes>
  #look: Look | undefined
  #sample: Sampled | undefined

  private constructor(context: ToolContext, container: ContainerView | undefined) {
    this.#context = context
    this.#container = container
    this.#table = new Table(context)
    this.#cpus = readCpuTimes(context.linux)
  }

  static async open(input: TopInput, context: ToolContext): Promise<Watch> {
    const container = input.container ? await ContainerView.open(context, input.target) : undefined
    const watch = new Watch(context, container)
    testsOf(input, watch.#table.node.system, undefined)
    container?.look(0)
    const { rows } = await watch.#lookAgain(input)
    if (input.io) await countIo(rows, new TimeSlice(context))
    return watch
  }

  /** A new look. */
  async *tell(input: TopInput, seq: number): AsyncGenerator<TopEvent[]> {
    const before = this.#cpus
    const look = await this.#lookAgain(input)
    this.#sample = this.#describe(look, seq, before)
    yield* this.tellAgain(input)
  }

  /** The last look once more, for whoever asks for another part or order of it. */
  async *tellAgain(input: TopInput): AsyncGenerator<TopEvent[]> {
    const [look, sample] = [this.#look, this.#sample]
    if (!look || !sample) return
    const slice = new TimeSlice(this.#context)
    const selected = await this.#select(look, input, slice)
    const start = await startOf(selected, input, slice)
    const offset = start ?? input.offset
    const end = input.limit === 0 ? undefined : offset + input.limit
    const processes = await this.#read(selected.slice(offset, end), input, slice)
    const found = input.find === undefined ? {} : { found: start !== undefined }
    const place = { matching: selected.length, offset, shown: processes.length }
    yield [{ ...sample, threads: input.threads, ...place, ...found }, ...processes]
  }

  /** One that has ended before it was known whose it is, is left out. */
  async #read(rows: readonly Row[], { io }: TopInput, slice: TimeSlice): Promise<TopProcess[]> {
    const processes: TopProcess[] = []
    for (const row of rows) {
      const process = row.toEvent(io)
      if (process) processes.push(process)
      if (process?.fds === null && io && row.virtBytes > 0) this.#denied.add(row.pid)
      if (slice.due) await slice.turn()
    }
    return processes
  }

  get notes(): Note[] {
    const { rows = [], hidden = [] } = this.#look ?? {}
    return [...this.#denials(), ...notesOn({ processes: rows, hidden }, this.#context.linux)]
  }

  /** Of many that are refused, the reason of the first. A zombie and a thread of the kernel have no open files, whoever looks. */
  #denials(): Note[] {
    const [first] = this.#denied
    if (first === undefined) return []
    const { reason, remedy } = explainPtraceDenial(this.#context.linux, first)
    const others = this.#denied.size > 1 ? `, and ${this.#denied.size - 1} more` : ''
    return [{ what: 'open files and io', why: `${reason}${others}`, remedy }]
  }

  missing(pids: readonly number[] = []): number[] {
    const there = new Set(this.#look?.rows.map(({ pid }) => pid))
    return pids.filter(pid => !there.has(pid))
  }

  async #lookAgain({ pids, threads }: TopInput): Promise<Look> {
    const { clock, linux } = this.#context
    this.lookedAtMs = clock.monotonic()
    this.#cpus = readCpuTimes(linux)
    this.#look = await this.#table.look(pids, threads, this.#cpus.cpus.size)
    if (this.#look.rows.length === 0 && pids === undefined)
      throw new ToolError('unavailable', '/proc shows no process', { remedy: 'mount a proc filesystem on /proc' })
    return this.#look
  }

  async #select(look: Look, input: TopInput, slice: TimeSlice): Promise<Row[]> {
    const within = input.target === undefined ? undefined : await this.#pidsOf(input.target)
    const selected = await selectRows(look.rows, input, this.#table.node.system, within, slice)
    const sorted = await sortRows(selected, input.sort, slice)
    for (const row of sorted) row.treeLevel = undefined
    return input.tree ? growTree(sorted) : sorted
  }

  /** A container that has ended while it was watched has no processes. */
  async #pidsOf(word: string): Promise<Set<number>> {
    try {
      return new Set((await findTarget(this.#context, word)).pids)
    } catch (error) {
      if (error instanceof ToolError && error.code === 'not_found' && this.#container) return new Set()
      throw error
    }
  }

  #describe(look: Look, seq: number, before: ReturnType<typeof readCpuTimes>): Sampled {
    const host = readHost(this.#context.linux, this.#context.clock.now(), new Notes())
    const { totalBytes, usedBytes, freeBytes, buffersBytes, cachedBytes, availableBytes } = host.memory
    return {
      type: 'sample',
      seq,
      time: host.time,
      intervalSeconds: Math.round(look.elapsedMs) / 1000,
      uptimeSeconds: host.uptimeSeconds,
      users: host.users,
      loadAverage: host.loadAverage,
      tasks: tasksOf(look.rows),
      cpu: splitOf(this.#cpus.all, before.all),
      cpus: [...this.#cpus.cpus].map(([cpu, now]) => ({ cpu, ...splitOf(now, before.cpus.get(cpu) ?? now) })),
      memory: { totalBytes, usedBytes, freeBytes, buffCacheBytes: buffersBytes + cachedBytes, availableBytes },
      swap: host.swap,
      container: this.#container?.look(look.elapsedMs) ?? null,
      pidMax: this.#table.node.system.pidMax,
    }
  }
}

/** What of a sample is the same for every part of it. */
type Sampled = Omit<TopSample, 'threads' | 'matching' | 'offset' | 'shown' | 'found'>

/** Where the part begins that is asked for: with `find` at the next that holds it, undefined where none does. */
async function startOf(
  rows: readonly Row[],
  { find, offset }: TopInput,
  slice: TimeSlice,
): Promise<number | undefined> {
  if (find === undefined) return offset
  for (let at = offset; at < rows.length; at++) {
    const row = rows[at]!
    if ([row.tid, row.user, row.comm, row.args].some(text => String(text).includes(find))) return at
    if (slice.due) await slice.turn()
  }
  return undefined
}

async function countIo(rows: readonly Row[], slice: TimeSlice): Promise<void> {
  for (const row of rows) {
    row.countIo()
    if (slice.due) await slice.turn()
  }
}

function tasksOf(rows: readonly Row[]): TopSample['tasks'] {
  const tasks = { total: rows.length, running: 0, sleeping: 0, stopped: 0, zombie: 0 }
  for (const { state } of rows) {
    if (state === 'R') tasks.running++
    else if (state === 'T' || state === 't') tasks.stopped++
    else if (state === 'Z') tasks.zombie++
    else tasks.sleeping++
  }
  return tasks
}
