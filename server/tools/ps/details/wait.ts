import type { Linux } from '../../../linux/linux.ts'
import { readPidStat } from '../../../linux/procfs/pid-stat.ts'
import { readSyscallNumber, readWaitChannel } from '../../../linux/procfs/pid-wait.ts'
import type { Denial } from '../../../linux/ptrace-access.ts'
import { syscallName } from '../../../linux/syscall-names.ts'
import type { PsDetails } from '../schema.ts'
import type { Parts } from './parts.ts'

/** Where its first thread waits. The kernel answers 0 to whoever may not know, and also while it runs. */
export function readWait(linux: Linux, pid: number, parts: Parts): Pick<PsDetails, 'waitChannel' | 'syscall'> {
  const waitChannel = parts.read('waitChannel', () => readWaitChannel(linux, pid)) ?? null
  const { state } = readPidStat(linux, pid)
  if (waitChannel === null && !parts.denied.waitChannel && (state === 'S' || state === 'D'))
    parts.denied.waitChannel = hidden(parts.denied.exe)
  const number = parts.read('syscall', () => readSyscallNumber(linux, pid))
  return { waitChannel, syscall: number === null || number === undefined ? null : syscallName(number) }
}

const hidden = (denial: Denial | undefined): Denial =>
  denial ?? {
    reason: 'the kernel does not tell it: ditty may not attach to the process, or its symbols are hidden',
    remedy: 'run ditty as UID 0 with CAP_SYS_PTRACE and no fewer capabilities than the process',
  }
