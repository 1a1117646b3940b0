import { errnoOf, type Linux } from '../linux.ts'
import { parseFdInfo } from './pid-fdinfo.ts'

export type OpenFileKind = 'file' | 'device' | 'pipe' | 'socket' | 'memfd' | 'anonymous' | 'namespace' | 'deleted'

export interface OpenFile {
  fd: number
  /** Bytes from the beginning; null where it was closed meanwhile. */
  position: number | null
  /** Of open(2). */
  flags: number | null
  kind: OpenFileKind
  /** A path in the process's own root, or the kernel's name: `socket:[261942]`, `anon_inode:[eventpoll]`. */
  target: string
}

/** Open files, lowest first, of which at most `limit` are read. Ptrace-checked. Source: fs/proc/fd.c. */
export function readPidFd(linux: Linux, pid: number, limit: number): { total: number; files: OpenFile[] } {
  const names = linux
    .list(`/proc/${pid}/fd`)
    .map(Number)
    .sort((a, b) => a - b)
  return { total: names.length, files: names.slice(0, limit).flatMap(fd => readOne(linux, pid, fd)) }
}

/** One that was closed since is left out. */
function readOne(linux: Linux, pid: number, fd: number): OpenFile[] {
  try {
    const target = linux.readlink(`/proc/${pid}/fd/${fd}`)
    return [{ fd, ...readFdInfo(linux, pid, fd), kind: kindOfOpenFile(target), target }]
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

function readFdInfo(linux: Linux, pid: number, fd: number): Pick<OpenFile, 'position' | 'flags'> {
  try {
    const { offset, flags } = parseFdInfo(linux.peek(`/proc/${pid}/fdinfo/${fd}`))
    return { position: offset, flags }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return { position: null, flags: null }
  }
}

export function kindOfOpenFile(target: string): OpenFileKind {
  if (target.startsWith('socket:[')) return 'socket'
  if (target.startsWith('pipe:[')) return 'pipe'
  if (target.startsWith('anon_inode:')) return 'anonymous'
  if (target.startsWith('/memfd:')) return 'memfd'
  if (/^[a-z_]+:\[\d+\]$/.test(target)) return 'namespace'
  if (target.endsWith(' (deleted)')) return 'deleted'
  return target.startsWith('/dev/') && !target.startsWith('/dev/shm/') ? 'device' : 'file'
}
