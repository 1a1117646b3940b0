import type { CgroupFiles } from '../cgroup-files.ts'
import { countCpus } from '../cpu-list.ts'
import type { CgroupCpuset } from '../resources.ts'

/** The cpuset controller of v1: `0-1`. The effective ones are without CPUs that are offline. Source: legacy_files[], kernel/cgroup/cpuset-v1.c. */
export function readCpusetV1(files: CgroupFiles): CgroupCpuset {
  const list = (file: string) => files.parsed(file, text => (/^[\d,-]+\n?$/.test(text) ? text.trim() : undefined))
  const cpus = list('cpuset.effective_cpus')
  return { cpus, cpuCount: cpus === null ? null : countCpus(cpus), mems: list('cpuset.effective_mems') }
}
