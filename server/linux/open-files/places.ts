import { errnoOf, type Linux } from '../linux.ts'
import { type Mount, readPidMountinfo } from '../procfs/pid-mountinfo.ts'

/** Where a process sees its files: processes of one mount namespace and one root share a place. */
export interface Place {
  /** Tells places apart. */
  key: string
  /** The process's root as /proc shows it to us: `/`, or the directory of a chroot. */
  root: string
  mounts: readonly Mount[]
}

/** The places of processes and the mounts seen in them, for one run. Each method throws the kernel's error for a process that is gone or hidden. */
export class Places {
  readonly #linux: Linux
  readonly #places = new Map<string, Place>()
  readonly #mounts = new Map<number, Mount>()

  constructor(linux: Linux) {
    this.#linux = linux
  }

  /** That of a process, its root in the words of /proc as well. */
  of(pid: number | 'self'): Place {
    const root = this.#linux.readlink(`/proc/${pid}/root`)
    const key = `${this.#linux.readlink(`/proc/${pid}/ns/mnt`)} ${root}`
    return this.#places.get(key) ?? this.#learn(pid, key, root)
  }

  /** A mount by its id, which is unique over all namespaces; undefined where no process seen so far has it. */
  mount(id: number): Mount | undefined {
    return this.#mounts.get(id)
  }

  #learn(pid: number | 'self', key: string, root: string): Place {
    const place = { key, root, mounts: readPidMountinfo(this.#linux, pid) }
    for (const mount of place.mounts) this.#mounts.set(mount.id, mount)
    this.#places.set(key, place)
    return place
  }
}

/** A path as the process itself would say it; undefined where it lies outside of the process's root. */
export function withinRoot({ root }: Place, path: string): string | undefined {
  if (root === '/') return path
  if (path === root) return '/'
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined
}

/**
 * The mounts at or above a path, in the order they were made, those that are covered by later ones too: whichever of them a file was
 * opened through is among them. None where that can't be told.
 */
export function mountsOver(mounts: readonly Mount[], path: string): Mount[] {
  const over = mounts.filter(({ mountPoint }) => contains(mountPoint, path))
  return over.some(({ mountPoint }) => mountPoint === '/') ? over : []
}

export const contains = (directory: string, path: string): boolean =>
  directory === '/' || path === directory || (path.startsWith(directory) && path[directory.length] === '/')

/** The value, or undefined where the kernel refuses it or has none. */
export function orUnknown<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
