import type { CgroupLevels } from './levels.ts'
import type { CgroupPids } from './resources.ts'

/** The pids controller, the same in v1 and v2. pids.peak came with Linux 6.1. Source: pids_files[], kernel/cgroup/pids.c. */
export function readPids(levels: CgroupLevels): CgroupPids {
  const { files } = levels
  const limit = files.limit('pids.max')
  const effective = levels.effective(limit, above => above.limit('pids.max'))
  return {
    current: files.number('pids.current'),
    limit,
    effectiveLimit: effective.value,
    limitedBy: effective.path,
    peak: files.number('pids.peak'),
    maxEvents: files.flat('pids.events').get('max'),
  }
}
