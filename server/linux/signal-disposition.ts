import { errnoOf, type Linux } from './linux.ts'
import { isKernelThread, type PidStat } from './procfs/pid-stat.ts'
import { parseNsPids, parseSignalSets, readPidStatusLines } from './procfs/pid-status.ts'
import { readThreadIds, readThreadStatusLines } from './procfs/pid-task.ts'
import { defaultAction, signalName, signalNumber } from './signals.ts'

/**
 * What a process does with a signal: caught by its handler; blocked, so that it waits; ignored; dropped by the kernel, as for the
 * first process of a pid namespace; or the default: terminate, core (terminate and dump), stop, continue. none: signal 0 is not sent.
 */
export const dispositions = [
  'caught',
  'blocked',
  'ignored',
  'dropped',
  'terminate',
  'core',
  'stop',
  'continue',
  'none',
] as const

export interface Disposition {
  disposition: (typeof dispositions)[number]
  /** Where the word alone would puzzle. */
  why: string | null
}

const [sigkill, sigstop, sigcont] = ['KILL', 'STOP', 'CONT'].map(word => signalNumber(word)!)

const as = (disposition: Disposition['disposition'], why: string | null = null): Disposition => ({ disposition, why })

/**
 * Foretells what a signal does, in the order in which the kernel decides: prepare_signal(), sig_ignored() and get_signal(),
 * kernel/signal.c. Throws the kernel's error when the process has vanished.
 */
export function readDisposition(linux: Linux, stat: PidStat, signal: number): Disposition {
  if (signal === 0) return as('none')
  if (stat.state === 'Z' || stat.state === 'X')
    return as('ignored', `it is a zombie: it has ended, but its parent ${stat.ppid} has not reaped it`)
  if (isKernelThread(stat)) return as('ignored', 'it is a thread of the kernel')
  const lines = readPidStatusLines(linux, stat.pid)
  const { blocked, ignored, caught } = parseSignalSets(lines)
  if (signal === sigcont && isStopped(stat)) return as('continue')
  if (blocked.includes(signal) && allThreadsBlock(linux, stat, signal)) return as('blocked', blockedNote)
  if (caught.includes(signal)) return as('caught', stoppedNote(stat))
  if (ignored.includes(signal)) return as('ignored')
  const dropped = whyDropped(parseNsPids(lines), signal)
  return dropped ? as('dropped', dropped) : byDefault(stat, signal)
}

export const isStopped = ({ state }: Pick<PidStat, 'state'>) => state === 'T' || state === 't'

function byDefault(stat: PidStat, signal: number): Disposition {
  const action = defaultAction(signal)
  if (action === 'ignore') return as('ignored', `by default SIG${signalName(signal)} does nothing`)
  if (action === 'continue') return as('continue', 'it is not stopped')
  return as(action, signal === sigkill || signal === sigstop ? null : stoppedNote(stat))
}

const stoppedNote = (stat: PidStat) => (isStopped(stat) ? 'it is stopped, and takes it once continued (SIGCONT)' : null)

const blockedNote = 'it waits until the process unblocks it, or takes it by sigwait() or signalfd()'

/** A signal to the process goes to any thread that lets it through. A process with more threads than this is taken by its first. */
const threadsRead = 1000

function allThreadsBlock(linux: Linux, { pid, threads }: PidStat, signal: number): boolean {
  if (threads === 1) return true
  return readThreadIds(linux, pid)
    .slice(0, threadsRead)
    .every(thread => threadBlocks(linux, pid, thread, signal))
}

/** A thread that has ended meanwhile lets nothing through. */
function threadBlocks(linux: Linux, pid: number, thread: number, signal: number): boolean {
  try {
    return parseSignalSets(readThreadStatusLines(linux, pid, thread)).blocked.includes(signal)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return true
  }
}

/** The first process of a pid namespace gets what it has a handler for alone: SIGNAL_UNKILLABLE, sig_task_ignored(). */
function whyDropped(nsPids: number[], signal: number): string | undefined {
  if (nsPids.at(-1) !== 1) return undefined
  const fromInside = nsPids.length === 1
  const name = `SIG${signalName(signal)}`
  if (!fromInside && (signal === sigkill || signal === sigstop)) return undefined
  if (!fromInside)
    return `it is pid 1 of its pid namespace and has no handler for ${name}, so the kernel drops it: SIGKILL works from here`
  return (
    `it is pid 1 of its pid namespace and has no handler for ${name}, so the kernel drops it when sent from inside: ` +
    'from outside (kubectl delete pod, or the node) SIGKILL works'
  )
}
