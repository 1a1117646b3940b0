import type { Linux } from '../linux.ts'
import { NumberReader } from './fields.ts'

/** Clock ticks a second in /proc: USER_HZ, 100 on every architecture Node runs on. */
export const ticksPerSecond = 100

/** One process in numbers. Source: do_task_stat(), fs/proc/array.c; proc_pid_stat(5) numbers the fields. */
export interface PidStat {
  pid: number
  /** At most 15 bytes (63 for a kernel worker), set by the process itself: may hold spaces, parentheses, newlines. */
  comm: string
  /** One letter: R, S, D, Z, T, t, I, X. */
  state: string
  ppid: number
  pgid: number
  sid: number
  /** The controlling terminal's device number as the kernel packs it; 0 without one. */
  ttyNumber: number
  /** The terminal's foreground process group; -1 without a terminal. */
  tpgid: number
  /** PF_* of include/linux/sched.h. */
  flags: number
  minorFaults: number
  majorFaults: number
  userTicks: number
  systemTicks: number
  /** The kernel's p->prio - 100: 0 to 39, below 0 for real time. */
  priority: number
  nice: number
  threads: number
  /** Ticks since boot. */
  startTicks: number
  virtualBytes: number
  residentPages: number
  processor: number
}

/**
 * `1 (tini) S 0 1 1 0 -1 4194560 1226 0 0 0 1 0 0 0 20 0 1 0 629783 2322432 316 18446744073709551615 …`
 * `34 (a) (b) R 1 34 …`
 */
export function parsePidStat(bytes: Buffer): PidStat {
  const open = bytes.indexOf(0x28)
  const close = bytes.lastIndexOf(0x29)
  if (open < 0 || close < open) throw new BrokenStatError()
  const numbers = new NumberReader(bytes, close + 4)
  const pid = new NumberReader(bytes).next()
  const ppid = numbers.next()
  const pgid = numbers.next()
  const sid = numbers.next()
  const ttyNumber = numbers.next()
  const tpgid = numbers.next()
  const flags = numbers.next()
  const minorFaults = numbers.next()
  numbers.skip(1)
  const majorFaults = numbers.next()
  numbers.skip(1)
  const userTicks = numbers.next()
  const systemTicks = numbers.next()
  numbers.skip(2)
  const priority = numbers.next()
  const nice = numbers.next()
  const threads = numbers.next()
  numbers.skip(1)
  const startTicks = numbers.next()
  const virtualBytes = numbers.next()
  const residentPages = numbers.next()
  numbers.skip(14)
  const processor = numbers.next()
  return {
    pid,
    comm: bytes.toString('utf8', open + 1, close),
    state: String.fromCharCode(bytes[close + 2] ?? 0x3f),
    ppid,
    pgid,
    sid,
    ttyNumber,
    tpgid,
    flags,
    minorFaults,
    majorFaults,
    userTicks,
    systemTicks,
    priority,
    nice,
    threads,
    startTicks,
    virtualBytes,
    residentPages,
    processor,
  }
}

/** A line without a comm: the kernel wrote nothing, since the process ended meanwhile. */
export class BrokenStatError extends Error {
  readonly code = 'ESRCH'

  constructor() {
    super('ESRCH: no stat line')
  }
}

export const readPidStat = (linux: Linux, pid: number | 'self') => parsePidStat(linux.peek(`/proc/${pid}/stat`))

const kernelThread = 0x00200000

/** PF_KTHREAD: no memory, no command line, no container. */
export const isKernelThread = ({ flags }: PidStat) => (flags & kernelThread) !== 0
