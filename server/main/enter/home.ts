import { lstatSync } from 'node:fs'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type Mount, readPidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import { mayHang } from '../../linux/scout/may-hang.ts'

/**
 * HOME of a shell in a container whose own isn't taken: /root where it is a directory. What is mounted there is told by
 * mountinfo; a file system that may never answer isn't asked, and would hold up every shell that reads ~/.inputrc from it.
 */
export function homeIn(linux: Linux, pid: number): string {
  const mount = mountsOf(linux, pid).findLast(({ mountPoint }) => mountPoint === '/root')
  if (mount) return mayHang(mount.fsType) ? '/' : '/root'
  // A link there would be followed in our root, so it is only looked at.
  return lstatSync(`/proc/${pid}/root/root`, { throwIfNoEntry: false })?.isDirectory() ? '/root' : '/'
}

function mountsOf(linux: Linux, pid: number): Mount[] {
  try {
    return readPidMountinfo(linux, pid)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return []
  }
}
