import { errnoOf, type Linux } from '../linux.ts'
import type { Mount } from '../procfs/pid-mountinfo.ts'
import { mayHang } from '../scout/may-hang.ts'
import { contains } from './places.ts'

/** Where a path leads, as far as it could be followed. */
export interface Followed {
  /** Without links, `.` and `..`, in the words of the root it starts from. */
  path: string
  /** The mount that was come to and not entered, since it may never answer: what is left of the path is unfollowed. */
  stoppedAt?: Mount
}

/** path_resolution(7) */
const maxLinks = 40

/**
 * Follows links by name, and looks at nothing that lies on a mount which may hang. `root` is put before each path for the kernel:
 * empty, or `/proc/PID/root`. Throws Node's error: ENOENT for a missing directory on the way, ELOOP.
 */
export function followPath(linux: Linux, mounts: readonly Mount[], start: string, root = ''): Followed {
  const todo = start.split('/').reverse()
  let path = ''
  for (let links = 0; todo.length > 0; ) {
    const name = todo.pop()!
    if (name === '..') path = path.slice(0, path.lastIndexOf('/'))
    if (name === '' || name === '.' || name === '..') continue
    const next = `${path}/${name}`
    const mount = mounts.find(({ mountPoint, fsType }) => mayHang(fsType) && contains(mountPoint, next))
    if (mount) return { path: [next, ...todo.reverse()].join('/'), stoppedAt: mount }
    const link = readLink(linux, root + next)
    if (link === undefined) path = next
    else {
      if (++links > maxLinks) throw Object.assign(new Error(`ELOOP: too many links in ${start}`), { code: 'ELOOP' })
      todo.push(...link.split('/').reverse())
      if (link.startsWith('/')) path = ''
    }
  }
  return { path: path || '/' }
}

/** Undefined for what is no link, or isn't there. */
function readLink(linux: Linux, path: string): string | undefined {
  try {
    return linux.readlink(path)
  } catch (error) {
    if (errnoOf(error) === 'EINVAL' || errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
