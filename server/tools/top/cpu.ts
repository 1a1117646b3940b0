import type { CpuTimes } from '../../linux/procfs/stat.ts'
import type { CpuSplit } from './schema.ts'

const names = {
  user: 'userPercent',
  nice: 'nicePercent',
  system: 'systemPercent',
  idle: 'idlePercent',
  iowait: 'iowaitPercent',
  irq: 'irqPercent',
  softirq: 'softirqPercent',
  steal: 'stealPercent',
} as const satisfies Record<keyof CpuTimes, keyof CpuSplit>

/** How a CPU's time between two looks is divided. A counter may step back (iowait does): then nothing was added to it. No tick at all is idle. */
export function splitOf(now: CpuTimes, before: CpuTimes): CpuSplit {
  const deltas = Object.entries(names).map(([name, field]) => {
    const key = name as keyof CpuTimes
    return [field, Math.max(0, now[key] - before[key])] as const
  })
  const total = deltas.reduce((sum, [, delta]) => sum + delta, 0)
  const percent = (field: string, delta: number) => {
    if (total === 0) return field === 'idlePercent' ? 100 : 0
    return Math.round((delta / total) * 1000) / 10
  }
  return Object.fromEntries(deltas.map(([field, delta]) => [field, percent(field, delta)])) as CpuSplit
}
