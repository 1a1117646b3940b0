import type { Linux } from '../linux.ts'

export const pressureResources = ['cpu', 'memory', 'io'] as const
export type PressureResource = (typeof pressureResources)[number]

/** Shares of time in percent over the last 10, 60 and 300 s, and since the start. */
export interface Stall {
  avg10: number
  avg60: number
  avg300: number
  totalMs: number
}

/** some: at least one task waited; full: all of them did. The CPU has no `full` before Linux 5.13. */
export interface Pressure {
  some: Stall
  full: Stall | null
}

/**
 * `some avg10=0.03 avg60=0.05 avg300=0.01 total=123777244` and `full …`, total in microseconds; undefined without a `some` line.
 * The same in /proc/pressure and in a cgroup's `cpu.pressure`. Source: psi_show(), kernel/sched/psi.c.
 */
export function parsePressure(text: string): Pressure | undefined {
  const some = stallOf(text, 'some')
  return some && { some, full: stallOf(text, 'full') ?? null }
}

function stallOf(text: string, kind: string): Stall | undefined {
  const match = new RegExp(`^${kind} avg10=([\\d.]+) avg60=([\\d.]+) avg300=([\\d.]+) total=(\\d+)$`, 'm').exec(text)
  if (!match) return undefined
  const [avg10 = 0, avg60 = 0, avg300 = 0, total = 0] = match.slice(1).map(Number)
  return { avg10, avg60, avg300, totalMs: total / 1000 }
}

/** Throws ENOENT where the kernel was built without PSI, EOPNOTSUPP where it was booted with psi=0. */
export const readPressure = (linux: Linux, resource: PressureResource) =>
  parsePressure(linux.peek(`/proc/pressure/${resource}`).toString('latin1'))
