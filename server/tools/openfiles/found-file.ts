import { type FileStat, kindOfMode } from '../../linux/open-files/file-stat.ts'
import { deletedMark } from '../../linux/procfs/pid-maps.ts'
import type { Mount } from '../../linux/procfs/pid-mountinfo.ts'
import type { FileEvent } from './schema.ts'

/** Whose file it is. */
export type Owner = Pick<FileEvent, 'pid' | 'ppid' | 'pgid' | 'comm' | 'uid' | 'user'>

/** A file that has to be looked at by somebody who may be left behind: its mount may never answer. */
export interface Distant {
  file: FileEvent
  /** Where it is looked at: through /proc. */
  path: string
  mount: UncertainMount
}

/** What a file lies on. */
export interface UncertainMount {
  /** One for each mount, known or not: where it has hung once, it isn't waited for again. */
  key: string
  /** Undefined where no visible process has it, as after a lazy umount. */
  mount: Mount | undefined
}

export const certain = (mount: Mount): UncertainMount => ({ key: mount.device, mount })

/** A file of which the name alone is known so far. */
export function namedFile(owner: Owner, fd: FileEvent['fd'], access: FileEvent['access'], path: string): FileEvent {
  const deleted = path.endsWith(deletedMark)
  return {
    type: 'file',
    pid: owner.pid,
    ppid: owner.ppid,
    pgid: owner.pgid,
    comm: owner.comm,
    uid: owner.uid,
    user: owner.user,
    container: null,
    fd,
    kind: 'unknown',
    access,
    device: null,
    sizeBytes: null,
    offset: null,
    inode: null,
    links: null,
    path: deleted ? path.slice(0, -deletedMark.length) : path,
    deleted,
  }
}

/**
 * What stat(2) tells. A name that is gone while another is left is no deleted file, and a file may be called so: then the path is
 * what the kernel wrote.
 */
export function addStat(file: FileEvent, stat: FileStat): void {
  file.kind = kindOfMode(stat.mode)
  file.device = stat.device
  file.inode = stat.inode
  file.links = stat.links
  if (file.kind === 'REG' || file.kind === 'DIR' || file.kind === 'LINK') file.sizeBytes = stat.sizeBytes
  else if (file.kind === 'CHR' || file.kind === 'BLK') file.rdev = stat.rdev
  if (!file.deleted) return
  if (stat.links === 0) file.allocatedBytes = stat.allocatedBytes
  else {
    file.deleted = false
    file.path += deletedMark
  }
}
