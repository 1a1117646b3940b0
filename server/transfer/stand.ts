import { type FileHandle, readlink } from 'node:fs/promises'
import { ToolError } from '../core/errors.ts'
import { shownName } from '../core/shown-name.ts'
import { errnoOf, type Linux } from '../linux/linux.ts'
import { readPidStat } from '../linux/procfs/pid-stat.ts'
import { explainPtraceDenial } from '../linux/ptrace-access.ts'
import { type Confines, openPlace } from '../linux/resolve-path.ts'

/** Where a process stands: its working directory, in the tree that is its own, also after chroot(1). */
export interface Stand extends Confines, AsyncDisposable {
  root: FileHandle
  /** The path of `start`, to be shown. */
  directory: string
}

/**
 * Where a terminal's shell stands: what runs in the foreground, else the shell itself. `pid` is the first process of the
 * terminal. Throws ToolError `not_permitted` or `unavailable`.
 */
export async function openStand(linux: Linux, pid: number): Promise<Stand> {
  const job = foregroundOf(linux, pid)
  if (job !== undefined && job !== pid) {
    const stand = await standOf(linux, job).catch(() => undefined)
    if (stand) return stand
  }
  return standOf(linux, pid)
}

export async function standOf(linux: Linux, pid: number): Promise<Stand> {
  const opened: FileHandle[] = []
  const place = async (name: string) => {
    const handle = await openPlace(`/proc/${pid}/${name}`)
    opened.push(handle)
    return handle
  }
  const close = async () => {
    await Promise.all(opened.map(handle => handle.close()))
  }
  try {
    const [start, root] = [await place('cwd'), await place('root')]
    const directory = shownName(await readlink(`/proc/${pid}/cwd`, { encoding: 'buffer' }))
    if ((await start.stat()).nlink === 0)
      throw new ToolError('not_found', `the shell stands in a directory that was removed: ${directory}`, {
        remedy: 'cd elsewhere',
      })
    return { start, root, directory, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw explained(linux, pid, error)
  }
}

/** The leader of the process group that has the terminal. `tpgid` of proc_pid_stat(5). */
function foregroundOf(linux: Linux, pid: number): number | undefined {
  try {
    const { tpgid } = readPidStat(linux, pid)
    return tpgid > 0 ? tpgid : undefined
  } catch {
    return undefined
  }
}

function explained(linux: Linux, pid: number, error: unknown): unknown {
  const errno = errnoOf(error)
  if (errno === 'ENOENT' || errno === 'ESRCH')
    return new ToolError('unavailable', `process ${pid} has ended`, { remedy: 'open a new terminal', cause: error })
  if (errno !== 'EACCES' && errno !== 'EPERM') return error
  const { reason, remedy } = explainPtraceDenial(linux, pid)
  return new ToolError('not_permitted', `where the shell stands can't be seen: ${reason}`, { remedy, cause: error })
}
