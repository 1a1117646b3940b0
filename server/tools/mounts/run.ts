import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { findPlace, isBlockDevice, type Looker, lookThrough, type Place } from '../../linux/mounts/find-place.ts'
import { MountTree } from '../../linux/mounts/mount-tree.ts'
import { mountinfoOf } from '../../linux/mounts/mountinfo-of.ts'
import { mountHints } from '../../linux/namespaces/mount-hints.ts'
import { type MountEntry, parseMountEntries } from '../../linux/procfs/pid-mountinfo.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'
import { mayHang } from '../../linux/scout/may-hang.ts'
import { containerLabel, findTarget } from '../../linux/target.ts'
import type { ToolContext } from '../context.ts'
import { choose } from './choose.ts'
import { eventOf, type Seen, unseen } from './describe.ts'
import { Findings, isDead } from './findings.ts'
import type { MountsEvent, MountsInput, MountsSummary } from './schema.ts'
import { spaceOf } from './space.ts'

/** Every mount of the target, in the kernel's order, with what is wrong behind it. */
export async function* runMounts(input: MountsInput, context: ToolContext): AsyncGenerator<MountsEvent> {
  const { linux, signal } = context
  const target = await targetOf(input, context)
  const tree = new MountTree(entriesOf(linux, target.pid))
  const prefix = target.isOwn ? '' : `/proc/${target.pid}/root`
  const looker: Looker = { lookAt: linux.lookAt ?? cannotLook, signal, deadlineMs: input.timeoutSeconds * 1000, prefix }
  const notes = input.space || input.paths ? notesOn(linux, target) : []
  if (input.paths && notes[0])
    throw new ToolError('not_permitted', `paths: ${notes[0].why}`, { remedy: notes[0].remedy })
  const found = input.paths
    ? await holders(input.paths, path => absolute(path, linux, target), tree, looker)
    : undefined
  if (found) yield* found.events
  const chosen = choose(tree, input, found?.ids)
  const unlooked = input.space && linux.lookAt ? (notes.length > 0 ? 'EACCES' : null) : 'not looked at'
  const above = tree.nearestAbove(chosen)
  const isInPod = mountHints(tree.entries).podUid !== null
  const findings = new Findings()
  let notSeen = 0
  for await (const [entry, seen] of looks(chosen, tree, looker, unlooked, context)) {
    const mount = eventOf(entry, { listedBelow: above(entry)?.id ?? null, prefix, isInPod }, seen)
    yield mount
    if (input.space && !seen.space && seen.hungMs === null && seen.coveredBy === null && !isDead(mount)) notSeen++
    yield* findings.of(mount)
  }
  const summary: MountsSummary = {
    type: 'summary',
    pid: target.pid,
    container: target.label,
    mounts: chosen.length,
    ...findings.counts,
    notSeen,
    missingPaths: found?.missing ?? [],
    notes,
  }
  yield summary
}

const cannotLook = () => {
  throw new ToolError('unsupported', 'this is not the tree of the running kernel')
}

interface Target {
  pid: number
  label: string | null
  isOwn: boolean
}

async function targetOf({ target }: MountsInput, context: ToolContext): Promise<Target> {
  if (target !== undefined) {
    const { pid, container } = await findTarget(context, target)
    return { pid, label: containerLabel(container), isOwn: false }
  }
  return { pid: Number(context.linux.readlink('/proc/self')), label: null, isOwn: true }
}

function entriesOf(linux: Linux, pid: number): MountEntry[] {
  try {
    return parseMountEntries(mountinfoOf(linux, pid))
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    if (errno === 'ENOENT' || errno === 'ESRCH' || errno === 'EINVAL')
      throw new ToolError('not_found', `process ${pid} has ended`, { cause: error })
    const { reason, remedy } = explainPtraceDenial(linux, pid)
    throw new ToolError('not_permitted', `/proc/${pid}/mountinfo: ${reason}`, { remedy, cause: error })
  }
}

/** The list of mounts is for everyone; the root that they hang below is not. */
function notesOn(linux: Linux, { pid, isOwn }: Target): MountsSummary['notes'] {
  if (isOwn) return []
  try {
    linux.readlink(`/proc/${pid}/root`)
    return []
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    const { reason, remedy } = explainPtraceDenial(linux, pid)
    return [{ what: 'space and inodes', why: reason, remedy }]
  }
}

