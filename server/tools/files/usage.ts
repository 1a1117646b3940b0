import type { FileStatus, Moment } from '../../linux/root/status.ts'
import { type ByteText, textFields } from './byte-text.ts'
import { compareMoments } from './expression/compare.ts'
import { globMatcher } from './expression/glob.ts'
import { type Found, timeOf } from './found.ts'
import type { FilesEvent, Looking } from './run.ts'
import type { FilesInput, UsageEvent } from './schema.ts'
import type { Tally } from './tally.ts'
import { needsNothing, type Visitor, Walk } from './walk.ts'

/** How much each folder holds, deepest first: du(1). */
export async function* tellUsage(looking: Looking): AsyncGenerator<FilesEvent[]> {
  const { input, root, naming, troubles, tally } = looking
  const visitor = new Usage(input, tally, looking.paths.length > 1 || input.followLinks === 'always')
  const walk = new Walk<UsageEvent>(
    { root, naming, troubles },
    {
      depth: Number.POSITIVE_INFINITY,
      follow: input.followLinks ?? 'never',
      oneFileSystem: input.oneFileSystem,
      postOrder: false,
      followsStrictly: true,
      needs: { ...needsNothing, status: true, everyStatus: true },
    },
    visitor,
  )
  yield* walk.over(looking.paths, looking.slice)
  looking.folders = walk.folders
}

const times = ['modified', 'accessed', 'changed'] as const

/** What a thing and all below it hold. */
class Sum {
  sizeBytes = 0
  blocks = 0
  inodes = 0
  readonly latest: Partial<Record<(typeof times)[number], Moment>> = {}

  constructor(status?: FileStatus) {
    if (!status) return
    this.sizeBytes = Math.max(0, status.size)
    this.blocks = status.blocks
    this.inodes = 1
    for (const which of times) this.latest[which] = status[which]
  }

  add(other: Sum): void {
    this.sizeBytes += other.sizeBytes
    this.blocks += other.blocks
    this.inodes += other.inodes
    for (const which of times) {
      const [mine, its] = [this.latest[which], other.latest[which]]
      if (its && (!mine || compareMoments(its, mine) > 0)) this.latest[which] = its
    }
  }
}

class Usage implements Visitor<UsageEvent> {
  readonly #input: FilesInput
  readonly #tally: Tally
  /** Folders may be come to twice, too. */
  readonly #seesFoldersTwice: boolean
  readonly #isExcluded: (path: ByteText) => boolean
  readonly #seen = new Map<number, Set<bigint>>()
  /** Of each folder that the walk is in: itself with its files, and what is below it. */
  #levels: { status: FileStatus; own: Sum; below: Sum }[] = []
  #device = -1

  constructor(input: FilesInput, tally: Tally, seesFoldersTwice: boolean) {
    this.#input = input
    this.#tally = tally
    this.#seesFoldersTwice = seesFoldersTwice
    this.#isExcluded = excluder(input.exclude)
  }

  visit(found: Found, walk: Walk<UsageEvent>): boolean {
    const status = walk.statusOf(found)
    if (!status || found.problem || this.#isExcluded(found.pathBytes)) return false
    if (found.depth === 0) this.#device = status.deviceNumber
    if (this.#input.oneFileSystem && status.deviceNumber !== this.#device) return false
    if (!this.#isNew(status)) return false
    this.#tally.add(found)
    const sum = new Sum(status)
    if (found.isFolder) {
      this.#levels.push({ status, own: sum, below: new Sum() })
      return true
    }
    this.#levels.at(-1)?.own.add(sum)
    if (found.depth === 0 || this.#input.files) this.#tell(found, sum, walk)
    return false
  }

  leave(found: Found, walk: Walk<UsageEvent>): void {
    const level = this.#levels.pop()
    if (!level) return
    const all = new Sum()
    all.add(level.own)
    all.add(level.below)
    this.#levels.at(-1)?.below.add(all)
    this.#tell(found, this.#input.separate ? level.own : all, walk)
  }

  #isNew(status: FileStatus): boolean {
    const isFolder = status.type === 'directory'
    if (this.#input.everyLink)
      return !(isFolder && this.#seesFoldersTwice && this.#levels.some(level => level.status.isSame(status)))
    if (!this.#seesFoldersTwice && (isFolder || status.links <= 1)) return true
    const inodes = this.#seen.get(status.deviceNumber) ?? new Set()
    this.#seen.set(status.deviceNumber, inodes)
    const before = inodes.size
    return inodes.add(status.inode).size > before
  }

  #isWanted({ sizeBytes, blocks, inodes }: Sum): boolean {
    const { measure, threshold = 0 } = this.#input
    const value = measured({ sizeBytes, allocatedBytes: blocks * 512, inodes }, measure)
    return threshold < 0 ? value <= -threshold : value >= threshold
  }

  #tell({ pathBytes, depth, fileType }: Found, sum: Sum, walk: Walk<UsageEvent>): void {
    if (depth > (this.#input.depth ?? Number.POSITIVE_INFINITY) || !this.#isWanted(sum)) return
    walk.events.push({
      type: 'usage',
      ...textFields('path', pathBytes),
      depth,
      fileType,
      sizeBytes: sum.sizeBytes,
      allocatedBytes: sum.blocks * 512,
      inodes: sum.inodes,
      modifiedTime: timeOf(sum.latest.modified),
      accessedTime: timeOf(sum.latest.accessed),
      changedTime: timeOf(sum.latest.changed),
    })
  }
}

/** What there is of what is measured, in bytes or inodes. */
export const measured = (
  { sizeBytes, allocatedBytes, inodes }: Pick<UsageEvent, 'sizeBytes' | 'allocatedBytes' | 'inodes'>,
  measure: FilesInput['measure'],
): number => ({ allocated: allocatedBytes, size: sizeBytes, inodes })[measure]

/** A pattern is for the whole path, or for what stands behind any `/` of it. */
function excluder(patterns: readonly string[]): (path: ByteText) => boolean {
  if (patterns.length === 0) return () => false
  const matchers = patterns.map(pattern => globMatcher(pattern))
  return path => {
    const parts = [path, ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(index + 1))]
    return parts.some(part => matchers.some(matches => matches(part)))
  }
}
