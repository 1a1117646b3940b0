import { writeFileSync } from 'node:fs'

/** Names this process in ss, ps and top, where Node 24 leaves `MainThread`; at most 15 bytes. /proc/self/comm, fs/proc/base.c. */
export function nameSelf(comm: string): void {
  try {
    writeFileSync('/proc/self/comm', comm)
  } catch {
    // A read-only /proc keeps the name it has.
  }
}
