import { findCgroup } from '../../linux/cgroup/find-cgroup.ts'
import { CgroupReader } from '../../linux/cgroup/read-cgroup.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { ToolContext } from '../context.ts'
import { type Found, findContainer } from '../limits/find-container.ts'
import { Notes } from '../limits/notes.ts'
import type { TopSample } from './schema.ts'

type Seen = NonNullable<TopSample['container']>

/** A container's own limits and use, look after look. On the node itself there is none, unless it was named. */
export class ContainerView {
  readonly #found: Found
  readonly #reader: CgroupReader
  #before: { usageMs: number; periods: number; throttledPeriods: number } | undefined

  private constructor(found: Found, reader: CgroupReader) {
    this.#found = found
    this.#reader = reader
  }

  static async open(context: ToolContext, word: string | undefined): Promise<ContainerView | undefined> {
    const found = await findContainer(context, word, new Notes())
    if (found.container.kind === 'host' && word === undefined) return undefined
    try {
      return new ContainerView(found, new CgroupReader(context.linux, findCgroup(context.linux, found.pid)))
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      return undefined
    }
  }

  look(elapsedMs: number): Seen {
    const memory = this.#reader.memory().value
    const cpu = this.#reader.cpu().value
    const { id, name, kind } = this.#found.container
    const before = this.#before
    const [usageMs, periods, throttled] = [cpu?.usageMs, cpu?.periods, cpu?.throttledPeriods]
    this.#before = { usageMs: usageMs ?? Number.NaN, periods: periods ?? 0, throttledPeriods: throttled ?? 0 }
    const usedMs = before && typeof usageMs === 'number' ? usageMs - before.usageMs : Number.NaN
    const ran = before && typeof periods === 'number' ? periods - before.periods : 0
    return {
      id,
      name,
      kind,
      memoryLimitBytes: memory?.effectiveLimitBytes ?? null,
      memoryUsageBytes: memory?.usageBytes ?? null,
      workingSetBytes: memory?.workingSetBytes ?? null,
      cpuLimitCores: cpu?.effectiveLimitCores ?? null,
      cpuPercent: usedMs >= 0 && elapsedMs > 0 ? tenths(usedMs / elapsedMs) : null,
      throttledPercent:
        before && typeof throttled === 'number' && ran > 0 ? tenths((throttled - before.throttledPeriods) / ran) : null,
    }
  }
}

const tenths = (share: number) => Math.round(share * 1000) / 10
