import { errnoOf, type Linux } from '../linux.ts'
import { readNamespace } from '../namespaces/ns.ts'
import { type CgroupLine, readPidCgroup } from '../procfs/pid-cgroup.ts'
import { type Mount, readPidMountinfo } from '../procfs/pid-mountinfo.ts'
import { type Denial, explainPtraceDenial } from '../ptrace-access.ts'

/** Where a process stands in one hierarchy: a v1 controller's, or the unified one of v2. */
export interface CgroupPlace {
  version: 1 | 2
  /** v1 controllers; of the unified hierarchy those are meant that no v1 hierarchy has. */
  controllers: string[]
  /** As seen from our cgroup namespace. */
  path: string
  /** Its files, as we reach them; null: see `denial`. */
  directory: string | null
  denial: Denial | null
  /** Directories above it that can be reached, the nearest first. */
  above: CgroupLevel[]
  /** Whether `above` goes up to the root of the hierarchy; below a private namespace or a bind mount it doesn't. */
  reachesRoot: boolean
}

export interface CgroupLevel {
  path: string
  directory: string
}

/** hybrid: v1 controllers, with a unified hierarchy beside them that can be reached. */
export type CgroupLayout = 'v1' | 'v2' | 'hybrid' | 'none'

export interface CgroupPlaces {
  layout: CgroupLayout
  places: CgroupPlace[]
}

/** The cgroup namespace that boots with the kernel: PROC_CGROUP_INIT_INO, include/linux/proc_ns.h. */
const initialCgroupNamespace = 0xeffffffb

/**
 * Finds the directories of a process's cgroups. Paths of /proc/PID/cgroup and roots of cgroup mounts are both told relative to
 * our own cgroup namespace, so one is found below the other even if both lie outside of it (`/../cri-containerd-….scope`). First
 * in our own mounts, then, as each container has its own cgroup mounted and no other, in the process's, through its root.
 * Throws the kernel's error for a process that has vanished.
 */
export function findCgroup(linux: Linux, pid: number | 'self'): CgroupPlaces {
  const lines = readPidCgroup(linux, pid).filter(isRelevant)
  const views = [viewOf(linux, 'self'), ...(pid === 'self' ? [] : [viewOf(linux, pid)])]
  const isInitial = orUndefined(() => readNamespace(linux, 'self', 'cgroup')) === initialCgroupNamespace
  const places = lines.map(line => findPlace(linux, pid, line, views, isInitial))
  return { layout: layoutOf(places), places }
}

/** The hierarchy that has a controller: a v1 one, else the unified one. */
export const placeOf = ({ places }: CgroupPlaces, controller: string): CgroupPlace | undefined =>
  places.find(({ controllers }) => controllers.includes(controller)) ?? places.find(({ version }) => version === 2)

/** A named hierarchy (`name=systemd`) has no controller, and so no limits. */
const isRelevant = ({ hierarchy, controllers }: CgroupLine) =>
  hierarchy === 0 || controllers.some(controller => !controller.startsWith('name='))

function layoutOf(places: readonly CgroupPlace[]): CgroupLayout {
  if (places.length === 0) return 'none'
  if (places.every(({ version }) => version === 2)) return 'v2'
  return places.some(({ version, directory }) => version === 2 && directory !== null) ? 'hybrid' : 'v1'
}

/** The cgroup filesystems of one mount namespace. */
interface View {
  /** Comes before each mount point: `/proc/7/root`. */
  prefix: string
  mounts: Mount[]
  /** Errno, where mountinfo can't be read. */
  failed: string | undefined
}

