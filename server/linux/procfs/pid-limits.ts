import type { Linux } from '../linux.ts'

export interface Limit {
  /** The kernel's name without `Max`: `open files`. */
  name: string
  /** null is unlimited. */
  soft: number | null
  hard: number | null
  /** `bytes`, `files`, …; empty for priorities. */
  unit: string
}

/**
 * `Max open files            20000                20000                files     `: columns of 25, 20 and 20 and a space
 * between. Source: proc_pid_limits(), fs/proc/base.c.
 */
export function parsePidLimits(text: string): Limit[] {
  const lines = text.split('\n').slice(1).filter(Boolean)
  return lines.map(line => ({
    name: line.slice(0, 26).trim().replace(/^Max /, ''),
    soft: limitOf(line.slice(26, 47)),
    hard: limitOf(line.slice(47, 68)),
    unit: line.slice(68).trim(),
  }))
}

export const readPidLimits = (linux: Linux, pid: number) =>
  parsePidLimits(linux.read(`/proc/${pid}/limits`).toString('latin1'))

const limitOf = (column: string) => (column.trim() === 'unlimited' ? null : Number(column))
