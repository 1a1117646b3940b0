import { type CgroupFiles, type Limit, limitOf, tighter } from '../cgroup-files.ts'
import type { CgroupLevels } from '../levels.ts'
import type { CgroupMemory } from '../resources.ts'
import { workingSet } from '../working-set.ts'

/**
 * The memory controller of v1. `usage_in_bytes` counts the cgroups below too, so of memory.stat the `total_` lines belong to it.
 * `hierarchical_memory_limit` knows the limits of all cgroups above, even those that we can't see.
 * Source: memcg1_stat_format(), mm/memcontrol-v1.c; Documentation/admin-guide/cgroup-v1/memory.rst.
 */
export function readMemoryV1(levels: CgroupLevels): CgroupMemory {
  const { files } = levels
  const stat = files.flat('memory.stat')
  const limitBytes = files.limit('memory.limit_in_bytes')
  const visible = levels.effective(limitBytes, above => above.limit('memory.limit_in_bytes'))
  const hierarchical = unlimited(stat.get('hierarchical_memory_limit'))
  const effectiveLimitBytes = tighter(visible.value, hierarchical)
  const usageBytes = files.number('memory.usage_in_bytes')
  const inactiveFileBytes = stat.get('total_inactive_file')
  return {
    limitBytes,
    effectiveLimitBytes,
    limitedBy: effectiveLimitBytes === visible.value ? visible.path : null,
    usageBytes,
    peakBytes: files.number('memory.max_usage_in_bytes'),
    workingSetBytes: workingSet(usageBytes, inactiveFileBytes),
    cacheBytes: stat.get('total_cache'),
    inactiveFileBytes,
    anonBytes: stat.get('total_rss'),
    shmemBytes: stat.get('total_shmem'),
    kernelBytes: files.number('memory.kmem.usage_in_bytes'),
    swapBytes: stat.get('total_swap'),
    swapLimitBytes: swapLimit(files, limitBytes),
    highBytes: null,
    highEvents: null,
    maxEvents: files.number('memory.failcnt'),
    oomKills: files.flat('memory.oom_control').get('oom_kill'),
    oomGroup: null,
  }
}

const unlimited = (bytes: number | null): Limit | null => (bytes === null ? null : limitOf(bytes))

/** memsw limits memory and swap together; the file is there only where swap is counted (`swapaccount=1`). */
function swapLimit(files: CgroupFiles, limitBytes: Limit | null): Limit | null {
  const both = files.limit('memory.memsw.limit_in_bytes')
  if (both === null || both === 'max' || limitBytes === null) return both
  return limitBytes === 'max' ? both : Math.max(0, both - limitBytes)
}
