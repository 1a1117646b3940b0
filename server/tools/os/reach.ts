import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readPidEnviron } from '../../linux/procfs/pid-environ.ts'
import { readPidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'
import type { Notes } from './notes.ts'
import { openRootFiles } from './root-files.ts'
import type { RootEvent } from './schema.ts'

/** The files of a process' root, or why they are closed to us. */
export async function openOrDenial(linux: Linux, pid: number, signal: AbortSignal) {
  try {
    return await openRootFiles(linux, pid, signal)
  } catch (error) {
    if (error instanceof ToolError) return error
    throw error
  }
}

/** Throws ToolError where the process ended meanwhile. */
export function ofLiving<Value>(pid: number, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    const errno = errnoOf(error)
    throw errno === 'ENOENT' || errno === 'ESRCH' ? ended(pid) : error
  }
}

const ended = (pid: number) =>
  new ToolError('not_found', `process ${pid} ended while it was looked at`, { remedy: 'look again' })

/** As the process was started; null where the kernel doesn't show it, which is noted. */
export function readEnvironment(linux: Linux, pid: number, notes: Notes): ReadonlyMap<string, string> | null {
  try {
    const words = readPidEnviron(linux, pid)
    return new Map(words.map(word => [word.split('=', 1)[0]!, word.slice(word.indexOf('=') + 1)]))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    const { reason, remedy } = explainPtraceDenial(linux, pid)
    notes.add({ what: `the environment of process ${pid}`, why: reason, remedy })
    return null
  }
}

/** The topmost mount on `/`, as the process sees it. */
export function readRootMount(linux: Linux, pid: number): RootEvent {
  try {
    const mount = readPidMountinfo(linux, pid).findLast(({ mountPoint }) => mountPoint === '/')
    if (mount)
      return {
        type: 'root',
        isReadOnly: isReadOnly(mount.options) || isReadOnly(mount.superOptions),
        fsType: mount.fsType,
      }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
  }
  return { type: 'root', isReadOnly: null, fsType: null }
}

const isReadOnly = (options: string) => options.split(',').includes('ro')
