import { readCredentials } from './credentials.ts'
import type { Linux } from './linux.ts'
import { asUser, type Denial } from './ptrace-access.ts'

/**
 * Explains EPERM of kill(2). The kernel wants the sender's real or effective UID to be the target's real or saved one, or
 * CAP_KILL in the target's user namespace; a security module may refuse more. Source: kill_ok_by_cred(), kernel/signal.c.
 */
export function explainKillDenial(linux: Linux, pid: number): Denial {
  const own = readCredentials(linux, 'self')
  const target = readCredentials(linux, pid)
  if (!own || !target) return { reason: `the kernel refuses signals to process ${pid}`, remedy: asRootWithKill }
  const sameUser = [own.uid, own.realUid].some(uid => uid === target.realUid || uid === target.savedUid)
  if (sameUser || own.effective.includes('CAP_KILL'))
    return {
      reason: `process ${pid} is in another user namespace, or a security module (AppArmor, SELinux, seccomp) refuses it`,
      remedy: 'run ditty in the user namespace of the process, under the same profile of the security module',
    }
  return {
    reason: `process ${pid} runs as UID ${target.realUid}, ditty as UID ${own.uid} without CAP_KILL`,
    remedy: target.realUid === 0 ? asRootWithKill : `${asUser(target.realUid)}, or ${asRootWithKill}`,
  }
}

const asRootWithKill =
  "run ditty as UID 0 with CAP_KILL (kubectl debug --custom with runAsUser: 0; it is in a container's default set, not in --profile=restricted)"
