import type { MountEntry } from '../procfs/pid-mountinfo.ts'

/** Mounts as paths lead to them: a later one covers what stood at its mount point, and all below. */
export class MountTree {
  readonly entries: readonly MountEntry[]
  readonly #byId: Map<number, MountEntry>
  /** By path, and the mount that it is a path of: what stands there. At most one: the next one there stands on that. */
  readonly #on = new Map<string, Map<number, MountEntry>>()
  /** The upmost of a stack, by its lowest. */
  readonly #tops = new Map<MountEntry, MountEntry>()
  readonly #start: number

  constructor(entries: readonly MountEntry[]) {
    this.entries = entries
    this.#byId = new Map(entries.map(entry => [entry.id, entry]))
    const top = entries.filter(entry => entry.id === entry.parentId || !this.#byId.has(entry.parentId))
    this.#start = (top.find(({ mountPoint }) => mountPoint === '/') ?? top[0])?.parentId ?? 0
    for (const entry of entries) {
      if (entry.id === entry.parentId) continue
      const here = this.#on.get(entry.mountPoint)
      if (here) here.set(entry.parentId, entry)
      else this.#on.set(entry.mountPoint, new Map([[entry.parentId, entry]]))
    }
  }

  parentOf({ id, parentId }: MountEntry): MountEntry | undefined {
    return id === parentId ? undefined : this.#byId.get(parentId)
  }

  /** For each mount the nearest one above it that is among `some`, in one pass. */
  nearestAbove(some: readonly MountEntry[]): (entry: MountEntry) => MountEntry | undefined {
    const nearest = new Map<MountEntry, MountEntry | undefined>()
    const chosen = new Set(some)
    return entry => {
      const passed: MountEntry[] = []
      let current: MountEntry | undefined = entry
      let found: MountEntry | undefined
      while (current) {
        if (nearest.has(current)) {
          found = nearest.get(current)
          break
        }
        passed.push(current)
        current = this.parentOf(current)
        if (current && chosen.has(current)) {
          found = current
          break
        }
      }
      for (const one of passed) nearest.set(one, found)
      return found
    }
  }

  /**
   * The mounts that an absolute path without links leads through, the last of them the one that holds it. Of several that stand on
   * each other the upmost counts: the kernel doesn't look at those below. Empty where the path stays in a directory that is no mount
   * of its own, below the root of a chroot(2).
   */
  through(path: string): MountEntry[] {
    const passed: MountEntry[] = []
    let current = this.#byId.get(this.#start)
    const enter = (prefix: string) => {
      const here = this.#on.get(prefix)
      const next = here && this.#topOf(here, here.get(current?.id ?? this.#start))
      if (!next) return
      if (prefix === '/') passed.pop()
      passed.push(next)
      current = next
    }
    if (current) passed.push(current)
    enter('/')
    for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) enter(path.slice(0, slash))
    if (path !== '/') enter(path)
    return passed
  }

  #topOf(here: Map<number, MountEntry>, lowest: MountEntry | undefined): MountEntry | undefined {
    if (!lowest) return undefined
    const known = this.#tops.get(lowest)
    if (known) return known
    let top = lowest
    for (let next = here.get(top.id); next; next = here.get(top.id)) top = next
    if (top !== lowest) this.#tops.set(lowest, top)
    return top
  }
}
