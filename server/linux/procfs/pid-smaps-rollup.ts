import type { Linux } from '../linux.ts'

/**
 * The lines of /proc/PID/smaps_rollup in bytes, by the kernel's names: `Rss`, `Pss`, `Private_Dirty`, `Swap`, `Locked`, … over all
 * mappings. Ptrace-checked; since Linux 4.14. A kernel thread answers ESRCH. Source: show_smaps_rollup(), fs/proc/task_mmu.c.
 */
export function parseSmapsRollup(text: string): Map<string, number> {
  const lines = text.matchAll(/^(\w+): +(\d+) kB$/gm)
  return new Map([...lines].map(([, name = '', kib]) => [name, Number(kib) * 1024]))
}

export const readSmapsRollup = (linux: Linux, pid: number) =>
  parseSmapsRollup(linux.peek(`/proc/${pid}/smaps_rollup`).toString('latin1'))