function viewOf(linux: Linux, pid: number | 'self'): View {
  const prefix = pid === 'self' ? '' : `/proc/${pid}/root`
  try {
    const all = readPidMountinfo(linux, pid)
    const isCgroup = ({ fsType }: Mount) => fsType === 'cgroup' || fsType === 'cgroup2'
    return {
      prefix,
      mounts: all.filter((mount, at) => isCgroup(mount) && !isCovered(mount, all, at)),
      failed: undefined,
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return { prefix, mounts: [], failed: errnoOf(error) }
  }
}

/** A later mount on the same place, or above it, hides it; behind that one might be a filesystem that never answers. */
const isCovered = ({ mountPoint }: Mount, all: readonly Mount[], at: number) =>
  all.slice(at + 1).some(later => mountPoint === later.mountPoint || mountPoint.startsWith(`${later.mountPoint}/`))

function findPlace(
  linux: Linux,
  pid: number | 'self',
  { hierarchy, controllers, path }: CgroupLine,
  views: readonly View[],
  isInitial: boolean,
): CgroupPlace {
  const version = hierarchy === 0 ? 2 : 1
  const place: CgroupPlace = {
    version,
    controllers,
    path,
    directory: null,
    denial: null,
    above: [],
    reachesRoot: false,
  }
  let denial: Denial | undefined
  for (const view of views) {
    const found = view.mounts.filter(mount => hasHierarchy(mount, controllers)).map(mount => locate(view, mount, path))
    for (const at of found.filter(at => at !== undefined)) {
      const errno = refusalOf(linux, at.directory)
      if (errno === undefined) return { ...place, ...at, reachesRoot: isInitial && at.mountRoot === '/', denial: null }
      denial ??= denialOf(linux, pid, view, at.directory, errno)
    }
  }
  return { ...place, denial: denial ?? notMounted(version, controllers, views) }
}

function hasHierarchy({ fsType, superOptions }: Mount, controllers: readonly string[]): boolean {
  if (controllers.length === 0) return fsType === 'cgroup2'
  return fsType === 'cgroup' && controllers.some(controller => superOptions.split(',').includes(controller))
}

interface Located {
  directory: string
  above: CgroupLevel[]
  mountRoot: string
}

function locate({ prefix }: View, { root, mountPoint }: Mount, path: string): Located | undefined {
  const rest = pathBelow(root, path)
  if (rest === undefined) return undefined
  const base = prefix + (mountPoint === '/' ? '' : mountPoint)
  const names = rest === '' ? [] : rest.split('/')
  const levels = names.map((_, depth) => ({
    path: joined(root, names.slice(0, depth)),
    directory: joined(base, names.slice(0, depth)),
  }))
  return { directory: joined(base, names), above: levels.reverse(), mountRoot: root }
}

const joined = (base: string, names: readonly string[]) =>
  names.length === 0 ? base : `${base === '/' ? '' : base}/${names.join('/')}`

/** `b/c` for `/a` and `/a/b/c`; undefined where the path doesn't lie below. */
export function pathBelow(root: string, path: string): string | undefined {
  const start = root === '/' ? '/' : `${root}/`
  const rest = path === root ? '' : path.startsWith(start) ? path.slice(start.length) : undefined
  return rest === '..' || rest?.startsWith('../') ? undefined : rest
}

/** Why a directory can't be looked into; undefined when it can. */
function refusalOf(linux: Linux, directory: string): string | undefined {
  try {
    linux.list(directory)
    return undefined
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    return errno
  }
}

function denialOf(linux: Linux, pid: number | 'self', view: View, directory: string, errno: string): Denial {
  const isDenied = errno === 'EACCES' || errno === 'EPERM'
  if (isDenied && pid !== 'self' && view.prefix !== '') return explainPtraceDenial(linux, pid)
  if (isDenied) return { reason: `${directory} may not be read (${errno})`, remedy: 'run ditty as UID 0' }
  return { reason: `${directory} is not there (${errno})`, remedy: 'look again: the cgroup may have been removed' }
}

function notMounted(version: 1 | 2, controllers: readonly string[], views: readonly View[]): Denial {
  const what = version === 2 ? 'the unified hierarchy' : controllers.join(',')
  const failed = views.find(({ failed }) => failed !== undefined)
  if (failed) return { reason: `its mounts can't be read (${failed.failed})`, remedy: 'run ditty as UID 0' }
  return {
    reason: `no cgroup filesystem that is mounted here or in the container shows its cgroup of ${what}`,
    remedy: 'mount /sys/fs/cgroup of the node into ditty, or run both containers with a cgroup mount, as runtimes do',
  }
}

/** The value, or undefined where the kernel has none to show. */
function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
