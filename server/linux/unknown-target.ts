import { ToolError } from '../core/errors.ts'
import { hasEnded } from './container-groups.ts'
import { errnoOf, type Linux } from './linux.ts'
import { isKernelThread, readPidStat } from './procfs/pid-stat.ts'
import { readPidStatusLines } from './procfs/pid-status.ts'

/** Why a word means no container. `known`: the containers that there are, in words. */
export function unknownTarget(linux: Linux, word: string, known: string): ToolError {
  const found = /^\d{1,10}$/.test(word) ? processWithoutRoot(linux, Number(word), known) : undefined
  return (
    found ??
    new ToolError('not_found', `target: there is no process, container name or id '${word}' here`, {
      remedy: `there are ${known}`,
    })
  )
}

/** Undefined when there is none with this pid. */
function processWithoutRoot(linux: Linux, pid: number, known: string): ToolError | undefined {
  const remedy = `name one of ${known}`
  try {
    const stat = readPidStat(linux, pid)
    if (isKernelThread(stat))
      return new ToolError('not_found', `target: process ${pid} is a thread of the kernel, in no container`, { remedy })
    if (hasEnded(stat))
      return new ToolError('not_found', `target: process ${pid} has ended, and waits for its parent to reap it`, {
        remedy: `name its parent ${stat.ppid}, or one of ${known}`,
      })
    const owner = Number(readPidStatusLines(linux, pid).get('Tgid'))
    if (owner === pid || !(owner > 0)) return undefined
    return new ToolError('not_found', `target: ${pid} is a thread of process ${owner}`, { remedy: `name ${owner}` })
  } catch (error) {
    return hidden(error, pid)
  }
}

function hidden(error: unknown, pid: number): ToolError | undefined {
  const errno = errnoOf(error)
  if (errno === undefined) throw error
  if (errno !== 'EACCES' && errno !== 'EPERM') return undefined
  return new ToolError('not_permitted', `target: process ${pid} is there, but /proc hides it`, {
    remedy: "run as UID 0, or with a group that /proc's gid= option names",
  })
}
