import { type Gap, malformed } from '../../linux/cgroup/cgroup-files.ts'
import { type CgroupPlaces, placeOf } from '../../linux/cgroup/find-cgroup.ts'
import type { Denial } from '../../linux/ptrace-access.ts'
import type { Note, Part } from './schema.ts'

/** What wasn't told, each once however often it is looked for. */
export class Notes {
  readonly #notes = new Map<string, Note>()

  add(note: Note): void {
    this.#notes.set(`${note.what}\n${note.why}`, note)
  }

  /** What is denied for the same reason stands in one note. */
  denied(what: string, { reason, remedy }: Denial): void {
    const known = this.#notes.get(reason)
    if (!known) this.#notes.set(reason, { what, why: reason, remedy })
    else if (!known.what.split(', ').includes(what)) known.what += `, ${what}`
  }

  /** Files with the same reason stand in one note. */
  gaps(what: string, gaps: readonly Gap[]): void {
    for (const why of new Set(gaps.map(gap => gap.why))) {
      const paths = gaps.filter(gap => gap.why === why).map(({ path }) => path)
      const directory = paths[0]!.slice(0, paths[0]!.lastIndexOf('/'))
      const names = [...new Set(paths.map(path => path.slice(path.lastIndexOf('/') + 1)))]
      this.add({ what: `${what}: ${names.join(', ')}`, ...explain(why, directory) })
    }
  }

  get all(): Note[] {
    return [...this.#notes.values()]
  }
}

function explain(why: string, directory: string): Omit<Note, 'what'> {
  switch (why) {
    case 'ENOENT':
      return {
        why: `not in ${directory}`,
        remedy: 'a newer kernel, or the controller enabled for this cgroup, which must not be the root one',
      }
    case 'EACCES':
    case 'EPERM':
      return {
        why: `may not be read in ${directory}`,
        remedy: 'run ditty as UID 0, or as the user that owns the cgroup',
      }
    case 'ENODEV':
      return { why: `the cgroup ${directory} was removed`, remedy: 'look again' }
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
      return { why: 'the kernel has it turned off', remedy: 'boot the node with psi=1' }
    case malformed:
      return {
        why: `unreadable content in ${directory}`,
        remedy: 'look at the file itself, and tell the makers of ditty',
      }
    default:
      return { why: `${why} in ${directory}`, remedy: 'look again' }
  }
}

/**
 * A limit of the pod, or of the node's slices, counts as well, but the cgroups above are out of sight in most containers.
 * Of v1's memory the kernel tells the tightest in memory.stat.
 */
export function noteHiddenLimits(notes: Notes, places: CgroupPlaces, parts: readonly Part[]): void {
  const hidden = parts.filter(part => {
    const place = placeOf(places, part)
    if (!place?.directory || place.reachesRoot) return false
    return part === 'cpu' || part === 'pids' || (part === 'memory' && place.version === 2)
  })
  if (hidden.length === 0) return
  notes.add({
    what: `${hidden.join(', ')}: tighter limits further up`,
    why: 'the cgroups above this one (the pod, the node) are out of sight',
    remedy: 'kubectl get pod -o yaml shows the limits of the pod',
  })
}
