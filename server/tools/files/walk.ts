import type { TimeSlice } from '../../core/time-slice.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { Entry } from '../../linux/root/calls.ts'
import type { Folder } from '../../linux/root/folder.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import type { FileStatus } from '../../linux/root/status.ts'
import { type ByteText, bytesOf } from './byte-text.ts'
import { Found } from './found.ts'
import type { Naming } from './naming.ts'
import type { FilesInput, TroubleEvent } from './schema.ts'
import { loopError, type Troubles } from './troubles.ts'

export interface WalkOptions {
  /** Deepest level: 0 is what is named. */
  depth: number
  follow: NonNullable<FilesInput['followLinks']>
  oneFileSystem: boolean
  /** A folder after what is in it. */
  postOrder: boolean
  /**
   * As stat(1) and du(1) follow links: one that leads nowhere is told of, not taken for itself, and one that leads back to a folder
   * above is the visitor's to refuse.
   */
  followsStrictly?: boolean
  needs: Needs
}

/** What a visitor may ask of a thing. Where the kernel answers at once it is looked at only when it is asked for. */
export interface Needs {
  status: boolean
  /** That of each and every thing: then it comes with the listing. */
  everyStatus: boolean
  /** Where a link points. */
  target: boolean
  /** What a link leads to. */
  linkType: boolean
  /** Whether a folder is empty. */
  emptiness: boolean
}

export const needsNothing: Needs = {
  status: false,
  everyStatus: false,
  target: false,
  linkType: false,
  emptiness: false,
}

/** What is done with each thing that a walk comes to. */
export interface Visitor<Event> {
  /** Puts events into `walk.events`; false: a folder isn't gone into. */
  visit(found: Found, walk: Walk<Event>): boolean
  /** Before what is in a folder, and after it. */
  enter?(found: Found): void
  leave?(found: Found, walk: Walk<Event>): void
}

interface Level {
  found: Found
  folder: Folder
  /** The path of what is in it, up to the name. */
  prefix: ByteText
  depth: number
  slices: Iterator<Entry[]> | AsyncIterator<Entry[]>
  entries: Entry[]
  at: number
}

/** What a step has to wait for before the walk goes on. */
type Wait = () => Promise<void>

/** Events of one portion. */
const portionEvents = 1024
/** Steps between two looks at the clock. */
const stepsAtOnce = 64

/**
 * Goes through trees without recursion: where the kernel answers at once nothing is waited for but the opening of folders, so that
 * a hundred thousand names take a tenth of a second. What can't be looked at is told of, and left out.
 */
export class Walk<Event> {
  readonly root: FileRoot
  readonly #naming: Naming
  readonly #troubles: Troubles
  readonly #options: WalkOptions
  readonly #visitor: Visitor<Event>
  /** What is to be told, since the last portion. */
  events: (Event | TroubleEvent)[] = []
  /** Folders that were gone into. */
  folders = 0
  /** Set by a visitor who has seen enough. */
  isOver = false
  #levels: Level[] = []
  #device = -1
  /** What could not be looked at in a step that waits for nothing. */
  #failures: { error: unknown; path: ByteText; step: TroubleEvent['step'] }[] = []

  constructor(
    { root, naming, troubles }: { root: FileRoot; naming: Naming; troubles: Troubles },
    options: WalkOptions,
    visitor: Visitor<Event>,
  ) {
    this.root = root
    this.#naming = naming
    this.#troubles = troubles
    this.#options = options
    this.#visitor = visitor
  }

  async *over(paths: readonly ByteText[], slice: TimeSlice): AsyncGenerator<(Event | TroubleEvent)[], void> {
    try {
      for (const path of paths) {
        if (this.isOver) break
        await this.#begin(path)
        while (this.#levels.length > 0 && !this.isOver) {
          await this.#stretch()
          if (this.events.length < portionEvents && !slice.due) continue
          yield this.#portion()
          if (slice.due) await slice.turn()
        }
      }
      yield this.#portion()
    } finally {
      for (const { folder, slices } of this.#levels) {
        void slices.return?.()
        folder.close()
      }
    }
  }

  /** Its status; undefined where there is none, which is then told of. At once: what has to be waited for was asked before. */
  statusOf(found: Found): FileStatus | undefined {
    if (found.status || found.problem) return found.status
    try {
      const status = this.#levels.at(-1)?.folder.statusNow(found.nameBytes)
      if (status) found.know(status)
    } catch (error) {
      this.#fail(found, error)
    }
    return found.status
  }

