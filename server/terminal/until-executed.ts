import { setTimeout as delay } from 'node:timers/promises'
import { errnoOf, type Linux } from '../linux/linux.ts'

/** A fork takes a ms to become its program; after so long, in ms, one that still looks like us is a program with our own words. */
const mostMs = 500

/**
 * Resolves when a process that was forked from this one has become its program: before, it stands in our directory and answers
 * to our signals. Its arguments are ours until then.
 */
export async function untilExecuted(linux: Linux, pid: number): Promise<void> {
  const own = argumentsOf(linux, 'self')
  for (const end = performance.now() + mostMs; own !== undefined && performance.now() < end; await delay(1))
    if (argumentsOf(linux, pid) !== own) return
}

/** Undefined for one that has ended. */
function argumentsOf(linux: Linux, pid: number | 'self'): string | undefined {
  try {
    return linux.peek(`/proc/${pid}/cmdline`).toString('latin1')
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
