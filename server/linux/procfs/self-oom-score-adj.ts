import { writeFileSync } from 'node:fs'

/**
 * Makes this process, and those it starts, a likelier victim of the OOM killer: 1000 is first of all, 0 the default. Raising
 * is open to everyone; where /proc can't be written the kernel's own choice stands. /proc/self/oom_score_adj, fs/proc/base.c.
 */
export function preferAsVictim(score: number): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', String(score))
  } catch {
    // A read-only /proc (gVisor, some sandboxes) is no reason not to run.
  }
}
