import { closeSync, constants, openSync } from 'node:fs'
import { errnoOf, type Linux } from '../linux.ts'
import { O_PATH } from '../root/open-flags.ts'

/**
 * What is mounted where the paths of a process lead: its /proc/PID/mountinfo, or, where that is empty, the one of another process with
 * the same root. The kernel lists what a process's own mount namespace has below its root (show_mountinfo(), fs/proc_namespace.c):
 * nothing, when chroot(2) took it into the root of another container, as `ditty enter` does.
 */
export function mountinfoOf(linux: Linux, pid: number | 'self'): Buffer {
  const own = linux.read(`/proc/${pid}/mountinfo`)
  if (own.length > 0 || !linux.lookAt) return own
  const root = rootOf(linux, pid)
  if (root === undefined) return own
  for (const other of linux.list('/proc').filter(name => /^\d/.test(name))) {
    if (rootOf(linux, other) !== root) continue
    const mounts = readOr(() => linux.read(`/proc/${other}/mountinfo`))
    if (mounts && mounts.length > 0) return mounts
  }
  return own
}

/** Its mount and inode, by proc_pid_fdinfo(5): nobody is asked who might not answer. The inode is told since Linux 5.14. */
function rootOf(linux: Linux, pid: number | string): string | undefined {
  return readOr(() => {
    const descriptor = openSync(`/proc/${pid}/root`, O_PATH | constants.O_DIRECTORY)
    try {
      const lines = linux.read(`/proc/self/fdinfo/${descriptor}`).toString('latin1')
      return lines.match(/^(mnt_id|ino):.*/gm)?.join(' ')
    } finally {
      closeSync(descriptor)
    }
  })
}

/** Undefined for one that has ended, or that we may not look at. */
function readOr<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
