import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { ListedProcess, Note } from './schema.ts'

interface Seen {
  processes: readonly Pick<ListedProcess, 'container'>[]
  /** Pids that /proc lists and does not show. */
  hidden: readonly number[]
}

/** What a listing can't show, and why: an empty place is never left to be taken for "there is none". */
export function notesOn({ processes, hidden }: Seen, linux: Linux): Note[] {
  return [ownContainerOnly(processes), hiddenByProc(hidden, linux)].filter(note => note !== undefined)
}

function ownContainerOnly(processes: Seen['processes']): Note | undefined {
  if (processes.length === 0 || processes.some(({ container }) => container.kind !== 'self')) return undefined
  return {
    what: 'processes of other containers are not visible',
    why: "this container has a pid namespace of its own, and /proc shows no other's",
    remedy: 'kubectl debug --target=CONTAINER, or shareProcessNamespace: true in the pod, shows them',
  }
}

function hiddenByProc(hidden: readonly number[], linux: Linux): Note | undefined {
  const option = hidepidOf(linux)
  if (hidden.length === 0 && option !== '2' && option !== 'invisible') return undefined
  return {
    what: hidden.length > 0 ? `${hidden.length} processes of other users` : 'processes of other users are not visible',
    why: `/proc is mounted with hidepid=${option ?? '1'}`,
    remedy: "run as UID 0, or with a group that /proc's gid= option names",
  }
}

/** `proc /proc proc rw,nosuid,nodev,noexec,relatime,hidepid=invisible 0 0` */
function hidepidOf(linux: Linux): string | undefined {
  try {
    return /^\S+ \/proc proc \S*hidepid=([a-z0-9]+)/m.exec(linux.peek('/proc/mounts').toString('latin1'))?.[1]
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
