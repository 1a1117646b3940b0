import { readCredentials } from './credentials.ts'
import type { Linux } from './linux.ts'

/** Why something was not read, and what would grant it. */
export interface Denial {
  reason: string
  remedy: string
}

/**
 * Explains a refusal of PTRACE_MODE_READ, which guards exe, cwd, root, environ, fd and ns of another process. The kernel wants
 * the same UIDs and GIDs, permitted capabilities that cover the target's, and a dumpable target; CAP_SYS_PTRACE in the
 * target's user namespace passes over all of these. Source: __ptrace_may_access(), kernel/ptrace.c.
 */
export function explainPtraceDenial(linux: Linux, pid: number): Denial {
  const own = readCredentials(linux, 'self')
  const target = readCredentials(linux, pid)
  const mayPtrace = own?.permitted.includes('CAP_SYS_PTRACE') ?? false
  if (!own || !target) return { reason: `the kernel refuses to show it of process ${pid}`, remedy: asRootWithPtrace }
  if (own.uid !== target.uid && !mayPtrace)
    return {
      reason: `process ${pid} runs as UID ${target.uid}, ditty as UID ${own.uid} without CAP_SYS_PTRACE`,
      remedy: target.uid === 0 ? asRootWithPtrace : `${asUser(target.uid)}, or ${asRootWithPtrace}`,
    }
  if (own.gid !== target.gid && !mayPtrace)
    return {
      reason: `process ${pid} runs with GID ${target.gid}, ditty with GID ${own.gid} and without CAP_SYS_PTRACE`,
      remedy: `${asUser(target.uid)} and runAsGroup: ${target.gid}, or ${asRootWithPtrace}`,
    }
  const lacking = target.permitted.filter(name => !own.permitted.includes(name))
  if (lacking.length > 0 && !mayPtrace)
    return {
      reason: `process ${pid} has capabilities that ditty lacks: ${lacking.join(', ')}`,
      remedy: `give ditty the same capabilities, or ${asRootWithPtrace}`,
    }
  return {
    reason: `process ${pid} is not dumpable, in another user namespace, or guarded by a security module`,
    remedy: mayPtrace
      ? 'run ditty in the user namespace of the process, and confined no more than the process'
      : asRootWithPtrace,
  }
}

/** What runs as another user of the pod. */
export const asUser = (uid: number) => `run ditty as UID ${uid} (kubectl debug --custom with runAsUser: ${uid})`

/** Capabilities added to a non-root container never become effective, so both are needed. */
const asRootWithPtrace = 'run ditty as UID 0 with CAP_SYS_PTRACE (kubectl debug --profile=general adds the capability)'
