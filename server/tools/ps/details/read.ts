import { TimeSlice } from '../../../core/time-slice.ts'
import { errnoOf, type Linux } from '../../../linux/linux.ts'
import { namespaceKinds, readNamespace } from '../../../linux/namespaces/ns.ts'
import { readPidCgroup } from '../../../linux/procfs/pid-cgroup.ts'
import { readPidCmdline } from '../../../linux/procfs/pid-cmdline.ts'
import { readPidEnviron } from '../../../linux/procfs/pid-environ.ts'
import { readPidLimits } from '../../../linux/procfs/pid-limits.ts'
import { type Mount, readPidMountinfo } from '../../../linux/procfs/pid-mountinfo.ts'
import { readPidStatusLines } from '../../../linux/procfs/pid-status.ts'
import type { ToolContext } from '../../context.ts'
import type { PsDetails } from '../schema.ts'
import { readMemory } from './memory.ts'
import { readOpenFiles } from './open-files.ts'
import { Parts } from './parts.ts'
import { statusParts } from './status-parts.ts'
import { readThreadsOf } from './threads.ts'
import { readWait } from './wait.ts'

/** One process in full. What is refused is null and stands in `denied` with its reason; throws when it has vanished. */
export async function readDetails(context: ToolContext, pid: number): Promise<PsDetails> {
  const { linux } = context
  const parts = new Parts(linux, pid)
  const slice = new TimeSlice(context)
  const link = (name: string) => () => linux.readlink(`/proc/${pid}/${name}`)
  const number = (name: string) => () => Number(linux.peek(`/proc/${pid}/${name}`).toString('latin1'))
  const status = parts.read('status', () => readPidStatusLines(linux, pid))
  return {
    type: 'details',
    pid,
    cmdline: parts.read('cmdline', () => readPidCmdline(linux, pid)),
    exe: parts.read('exe', link('exe')),
    cwd: parts.read('cwd', link('cwd')),
    root: parts.read('root', link('root')),
    environ: parts.read('environ', () => readPidEnviron(linux, pid)),
    limits: parts.read('limits', () => readPidLimits(linux, pid)),
    ...statusParts(status ?? new Map()),
    oomScore: parts.read('oomScore', number('oom_score')),
    oomScoreAdj: parts.read('oomScoreAdj', number('oom_score_adj')),
    namespaces: parts.read('namespaces', () => readNamespaces(linux, pid)),
    cgroup: parts.read('cgroup', () => readPidCgroup(linux, pid)),
    mounts: parts.read('mounts', () => mountsOf(readPidMountinfo(linux, pid))),
    memory: parts.read('memory', () => readMemory(linux, pid)),
    ...readWait(linux, pid, parts),
    threads: parts.read('threads', () => readThreadsOf(linux, pid)),
    openFiles: await readOpenFiles(linux, pid, parts, slice),
    denied: parts.denied,
  }
}

/** A kernel without time namespaces, or any other, just lacks the file. */
function readNamespaces(linux: Linux, pid: number): Record<string, number> {
  const found: Record<string, number> = {}
  for (const kind of namespaceKinds) {
    try {
      found[kind] = readNamespace(linux, pid, kind)
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error
    }
  }
  return found
}

/** Both a mount and its file system may be read-only. */
function mountsOf(mounts: readonly Mount[]): NonNullable<PsDetails['mounts']> {
  const root = mounts.findLast(({ mountPoint }) => mountPoint === '/')
  const isReadOnly = (options: string) => options.split(',').includes('ro')
  return {
    total: mounts.length,
    root: root ? { fsType: root.fsType, readOnly: isReadOnly(root.options) || isReadOnly(root.superOptions) } : null,
  }
}
