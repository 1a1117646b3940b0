import type { Pressure, PressureResource } from '../procfs/pressure.ts'
import type { Limit } from './cgroup-files.ts'

/** A limit that counts, and the cgroup that sets it: the tightest on the way up, as far as it can be seen. */
export interface Effective {
  value: Limit | null
  path: string | null
}

/** Bytes; null is not known. */
export interface CgroupMemory {
  /** What this cgroup itself sets. */
  limitBytes: Limit | null
  effectiveLimitBytes: Limit | null
  /** Which cgroup sets the effective limit; null where none does, or only the number is known. */
  limitedBy: string | null
  /** Everything that is charged, page cache as well. */
  usageBytes: number | null
  peakBytes: number | null
  /** What kubelet counts and evicts by: usage without the page cache that is easiest to drop. */
  workingSetBytes: number | null
  cacheBytes: number | null
  inactiveFileBytes: number | null
  anonBytes: number | null
  shmemBytes: number | null
  kernelBytes: number | null
  swapBytes: number | null
  swapLimitBytes: Limit | null
  /** Above it the kernel slows the tasks down and reclaims, but kills none. v2 alone. */
  highBytes: Limit | null
  highEvents: number | null
  /** How often usage came up to the limit: `max` of memory.events, failcnt of v1. */
  maxEvents: number | null
  /** Tasks that the kernel has killed for want of memory. */
  oomKills: number | null
  /** It kills all tasks of the cgroup together. v2 alone. */
  oomGroup: boolean | null
}

export interface CgroupCpu {
  quotaMs: Limit | null
  periodMs: number | null
  /** quota / period. */
  limitCores: Limit | null
  effectiveLimitCores: Limit | null
  limitedBy: string | null
  /** Share among neighbours when the CPUs are full: cpu.weight of v2 (100 by default), or … */
  weight: number | null
  /** … cpu.shares of v1 (1024 by default), 1024 for each core that is requested. */
  shares: number | null
  usageMs: number | null
  userMs: number | null
  systemMs: number | null
  periods: number | null
  throttledPeriods: number | null
  throttledMs: number | null
}

export interface CgroupCpuset {
  /** `0-3,8`: CPUs that its tasks may run on. */
  cpus: string | null
  cpuCount: number | null
  /** NUMA nodes. */
  mems: string | null
}

export interface CgroupPids {
  /** Threads count, each as one. */
  current: number | null
  limit: Limit | null
  effectiveLimit: Limit | null
  limitedBy: string | null
  peak: number | null
  /** Forks that failed on the limit. */
  maxEvents: number | null
}

export type CgroupPressure = Record<PressureResource, Pressure | null>

/** A block device that the cgroup did io on; page cache that is written back later counts in v2 alone. */
export interface CgroupDevice {
  /** `254:0` */
  device: string
  readBytes: number
  writtenBytes: number
  readOperations: number
  writeOperations: number
}
