import { errnoOf, type Linux } from '../linux.ts'
import type { MountEntry } from '../procfs/pid-mountinfo.ts'
import { type FileStatus, type Look, type LookKind, lookNow, type Views } from '../scout/look.ts'
import { mayHang } from '../scout/may-hang.ts'
import type { Sight } from '../scout/scouts.ts'
import type { MountTree } from './mount-tree.ts'

export interface Looker {
  lookAt: NonNullable<Linux['lookAt']>
  signal: AbortSignal
  deadlineMs: number
  /** What stands before a path of the tree: `/proc/7/root`, or nothing. */
  prefix: string
}

/** Paths are Latin-1, each character one byte. */
export const bytesOf = (path: string): string | Buffer =>
  /[\x80-\xff]/.test(path) ? Buffer.from(path, 'latin1') : path

/**
 * Looks at what a path leads to, `mounts` being those on its way: in this thread, unless one of them may hang, or none is known. Only where the tree
 * is the running kernel's own.
 */
export async function lookThrough<Kind extends LookKind>(
  looker: Looker,
  mounts: readonly MountEntry[],
  kind: Kind,
  path: string,
): Promise<Sight<Kind>> {
  const { lookAt, prefix, deadlineMs, signal } = looker
  const look: Look<Kind> = { kind, path: bytesOf(prefix + path) }
  const doubtful = mounts.filter(({ fsType }) => mayHang(fsType)).map(({ device }) => device)
  const device = mounts.length === 0 ? 'unknown' : doubtful.pop()
  if (device === undefined) return sightOf(look)
  return lookAt(look, { device, through: doubtful, deadlineMs, signal })
}

function sightOf<Kind extends LookKind>(look: Look<Kind>): Sight<Kind> {
  try {
    return { outcome: 'seen', view: lookNow(look) as Views[Kind] }
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    return { outcome: 'failed', errno, message: (error as Error).message }
  }
}

/** Where a path leads, its links followed, and what stands there. */
export interface Place {
  /** Absolute, without links: Latin-1. */
  path: string
  /** The mounts on its way, the last of them the one that holds it. */
  mounts: MountEntry[]
  /** `hung` and `failed` tell how far it went. */
  sight: Sight<'lstat'>
}

/** As the kernel has it: more links than these are a loop. path_resolution(7). */
const maxLinks = 40
const S_IFMT = 0o170000n
const S_IFLNK = 0o120000n
const S_IFBLK = 0o60000n
const isLink = ({ mode }: FileStatus) => (mode & S_IFMT) === S_IFLNK

export const isBlockDevice = ({ mode }: FileStatus) => (mode & S_IFMT) === S_IFBLK

/** Follows an absolute path (Latin-1) in a tree of mounts, step by step, and never waits longer than for one look. */
export async function findPlace(tree: MountTree, looker: Looker, path: string): Promise<Place> {
  const todo = path.split('/').reverse()
  let at = '/'
  let links = 0
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      at = at.slice(0, Math.max(1, at.lastIndexOf('/')))
      continue
    }
    const place = await look(tree, looker, at === '/' ? `/${name}` : `${at}/${name}`)
    const step = await stepTo(place, looker)
    if ('stop' in step) return { ...place, sight: step.stop }
    if ('here' in step) at = step.here
    else {
      if (++links > maxLinks) return { ...place, sight: loop }
      if (step.link.startsWith('/')) at = '/'
      todo.push(...step.link.split('/').reverse())
    }
  }
  return look(tree, looker, at)
}

const loop = { outcome: 'failed', errno: 'ELOOP', message: 'too many links' } as const

type Step = { here: string } | { link: string } | { stop: Sight<'lstat'> }

async function stepTo({ path, mounts, sight }: Place, looker: Looker): Promise<Step> {
  if (sight.outcome !== 'seen') return { stop: sight }
  if (!isLink(sight.view)) return { here: path }
  const link = await lookThrough(looker, mounts, 'readlink', path)
  return link.outcome === 'seen' ? { link: Buffer.from(link.view).toString('latin1') } : { stop: link }
}

async function look(tree: MountTree, looker: Looker, path: string): Promise<Place> {
  const mounts = tree.through(path)
  return { path, mounts, sight: await lookThrough(looker, mounts, 'lstat', path) }
}
