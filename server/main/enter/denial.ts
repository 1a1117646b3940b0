import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'

/** Why a root can't be entered. `isHalfWay`: it can be looked into all the same, under /proc/PID/root. */
export interface Denial {
  error: ToolError
  isHalfWay: boolean
}

/** `CALL ERRNO` as scripts/enter.c tells it, in words. */
export function explainEnterDenial(linux: Linux, pid: number, told: string): Denial {
  const [call = '', errno = ''] = told.trim().split(' ')
  if (call === 'open' && (errno === 'EACCES' || errno === 'EPERM')) {
    const { reason, remedy } = explainPtraceDenial(linux, pid)
    return denied(`the root of process ${pid} is closed to us: ${reason}`, remedy, false)
  }
  if (call === 'open') return { error: new ToolError('not_found', `process ${pid} has ended`), isHalfWay: false }
  if (call === 'setns')
    return denied(
      `process ${pid} is in a pid namespace of its own, whose /proc doesn't show us`,
      'CAP_SYS_ADMIN lets us join it: kubectl debug --profile=sysadmin; or --target and shareProcessNamespace share one',
      true,
    )
  if (call === 'proc')
    return {
      error: new ToolError(
        'unsupported',
        `the root of process ${pid} has no /proc, by which ditty's words are reached`,
        {
          remedy: 'the process has made a smaller root its own: name another one of the container with --target',
        },
      ),
      isHalfWay: true,
    }
  if (call !== 'chroot') {
    const why = call === '' ? 'the file system of its root does not answer' : told.trim()
    return { error: new ToolError('unavailable', `process ${pid} can't be entered: ${why}`), isHalfWay: false }
  }
  return denied(
    `chroot is not permitted (${errno}): ditty has no CAP_SYS_CHROOT, and the node gives it no user namespace`,
    'run ditty as UID 0 with the default capabilities (kubectl debug --profile=general), or allow unprivileged user namespaces: seccompProfile Unconfined',
    true,
  )
}

const denied = (message: string, remedy: string, isHalfWay: boolean): Denial => ({
  error: new ToolError('not_permitted', message, { remedy }),
  isHalfWay,
})
