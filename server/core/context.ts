import { setTimeout as delay } from 'node:timers/promises'
import type { Steering } from './steering.ts'

/** Time, as a tool may know it; tests bring their own. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. */
  now(): number
  /** Milliseconds since an arbitrary start, with a resolution of about a microsecond; never steps back. */
  monotonic(): number
  /** Resolves after `ms`, or at once, without an error, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What every run of a tool is given. Rooms above add to it what their tools need. */
export interface RunContext {
  /** Nobody waits for the answer any more: leave at once. */
  signal: AbortSignal
  /** Someone pressed Ctrl-C: stop looking and yield the summary of what was seen. Only for tools that are `stoppable`. */
  stop: AbortSignal
  clock: Clock
  /** Where a live screen watches: what it asks for by now. */
  steering?: Steering
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
}
