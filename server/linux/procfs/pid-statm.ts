import type { Linux } from '../linux.ts'
import { NumberReader } from './fields.ts'

/** Pages of a process's memory. Source: proc_pid_statm(), fs/proc/array.c. */
export interface PidStatm {
  size: number
  resident: number
  /** Of files, and shared memory. */
  shared: number
}

/** `24521 4785 1614 …`: all zero for a kernel thread. */
export function parsePidStatm(bytes: Buffer): PidStatm {
  const numbers = new NumberReader(bytes)
  return { size: numbers.next(), resident: numbers.next(), shared: numbers.next() }
}

export const readPidStatm = (linux: Linux, pid: number) => parsePidStatm(linux.peek(`/proc/${pid}/statm`))
