import type { Linux } from '../linux.ts'

/** `MemTotal:       24684084 kB`: memory the kernel may use, of the whole node even inside a container. */
export const parseMemTotalKib = (text: string): number => Number(/^MemTotal:\s+(\d+) kB/m.exec(text)?.[1])

export const readMemTotalKib = (linux: Linux) => parseMemTotalKib(linux.peek('/proc/meminfo').toString('latin1'))

/** Every line of the file in KiB (`HugePages_*` are counts), by the kernel's own names. Source: fs/proc/meminfo.c. */
export function parseMeminfo(text: string): Map<string, number> {
  const values = new Map<string, number>()
  for (const [, name, value] of text.matchAll(/^([^:\n]+):\s+(\d+)(?: kB)?$/gm)) values.set(name!, Number(value))
  return values
}

export const readMeminfo = (linux: Linux) => parseMeminfo(linux.peek('/proc/meminfo').toString('latin1'))

/** What free(1) makes of it, in KiB. */
export interface MemoryKib {
  total: number
  /** procps 4: what isn't available. */
  used: number
  free: number
  shared: number
  buffers: number
  /** Page cache and reclaimable slab. */
  cached: number
  available: number
  lowTotal: number
  lowFree: number
  highTotal: number
  highFree: number
  swapTotal: number
  swapFree: number
  commitLimit: number
  committed: number
}

/**
 * The kernel's estimate of what is available can pass the total inside some containers; then procps takes the free memory for
 * it, and so before Linux 3.14, which had no such line.
 */
export function memoryOf(meminfo: Map<string, number>): MemoryKib {
  const of = (name: string) => meminfo.get(name) ?? 0
  const total = of('MemTotal')
  const free = of('MemFree')
  const estimate = meminfo.get('MemAvailable')
  const available = estimate === undefined || estimate > total ? free : estimate
  return {
    total,
    used: Math.max(0, total - available),
    free,
    shared: of('Shmem'),
    buffers: of('Buffers'),
    cached: of('Cached') + of('SReclaimable'),
    available,
    lowTotal: meminfo.get('LowTotal') ?? total,
    lowFree: meminfo.get('LowFree') ?? free,
    highTotal: of('HighTotal'),
    highFree: of('HighFree'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
    commitLimit: of('CommitLimit'),
    committed: of('Committed_AS'),
  }
}
