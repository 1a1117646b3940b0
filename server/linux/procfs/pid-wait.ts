import type { Linux } from '../linux.ts'

/** The kernel's function that a process sleeps in; undefined while it runs, and where the kernel hides it. Source: proc_pid_wchan(). */
export function readWaitChannel(linux: Linux, pid: number): string | undefined {
  const name = linux.peek(`/proc/${pid}/wchan`).toString('latin1').trim()
  return name === '0' || name === '' ? undefined : name
}

/**
 * `230 0x0 0x0 …`: the number of the system call that it waits in, and its arguments; `running`, or -1 where it waits in none (a page
 * fault). Undefined for these. Wants the right to attach with ptrace(2). Source: proc_pid_syscall(), fs/proc/base.c.
 */
export function readSyscallNumber(linux: Linux, pid: number): number | undefined {
  const number = Number.parseInt(linux.peek(`/proc/${pid}/syscall`).toString('latin1'), 10)
  return number >= 0 ? number : undefined
}
