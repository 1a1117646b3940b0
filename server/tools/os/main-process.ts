import type { Linux } from '../../linux/linux.ts'
import { readPidStat } from '../../linux/procfs/pid-stat.ts'
import { orUndefined } from './or-undefined.ts'

/** Programs that only start another and wait for it: the container's own is what they started first. */
const launchers =
  /^(tini(-static)?|dumb-init|docker-init|podman-init|catatonit|su-exec|gosu|s6-svscan|runsvdir|sh|bash|dash|ash)$/
const maxSteps = 4

/** The process that a container is for, by its first one: a launcher with children stands for its oldest child. */
export function mainProcess(linux: Linux, entry: number): number {
  let pid = entry
  for (let steps = 0; steps < maxSteps; steps++) {
    const child = orUndefined(() =>
      launchers.test(readPidStat(linux, pid).comm) ? oldestChild(linux, pid) : undefined,
    )
    if (child === undefined) return pid
    pid = child
  }
  return pid
}

/** In the order in which they were started. Source: proc_task_children, fs/proc/array.c; needs CONFIG_PROC_CHILDREN. */
function oldestChild(linux: Linux, pid: number): number | undefined {
  const [first] = linux.read(`/proc/${pid}/task/${pid}/children`).toString('latin1').split(' ')
  return first ? Number(first) : undefined
}
