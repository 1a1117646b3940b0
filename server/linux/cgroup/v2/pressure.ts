import { parsePressure, pressureResources } from '../../procfs/pressure.ts'
import type { CgroupFiles } from '../cgroup-files.ts'
import type { CgroupPressure } from '../resources.ts'

/** cpu.pressure, memory.pressure and io.pressure of a cgroup; in the unified hierarchy alone, beside v1 as well. Source: cgroup_base_files[], kernel/cgroup/cgroup.c. */
export function readPressureV2(files: CgroupFiles): CgroupPressure {
  const [cpu = null, memory = null, io = null] = pressureResources.map(resource =>
    files.parsed(`${resource}.pressure`, parsePressure),
  )
  return { cpu, memory, io }
}
