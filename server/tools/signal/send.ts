import { ToolError } from '../../core/errors.ts'
import { explainKillDenial } from '../../linux/kill-access.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { Denial } from '../../linux/ptrace-access.ts'
import { lookAgain, type Recipient } from './recipient.ts'

export type Sending = 'sent' | 'vanished' | Denial

/**
 * Sends it, unless the process has ended or its pid was given to another: that is looked at right before, some 20 µs in which the
 * kernel would have to give out every other pid first.
 */
export function send(linux: Linux, recipient: Recipient, signal: number): Sending {
  if (!linux.kill)
    throw new ToolError('unsupported', 'these processes are not of the running kernel, so no signal reaches them')
  if (!lookAgain(linux, recipient)) return 'vanished'
  const { pid } = recipient.process
  try {
    linux.kill(pid, signal)
    return 'sent'
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return 'vanished'
    if (errnoOf(error) === 'EPERM') return explainKillDenial(linux, pid)
    throw error
  }
}
