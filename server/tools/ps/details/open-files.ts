import type { TimeSlice } from '../../../core/time-slice.ts'
import type { Linux } from '../../../linux/linux.ts'
import { openFlagNames } from '../../../linux/open-flags.ts'
import { type OpenFile, readPidFd } from '../../../linux/procfs/pid-fd.ts'
import type { PsDetails, PsOpenFile } from '../schema.ts'
import type { Parts } from './parts.ts'
import { findSockets } from './sockets.ts'

/** Open files shown: more than a common soft limit (1,024) says little to a reader, and each costs some 20 µs. */
export const maxOpenFiles = 1024

export async function readOpenFiles(
  linux: Linux,
  pid: number,
  parts: Parts,
  slice: TimeSlice,
): Promise<PsDetails['openFiles']> {
  const open = parts.read('openFiles', () => readPidFd(linux, pid, maxOpenFiles))
  if (!open) return null
  const inodes = new Set(open.files.map(inodeOf).filter(inode => inode !== undefined))
  const sockets = await parts.readLater('sockets', () => findSockets(linux, pid, inodes, slice))
  const files = open.files.map((file): PsOpenFile => {
    const { fd, kind, target, position, flags } = file
    const socket = sockets?.get(inodeOf(file) ?? 0)
    return {
      fd,
      kind,
      target,
      position,
      flags: flags === null ? null : openFlagNames(flags),
      ...(socket ? { socket } : {}),
    }
  })
  return { total: open.total, files }
}

function inodeOf({ target }: OpenFile): number | undefined {
  const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? []
  return inode === undefined ? undefined : Number(inode)
}
