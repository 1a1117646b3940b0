import type { Linux } from '../linux.ts'
import { type PidStat, parsePidStat } from './pid-stat.ts'
import { parsePidStatusLines } from './pid-status.ts'

/** The ids of a process's threads, its own pid among them. Source: proc_task_readdir(), fs/proc/base.c. */
export const readThreadIds = (linux: Linux, pid: number): number[] => linux.list(`/proc/${pid}/task`).map(Number)

/** /proc/PID/task/TID/status: the lines of the process's own, but of one thread. */
export const readThreadStatusLines = (linux: Linux, pid: number, thread: number) =>
  parsePidStatusLines(linux.peek(`/proc/${pid}/task/${thread}/status`).toString('utf8'))

/** /proc/PID/task/TID/stat: `pid`, name, state, times, priority and processor are the thread's own. */
export const readThreadStat = (linux: Linux, pid: number, thread: number): PidStat =>
  parsePidStat(linux.peek(`/proc/${pid}/task/${thread}/stat`))