/** Where we stand, for our own mounts; what another's path is relative to nobody can mean. */
function absolute(path: string, linux: Linux, { isOwn }: Target): string {
  if (path.startsWith('/')) return path
  if (isOwn) return `${linux.readlink('/proc/self/cwd')}/${path}`
  throw new ToolError('invalid_input', `paths: '${path}' is not absolute`, {
    remedy: 'with --target name it from / on',
  })
}

async function holders(paths: readonly string[], absolute: (path: string) => string, tree: MountTree, looker: Looker) {
  const events: MountsEvent[] = []
  const ids = new Set<number>()
  const missing: string[] = []
  for (const path of paths) {
    const place = await findPlace(tree, looker, Buffer.from(absolute(path)).toString('latin1'))
    const { sight, mounts } = place
    const isMissing = sight.outcome === 'failed'
    const holder = isMissing ? undefined : (mountOfDevice(tree, place) ?? mounts.at(-1))
    if (isMissing) missing.push(path)
    if (holder) ids.add(holder.id)
    const why = sight.outcome === 'seen' ? null : sight.outcome === 'hung' ? 'hung' : sight.errno
    events.push({ type: 'path', path, mountId: holder?.id ?? null, why })
  }
  return { events, ids, missing }
}

/** A block device stands for what is mounted from it, the nearest to the root, as df has it. */
function mountOfDevice(tree: MountTree, { path, sight }: Place): MountEntry | undefined {
  if (sight.outcome !== 'seen' || !isBlockDevice(sight.view)) return undefined
  const from = tree.entries.filter(entry => entry.source === path && tree.through(entry.mountPoint).at(-1) === entry)
  return from.sort((one, other) => one.mountPoint.length - other.mountPoint.length)[0]
}

/** Looks at all, unless `unlooked` tells why not; those that may hang at the same time, so that many dead ones cost little more time than one. */
async function* looks(
  entries: readonly MountEntry[],
  tree: MountTree,
  looker: Looker,
  unlooked: string | null,
  context: ToolContext,
): AsyncGenerator<[MountEntry, Seen]> {
  const slice = new TimeSlice(context)
  const ways: MountEntry[][] = []
  for (const { mountPoint } of entries) {
    ways.push(tree.through(mountPoint))
    if (slice.due) await slice.turn()
  }
  const sent = unlooked === null ? sendToDoubtful(entries, ways, looker) : new Map<number, Promise<Seen>>()
  for (const [at, entry] of entries.entries()) {
    yield [entry, await (sent.get(entry.id) ?? look(entry, ways[at]!, looker, unlooked))]
    if (slice.due) await slice.turn()
  }
}

function sendToDoubtful(
  entries: readonly MountEntry[],
  ways: readonly MountEntry[][],
  looker: Looker,
): Map<number, Promise<Seen>> {
  const sent = new Map<number, Promise<Seen>>()
  for (const [at, entry] of entries.entries()) {
    const mounts = ways[at]!
    if (mounts.at(-1) !== entry || !mounts.some(({ fsType }) => mayHang(fsType))) continue
    const outer = mounts.slice(0, -1).map(({ id }) => sent.get(id))
    // One that stands on another waits for that to be looked at: what hangs is the outer one.
    const seen = Promise.all(outer).then(() => look(entry, mounts, looker, null))
    seen.catch(() => undefined)
    sent.set(entry.id, seen)
  }
  return sent
}

async function look(entry: MountEntry, mounts: MountEntry[], looker: Looker, unlooked: string | null): Promise<Seen> {
  const top = mounts.at(-1)
  if (top !== entry) return unseen('covered', { coveredBy: top?.id ?? null })
  if (unlooked !== null) return unseen(unlooked)
  try {
    const sight = await lookThrough(looker, mounts, 'statfs', entry.mountPoint)
    if (sight.outcome === 'hung') return unseen('hung', { hungMs: sight.afterMs })
    if (sight.outcome === 'failed') return unseen(sight.errno)
    return { space: spaceOf(sight.view), why: null, hungMs: null, coveredBy: null }
  } catch (error) {
    const { code, message } = ToolError.from(error)
    if (code !== 'unavailable') throw error
    return unseen(message)
  }
}
