import type { CgroupFiles } from '../cgroup-files.ts'
import { countCpus } from '../cpu-list.ts'
import type { CgroupCpuset } from '../resources.ts'

/** The cpuset controller of v2: `0-1`. The effective ones are what is left of the parent's. Source: dfl_files[], kernel/cgroup/cpuset.c. */
export function readCpusetV2(files: CgroupFiles): CgroupCpuset {
  const list = (file: string) => files.parsed(file, text => (/^[\d,-]+\n?$/.test(text) ? text.trim() : undefined))
  const cpus = list('cpuset.cpus.effective')
  return { cpus, cpuCount: cpus === null ? null : countCpus(cpus), mems: list('cpuset.mems.effective') }
}
