import { errnoOf, type Linux } from '../linux/linux.ts'
import { readPidStat } from '../linux/procfs/pid-stat.ts'

/** What a terminal's shell is at, as the kernel tells. */
export interface Foreground {
  /** The leader of the process group that has the terminal, when that isn't the shell's own. */
  process: { pid: number; comm: string } | null
  /** Working directory of that process, else of the shell; null where it may not be seen. */
  cwd: string | null
}

const nothing: Foreground = { process: null, cwd: null }

/** `pid` is the first process of the terminal. `tpgid` of proc_pid_stat(5), which tcsetpgrp(3) sets. */
export function readForeground(linux: Linux, pid: number): Foreground {
  const leader = tryRead(() => readPidStat(linux, pid))
  if (!leader) return nothing
  const { tpgid, pgid } = leader
  const job = tpgid > 0 && tpgid !== pgid ? tryRead(() => readPidStat(linux, tpgid)) : undefined
  const cwdOf = (of: number) => tryRead(() => linux.readlink(`/proc/${of}/cwd`))
  return {
    process: job ? { pid: job.pid, comm: job.comm } : null,
    cwd: (job && cwdOf(job.pid)) ?? cwdOf(pid) ?? null,
  }
}

/** Ended meanwhile, or another user's. */
const unseen: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

function tryRead<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (unseen.has(errnoOf(error))) return undefined
    throw error
  }
}
