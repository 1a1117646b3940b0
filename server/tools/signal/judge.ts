import type { Linux } from '../../linux/linux.ts'
import { type PidStat, readPidStat } from '../../linux/procfs/pid-stat.ts'
import { parseSignalSets, readPidStatusLines } from '../../linux/procfs/pid-status.ts'
import { isStopped } from '../../linux/signal-disposition.ts'
import { signalName } from '../../linux/signals.ts'
import type { ChildChange } from './children.ts'
import { orGone, type Recipient } from './recipient.ts'
import type { Outcome } from './schema.ts'

export interface Verdict {
  outcome: Outcome
  note: string | null
}

const verdict = (outcome: Outcome, note: string | null = null): Verdict => ({ outcome, note })

/** What can't change any more while it is watched. */
export function judgeAtOnce({ stat, expected }: Recipient, now: PidStat | undefined): Verdict | undefined {
  if (!now) return verdict('exited')
  if (expected.disposition === 'ignored' || expected.disposition === 'dropped')
    return verdict(stat.state === 'Z' ? 'zombie' : 'ignored', expected.why)
  if (isStopped(now) && !isStopped(stat)) return verdict('stopped')
  return isStopped(stat) && !isStopped(now) && now.state !== 'Z' ? verdict('continued') : undefined
}

/** What is so when nobody waits any longer. */
export function judgeAtLast(
  linux: Linux,
  recipient: Recipient,
  now: PidStat,
  signal: number,
  { newChildren }: ChildChange,
): Verdict {
  if (now.state === 'Z') return verdict('zombie', zombieNote(linux, now))
  const pending = orGone(() => parseSignalSets(readPidStatusLines(linux, now.pid)).pending)
  if (!pending) return verdict('exited')
  if (pending.includes(signal)) return verdict('pending', pendingNote(recipient, now))
  if (isToEnd(signal)) return verdict('still_there', stillRunsNote(recipient, now))
  if (newChildren.length > 0) return verdict('reloaded')
  return verdict('still_there', recipient.expected.disposition === 'caught' ? handledNote : recipient.expected.why)
}

const ending = new Set(['INT', 'QUIT', 'ABRT', 'KILL', 'TERM'])

/** Whoever sends one of these wants the process to end; HUP and USR1 are words to a daemon that stays. */
export const isToEnd = (signal: number) => ending.has(signalName(signal) ?? '')

/** Whether the process did not do what the signal is for. */
export function isIneffective({ stat, expected }: Recipient, outcome: Outcome, signal: number): boolean {
  if (outcome === 'ignored' || outcome === 'pending') return true
  if (outcome === 'zombie') return stat.state === 'Z'
  if (outcome !== 'still_there') return false
  return isToEnd(signal) || ['terminate', 'core', 'stop'].includes(expected.disposition)
}

function zombieNote(linux: Linux, { ppid }: PidStat): string {
  const parent = orGone(() => readPidStat(linux, ppid).comm)
  const named = parent === undefined ? `${ppid}` : `${ppid} (${parent})`
  return `it has ended, but its parent ${named} has not reaped it: its entry stays until the parent calls wait() or ends`
}

function pendingNote({ expected }: Recipient, now: PidStat): string | null {
  return now.state === 'D' ? inKernelNote : (expected.why ?? 'it has not taken the signal yet')
}

const inKernelNote = 'it waits inside the kernel (state D), for a disk or NFS: the signal is taken when that ends'

const handledNote = 'its handler took the signal; from outside nothing else shows'

function stillRunsNote({ expected }: Recipient, now: PidStat): string | null {
  if (now.state === 'D') return inKernelNote
  if (expected.disposition !== 'caught') return expected.why
  return 'its handler took the signal, and it runs on: it may need longer, or SIGKILL'
}
