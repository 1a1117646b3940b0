import { errnoOf, type Linux } from '../linux.ts'

/** What the kernel starts with: PID_MAX_DEFAULT, include/linux/threads.h. */
const defaultPidMax = 32_768

/** One more than the highest pid; columns of pids are as wide as it. The default where /proc/sys is hidden. Source: kernel/pid.c. */
export function readPidMax(linux: Linux): number {
  try {
    return Number(linux.peek('/proc/sys/kernel/pid_max').toString('latin1'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return defaultPidMax
  }
}
