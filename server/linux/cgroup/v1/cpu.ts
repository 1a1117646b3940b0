import { ticksPerSecond } from '../../procfs/pid-stat.ts'
import type { CgroupFiles, Limit } from '../cgroup-files.ts'
import type { CgroupLevels } from '../levels.ts'
import type { CgroupCpu } from '../resources.ts'

/**
 * The controllers cpu and cpuacct of v1; most systems mount them as one. Quota and period are in microseconds, -1 is none;
 * throttled_time and usage are in nanoseconds, cpuacct.stat is in ticks. Source: cpu_legacy_files[], kernel/sched/core.c.
 */
export function readCpuV1(cpu: CgroupLevels, cpuacct: CgroupFiles | undefined): CgroupCpu {
  const { files } = cpu
  const stat = files.flat('cpu.stat')
  const ticks = cpuacct?.flat('cpuacct.stat')
  const quota = quotaOf(files)
  const periodUs = files.number('cpu.cfs_period_us')
  const limitCores = coresOf(quota, periodUs)
  const effective = cpu.effective(limitCores, above => coresOf(quotaOf(above), above.number('cpu.cfs_period_us')))
  return {
    quotaMs: typeof quota === 'number' ? quota / 1000 : quota,
    periodMs: scaled(periodUs, 1 / 1000),
    limitCores,
    effectiveLimitCores: effective.value,
    limitedBy: effective.path,
    weight: null,
    shares: files.number('cpu.shares'),
    usageMs: scaled(cpuacct?.number('cpuacct.usage') ?? null, 1e-6),
    userMs: scaled(ticks?.get('user') ?? null, 1000 / ticksPerSecond),
    systemMs: scaled(ticks?.get('system') ?? null, 1000 / ticksPerSecond),
    periods: stat.get('nr_periods'),
    throttledPeriods: stat.get('nr_throttled'),
    throttledMs: scaled(stat.get('throttled_time'), 1e-6),
  }
}

const quotaOf = (files: CgroupFiles): Limit | null =>
  files.parsed('cpu.cfs_quota_us', text => {
    if (/^-1\n?$/.test(text)) return 'max'
    return /^\d+\n?$/.test(text) ? Number(text) : undefined
  })

function coresOf(quotaUs: Limit | null, periodUs: number | null): Limit | null {
  if (quotaUs === null || quotaUs === 'max') return quotaUs
  return periodUs === null || periodUs === 0 ? null : quotaUs / periodUs
}

const scaled = (value: number | null, factor: number) => (value === null ? null : value * factor)
