import type { Program } from '../../linux/cgroup/cgroup-memory.ts'
import type { Linux } from '../../linux/linux.ts'
import { isKernelThread, readPidStat } from '../../linux/procfs/pid-stat.ts'
import { readPidStatus } from '../../linux/procfs/pid-status.ts'
import type { System } from '../processes/system.ts'
import type { Owner } from './found-file.ts'

/** A process that may have files open, and what finds its container. */
export interface FileHolder {
  owner: Owner
  program: Program
  depth: number
}

/** Undefined for kernel threads and zombies, which have none. Throws the kernel's error for one that is gone or hidden. */
export function readHolder(linux: Linux, pid: number, system: System): FileHolder | undefined {
  const stat = readPidStat(linux, pid)
  if (isKernelThread(stat) || stat.state === 'Z' || stat.state === 'X') return undefined
  const { uid, pidNamespaceDepth } = readPidStatus(linux, pid)
  const { ppid, pgid, comm } = stat
  return { owner: { pid, ppid, pgid, comm, uid, user: system.userOf(uid) }, program: stat, depth: pidNamespaceDepth }
}
