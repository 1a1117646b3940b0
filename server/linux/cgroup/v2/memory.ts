import type { CgroupLevels } from '../levels.ts'
import type { CgroupMemory } from '../resources.ts'
import { workingSet } from '../working-set.ts'

/**
 * The memory controller of v2; everything counts the cgroups below too. `kernel` of memory.stat came with Linux 5.18: before,
 * it is the sum of its greater parts. memory.peak came with 5.19.
 * Source: memory_stats[], mm/memcontrol.c; Documentation/admin-guide/cgroup-v2.rst.
 */
export function readMemoryV2(levels: CgroupLevels): CgroupMemory {
  const { files } = levels
  const stat = files.flat('memory.stat')
  const events = files.flat('memory.events')
  const limitBytes = files.limit('memory.max')
  const effective = levels.effective(limitBytes, above => above.limit('memory.max'))
  const usageBytes = files.number('memory.current')
  const inactiveFileBytes = stat.get('inactive_file')
  const oomGroup = files.number('memory.oom.group')
  return {
    limitBytes,
    effectiveLimitBytes: effective.value,
    limitedBy: effective.path,
    usageBytes,
    peakBytes: files.number('memory.peak'),
    workingSetBytes: workingSet(usageBytes, inactiveFileBytes),
    cacheBytes: stat.get('file'),
    inactiveFileBytes,
    anonBytes: stat.get('anon'),
    shmemBytes: stat.get('shmem'),
    kernelBytes: stat.get('kernel') ?? stat.sum('kernel_stack', 'pagetables', 'percpu', 'slab'),
    swapBytes: files.number('memory.swap.current'),
    swapLimitBytes: files.limit('memory.swap.max'),
    highBytes: files.limit('memory.high'),
    highEvents: events.get('high'),
    maxEvents: events.get('max'),
    oomKills: events.get('oom_kill'),
    oomGroup: oomGroup === null ? null : oomGroup === 1,
  }
}
