import type { Container, ContainerFinder } from '../../linux/containers.ts'
import type { Linux } from '../../linux/linux.ts'
import { joinPidCmdline } from '../../linux/procfs/pid-cmdline.ts'
import { isKernelThread, type PidStat, readPidStat, ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { type PidStatus, readPidStatus } from '../../linux/procfs/pid-status.ts'
import { ttyName } from '../../linux/tty.ts'
import type { ListedProcess } from './schema.ts'
import type { System } from './system.ts'

/** Bytes of arguments in a list: class paths of Java reach 10 KiB; a process may set up to 2 MiB, a thousand of which nobody can hold. */
export const maxArgsBytes = 32 * 1024

/** Throws the kernel's error when the process has vanished (ENOENT, ESRCH) or is hidden (EACCES, EPERM). */
export function readProcess(linux: Linux, pid: number, system: System, containers: ContainerFinder): ListedProcess {
  const stat = readPidStat(linux, pid)
  const status = readPidStatus(linux, pid)
  const { args, truncated } = readArgs(linux, stat)
  const elapsed = system.elapsedSeconds(stat.startTicks)
  const ticks = stat.userTicks + stat.systemTicks
  const process: ListedProcess = {
    type: 'process',
    pid,
    ppid: stat.ppid,
    pgid: stat.pgid,
    sid: stat.sid,
    uid: status.uid,
    gid: status.gid,
    realUid: status.realUid,
    realGid: status.realGid,
    user: system.userOf(status.uid),
    state: stat.state,
    stat: statFlags(stat, status),
    tty: stat.ttyNumber === 0 ? null : ttyName(stat.ttyNumber),
    tpgid: stat.tpgid,
    nice: stat.nice,
    priority: stat.priority,
    threads: stat.threads,
    processor: stat.processor,
    rssBytes: status.vmRssKib * 1024,
    vszBytes: status.vmSizeKib * 1024,
    memoryPercent: tenths(status.vmRssKib / system.memTotalKib),
    cpuPercent: elapsed < 1 / ticksPerSecond ? 0 : tenths(ticks / ticksPerSecond / elapsed),
    cpuTimeMs: ticks * (1000 / ticksPerSecond),
    startTime: system.startTime(stat.startTicks),
    elapsedSeconds: Math.floor(elapsed),
    comm: stat.comm,
    args,
    container: containerOf(stat, status, containers),
  }
  if (truncated) process.argsTruncated = true
  return process
}

/** A share as a percentage with one digit, cut as procps cuts it. */
const tenths = (share: number) => Math.floor(share * 1000) / 10

/** The arguments with spaces between, or the comm in brackets; cut at `maxArgsBytes`. */
export function readArgs(linux: Linux, stat: PidStat): { args: string; truncated: boolean } {
  const bytes = isKernelThread(stat) ? undefined : linux.peek(`/proc/${stat.pid}/cmdline`, maxArgsBytes)
  const truncated = bytes?.length === maxArgsBytes
  const joined = bytes ? joinPidCmdline(bytes) : ''
  if (joined !== '') return { args: joined, truncated }
  return { args: stat.state === 'Z' ? `[${stat.comm}] <defunct>` : `[${stat.comm}]`, truncated }
}

/** Kernel threads belong to the node; a zombie has no namespaces left. */
export function containerOf(stat: PidStat, status: PidStatus, containers: ContainerFinder): Container {
  if (isKernelThread(stat)) return containers.host()
  if (stat.state === 'Z' || stat.state === 'X') return containers.findZombie(stat)
  return containers.find(stat, status.pidNamespaceDepth)
}

/** `<` before others, `N` nice, `L` locked memory, `s` session leader, `l` threads, `+` in the terminal's foreground: ps(1). */
function statFlags(stat: PidStat, status: PidStatus): string {
  let flags = stat.state
  if (stat.nice < 0) flags += '<'
  else if (stat.nice > 0) flags += 'N'
  if (status.vmLockedKib > 0) flags += 'L'
  if (stat.sid === stat.pid) flags += 's'
  if (stat.threads > 1) flags += 'l'
  if (stat.pgid === stat.tpgid) flags += '+'
  return flags
}
