import type { Linux } from '../linux.ts'
import { signalsIn } from '../signals.ts'

/** What a list of processes needs of /proc/PID/status. Source: proc_pid_status(), fs/proc/array.c. */
export interface PidStatus {
  /** Effective, as `ps` shows it. */
  uid: number
  realUid: number
  gid: number
  realGid: number
  /** Depth of the process's pid namespace below the one this /proc shows; 1 is the same one. */
  pidNamespaceDepth: number
  /** KiB; 0 for a kernel thread and a zombie. */
  vmSizeKib: number
  vmRssKib: number
  vmLockedKib: number
}

/** Lines are `Uid:\t1000\t1000\t1000\t1000` and `VmRSS:\t    1380 kB`. */
export function parsePidStatus(text: string): PidStatus {
  const uid = after(text, '\nUid:\t')
  const gid = after(text, '\nGid:\t')
  return {
    uid: numberAt(text, nextWord(text, uid)),
    realUid: numberAt(text, uid),
    gid: numberAt(text, nextWord(text, gid)),
    realGid: numberAt(text, gid),
    pidNamespaceDepth: wordsOn(text, after(text, '\nNSpid:\t')),
    vmSizeKib: numberAt(text, after(text, '\nVmSize:\t')),
    vmRssKib: numberAt(text, after(text, '\nVmRSS:\t')),
    vmLockedKib: numberAt(text, after(text, '\nVmLck:\t')),
  }
}

export const readPidStatus = (linux: Linux, pid: number | 'self') =>
  parsePidStatus(linux.peek(`/proc/${pid}/status`).toString('latin1'))

/** Every line of /proc/PID/status as the kernel wrote it, by its name. */
export function parsePidStatusLines(text: string): Map<string, string> {
  const lines = text.split('\n').filter(line => line.includes(':'))
  return new Map(lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
}

export const readPidStatusLines = (linux: Linux, pid: number | 'self') =>
  parsePidStatusLines(linux.peek(`/proc/${pid}/status`).toString('utf8'))

/** Signals by number, of one thread except where said otherwise. Source: task_sig(), fs/proc/array.c. */
export interface SignalSets {
  /** Sent, but not taken yet because blocked: to this thread, and to the whole process. */
  pending: number[]
  blocked: number[]
  /** What the whole process ignores, and has a handler for; in neither, the default action is taken. */
  ignored: number[]
  caught: number[]
}

/** `SigBlk:\t0000000000010000`: a zombie has these lines too, a kernel thread ignores everything. */
export function parseSignalSets(lines: ReadonlyMap<string, string>): SignalSets {
  const set = (name: string) => signalsIn(lines.get(name) ?? '0')
  return {
    pending: [...new Set([...set('SigPnd'), ...set('ShdPnd')])],
    blocked: set('SigBlk'),
    ignored: set('SigIgn'),
    caught: set('SigCgt'),
  }
}

/** The process's pid in each nested pid namespace, from this one inwards. Empty before Linux 4.1. */
export const parseNsPids = (lines: ReadonlyMap<string, string>): number[] =>
  lines.get('NSpid')?.split(/\s+/).filter(Boolean).map(Number) ?? []

/** Where a line's value starts; -1 when the kernel has no such line. */
function after(text: string, label: string): number {
  const at = text.indexOf(label)
  return at < 0 ? -1 : at + label.length
}

function numberAt(text: string, start: number): number {
  if (start < 0) return 0
  let at = start
  while (text.charCodeAt(at) === 0x20) at++
  let value = 0
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at))
    value = value * 10 + code - 0x30
  return value
}

const nextWord = (text: string, start: number) => (start < 0 ? -1 : text.indexOf('\t', start) + 1)

function wordsOn(text: string, start: number): number {
  if (start < 0) return 1
  let count = 1
  for (let at = start; at < text.length && text.charCodeAt(at) !== 0x0a; at++) if (text.charCodeAt(at) === 0x09) count++
  return count
}
