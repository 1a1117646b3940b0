import type { CgroupFiles, Limit } from '../cgroup-files.ts'
import type { CgroupLevels } from '../levels.ts'
import type { CgroupCpu } from '../resources.ts'

/**
 * The cpu controller of v2: cpu.max is `20000 100000` or `max 100000`, quota and period in microseconds; cpu.stat tells usage even
 * where the controller isn't enabled, throttling only where it is. Source: cpu_files[], kernel/sched/core.c.
 */
export function readCpuV2(levels: CgroupLevels): CgroupCpu {
  const { files } = levels
  const stat = files.flat('cpu.stat')
  const max = readMax(files)
  const effective = levels.effective(coresOf(max), above => coresOf(readMax(above)))
  const ms = (key: string) => {
    const microseconds = stat.get(key)
    return microseconds === null ? null : microseconds / 1000
  }
  return {
    quotaMs: max === null || max.quotaUs === 'max' ? (max?.quotaUs ?? null) : max.quotaUs / 1000,
    periodMs: max === null ? null : max.periodUs / 1000,
    limitCores: coresOf(max),
    effectiveLimitCores: effective.value,
    limitedBy: effective.path,
    weight: files.number('cpu.weight'),
    shares: null,
    usageMs: ms('usage_usec'),
    userMs: ms('user_usec'),
    systemMs: ms('system_usec'),
    periods: stat.get('nr_periods'),
    throttledPeriods: stat.get('nr_throttled'),
    throttledMs: ms('throttled_usec'),
  }
}

interface CpuMax {
  quotaUs: number | 'max'
  periodUs: number
}

const readMax = (files: CgroupFiles) =>
  files.parsed('cpu.max', (text): CpuMax | undefined => {
    const [, quota, period] = /^(max|\d+) ([1-9]\d*)\n?$/.exec(text) ?? []
    if (quota === undefined) return undefined
    return { quotaUs: quota === 'max' ? quota : Number(quota), periodUs: Number(period) }
  })

function coresOf(max: CpuMax | null): Limit | null {
  if (max === null || max.quotaUs === 'max') return max?.quotaUs ?? null
  return max.quotaUs / max.periodUs
}