  targetOf(found: Found): ByteText | undefined {
    if (found.linkTargetBytes !== undefined || found.fileType !== 'link' || found.problem) return found.linkTargetBytes
    try {
      found.linkTargetBytes = this.#levels.at(-1)?.folder.readlinkNow(found.nameBytes)?.toString('latin1')
    } catch (error) {
      this.#fail(found, error)
    }
    return found.linkTargetBytes
  }

  #fail(found: Found, error: unknown): void {
    found.problem = error as Error
    this.#failures.push({ error, path: found.pathBytes, step: 'look' })
  }

  #portion(): (Event | TroubleEvent)[] {
    const portion = this.events
    this.events = []
    return portion
  }

  async #begin(path: ByteText): Promise<void> {
    const found = new Found(this.#naming, path, path, 0)
    try {
      await this.#knowNamed(found)
    } catch (error) {
      return void this.events.push(await this.#troubles.of(error, path, { named: true }))
    }
    this.#device = found.status?.deviceNumber ?? -1
    if (this.#options.needs.emptiness && found.isFolder) await this.#lookInto(found)
    await this.#take(found)?.()
    await this.#tellFailures()
  }

  /** A named link is followed where it leads somewhere. */
  async #knowNamed(found: Found): Promise<void> {
    const path = bytesOf(found.pathBytes)
    const follows = this.#options.follow === 'named' || this.#options.follow === 'always'
    found.know(await this.root.status(path, { follow: false }))
    if (found.fileType !== 'link') return
    const status = follows ? await this.#statusOfEnd(path) : undefined
    if (status) return found.know(status)
    const { needs } = this.#options
    if (needs.target) found.linkTargetBytes = (await this.root.readlink(path)).toString('latin1')
    if (needs.linkType) await this.#lookThrough(found)
  }

  async #statusOfEnd(path: Buffer): Promise<FileStatus | undefined> {
    try {
      return await this.root.status(path)
    } catch (error) {
      if (this.#options.followsStrictly) throw error
      return undefined
    }
  }

  /** Some steps: as many as wait for nothing, up to a bound, and the wait after them. */
  async #stretch(): Promise<void> {
    let wait: Wait | undefined
    for (let steps = 0; steps < stepsAtOnce && !wait && this.#levels.length > 0 && !this.isOver; steps++)
      wait = this.#step()
    if (this.#failures.length > 0) await this.#tellFailures()
    if (wait) await wait()
    if (this.#failures.length > 0) await this.#tellFailures()
  }

  async #tellFailures(): Promise<void> {
    for (const { error, path, step } of this.#failures.splice(0))
      this.events.push(await this.#troubles.of(error, path, { step }))
  }

  #step(): Wait | undefined {
    const level = this.#levels.at(-1)!
    const entry = level.entries[level.at]
    if (!entry) return this.#more(level)
    level.at++
    const found = new Found(
      this.#naming,
      level.found.startBytes,
      level.prefix + entry.latin1,
      level.depth,
      entry.type,
      entry.latin1,
    )
    if (entry.status) found.know(entry.status)
    else if (entry.problem) this.#fail(found, entry.problem)
    else if (!entry.type) this.statusOf(found)
    const wait = this.#toWaitFor(found, level)
    if (!wait) return this.#take(found)
    return async () => {
      await wait()
      await this.#take(found)?.()
    }
  }

  #more(level: Level): Wait | undefined {
    const next = level.slices.next()
    if (next instanceof Promise)
      return async () => {
        const { done, value } = await next.catch(error => this.#broken(level, error))
        return this.#refill(level, done ? undefined : value)?.()
      }
    try {
      return this.#refill(level, next.done ? undefined : next.value)
    } catch (error) {
      this.#broken(level, error)
      return this.#refill(level, undefined)
    }
  }

  #broken(level: Level, error: unknown): IteratorReturnResult<undefined> {
    this.#failures.push({ error, path: level.found.pathBytes, step: 'enter' })
    return { done: true, value: undefined }
  }

  #refill(level: Level, entries: Entry[] | undefined): Wait | undefined {
    level.entries = entries ?? []
    level.at = 0
    if (entries) return undefined
    this.#levels.pop()
    level.folder.close()
    const { found } = level
    if (this.#options.postOrder) this.#visitor.visit(found, this)
    this.#visitor.leave?.(found, this)
    return undefined
  }

  /** What is to be known of it beforehand and isn't there at once. */
  #toWaitFor(found: Found, { folder }: Level): Wait | undefined {
    const { follow, needs } = this.#options
    const isLink = found.fileType === 'link'
    const follows = follow === 'always' && (isLink || found.isFolder || found.fileType === 'unknown')
    const asks = !folder.isAtOnce && (needs.status || needs.target || found.fileType === 'unknown')
    const looksOn = (needs.linkType && isLink) || (needs.emptiness && found.isFolder)
    if (found.problem || !(follows || asks || looksOn)) return undefined
    return async () => {
      if (follows) await this.#follow(found)
      if (asks) await this.#ask(found, folder)
      if (needs.linkType && found.fileType === 'link') await this.#lookThrough(found)
      if (needs.emptiness && found.isFolder) await this.#lookInto(found, folder)
    }
  }

  async #ask(found: Found, folder: Folder): Promise<void> {
    const name = bytesOf(found.nameBytes)
    const { needs } = this.#options
    try {
      if (!found.status) found.know(await folder.status(name))
      if (needs.target && found.fileType === 'link')
        found.linkTargetBytes = (await folder.readlink(name)).toString('latin1')
    } catch (error) {
      this.#fail(found, error)
    }
  }

  async #lookInto(found: Found, above?: Folder): Promise<void> {
    try {
      using folder = above
        ? await above.enter(bytesOf(found.nameBytes))
        : await this.root.folder(bytesOf(found.pathBytes))
      found.isEmpty = true
      for await (const slice of folder.slices()) {
        found.isEmpty = slice.length === 0
        if (!found.isEmpty) return
      }
    } catch (error) {
      this.#fail(found, error)
    }
  }

  /** A link that leads nowhere stays itself; one that leads back to a folder above, or in a circle, is told of. */
  async #follow(found: Found): Promise<void> {
    const { followsStrictly } = this.#options
    try {
      const status = await this.root.status(bytesOf(found.pathBytes))
      const mayLoop = status.type === 'directory' && !followsStrictly
      const above = mayLoop && this.#levels.some(({ found }) => found.status?.isSame(status))
      if (above) this.#fail(found, loopError(found.pathBytes))
      else found.know(status)
    } catch (error) {
      if (followsStrictly || errnoOf(error) !== 'ENOENT') this.#fail(found, error)
    }
  }

  /** What a link leads to; null where nothing can be seen, and `isCircle` where links lead to each other. */
  async #lookThrough(found: Found): Promise<void> {
    try {
      found.linkStatus = await this.root.status(bytesOf(found.pathBytes))
    } catch (error) {
      found.linkStatus = null
      found.isCircle = errnoOf(error) === 'ELOOP'
    }
  }

  #take(found: Found): Wait | undefined {
    const { postOrder, depth } = this.#options
    const goesIn = found.isFolder && found.depth < depth && !found.problem
    if (postOrder && goesIn && this.#isNear(found)) return () => this.#enter(found)
    const wanted = this.#visitor.visit(found, this)
    return wanted && goesIn && this.#isNear(found) ? () => this.#enter(found) : undefined
  }

  #isNear(found: Found): boolean {
    if (!this.#options.oneFileSystem || found.depth === 0) return true
    return this.statusOf(found)?.deviceNumber === this.#device
  }

  async #enter(found: Found): Promise<void> {
    try {
      const folder = await this.#open(found)
      const slices = folder.slices(this.#options.needs.everyStatus)
      const { pathBytes: path, depth } = found
      const iterator = Symbol.iterator in slices ? slices[Symbol.iterator]() : slices[Symbol.asyncIterator]()
      const prefix = path.endsWith('/') ? path : `${path}/`
      this.#levels.push({ found, folder, prefix, depth: depth + 1, slices: iterator, entries: [], at: 0 })
      this.folders++
      this.#visitor.enter?.(found)
    } catch (error) {
      this.events.push(await this.#troubles.of(error, found.pathBytes, { named: found.depth === 0, step: 'enter' }))
      if (this.#options.postOrder) this.#visitor.visit(found, this)
      this.#visitor.leave?.(found, this)
    }
  }

  async #open(found: Found): Promise<Folder> {
    const level = this.#levels.at(-1)
    const { follow } = this.#options
    if (level && follow !== 'always') return await level.folder.enter(bytesOf(found.nameBytes))
    const folder = await this.root.folder(bytesOf(found.pathBytes))
    const status = await folder.status()
    const above = this.#levels.find(({ found }) => found.status?.isSame(status))
    found.know(status)
    if (!above) return folder
    folder.close()
    throw loopError(found.pathBytes)
  }
}
