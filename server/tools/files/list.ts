import type { Entry } from '../../linux/root/calls.ts'
import type { Folder } from '../../linux/root/folder.ts'
import type { FileStatus } from '../../linux/root/status.ts'
import { type ByteText, bytesOf, textFields } from './byte-text.ts'
import { byteCells } from './cells.ts'
import { globMatcher } from './expression/glob.ts'
import { Found } from './found.ts'
import { order } from './order.ts'
import type { FilesEvent, Looking } from './run.ts'
import type { TroubleEvent } from './schema.ts'
import { loopError } from './troubles.ts'

/** Unsorted, so many are told of at once. */
const portionEntries = 1024

/** What stands in each folder that is named, and what else is named before them: ls(1). */
export async function* list(looking: Looking): AsyncGenerator<FilesEvent[]> {
  yield* new Listing(looking).all()
}

class Listing {
  readonly #looking: Looking
  readonly #order: (a: Found, b: Found) => number
  readonly #excluded: (name: ByteText) => boolean

  constructor(looking: Looking) {
    const { input } = looking
    this.#looking = looking
    this.#order = order(input, ({ nameBytes }) => byteCells(nameBytes))
    const patterns = input.exclude.map(pattern => globMatcher(pattern))
    this.#excluded = name =>
      (input.hidden === 'none' && name.startsWith('.')) || patterns.some(matches => matches(name))
  }

  async *all(): AsyncGenerator<FilesEvent[]> {
    const { folders, others, troubles } = await this.#named()
    yield [...troubles, ...this.#counted(others.sort(this.#order))]
    for (const folder of folders.sort(this.#order)) yield* this.#from(folder)
  }

  async #named() {
    const { paths, naming, input, troubles: told } = this.#looking
    const named = { folders: [] as Found[], others: [] as Found[], troubles: [] as TroubleEvent[] }
    for (const path of paths) {
      const found = new Found(naming, path, path, 0)
      try {
        await this.#knowNamed(found, input.followLinks ?? 'folders')
        named[found.isFolder ? 'folders' : 'others'].push(found)
      } catch (error) {
        named.troubles.push(await told.of(error, path, { named: true }))
      }
    }
    return named
  }

  async #knowNamed(found: Found, follow: 'never' | 'folders' | 'named' | 'always'): Promise<void> {
    const { root } = this.#looking
    const path = bytesOf(found.pathBytes)
    found.know(await root.status(path, { follow: false }))
    if (found.fileType !== 'link') return
    const end = await root.status(path).catch((error: unknown) => {
      if (follow === 'always') throw error
      return null
    })
    const follows = follow === 'folders' ? end?.type === 'directory' : follow !== 'never'
    if (end && follows) return found.know(end)
    found.linkStatus = end
    found.linkTargetBytes = (await root.readlink(path)).toString('latin1')
  }

  /** A folder and, where all are asked for, those below it: without recursion, each after the one that it stands in. */
  async *#from(first: Found): AsyncGenerator<FilesEvent[]> {
    const { input, troubles } = this.#looking
    const deepest = input.recursive ? (input.depth ?? Number.POSITIVE_INFINITY) : 0
    const pending = [first]
    const above: Found[] = []
    for (let found = pending.pop(); found; found = pending.pop()) {
      above.length = Math.min(above.length, found.depth)
      try {
        using folder = await this.#open(found, above)
        const below: Found[] = []
        yield [{ type: 'folder', ...textFields('path', found.pathBytes) }]
        yield* this.#in(folder, found, input.recursive && found.depth < deepest ? below : undefined)
        above[found.depth] = found
        pending.push(...below.reverse())
      } catch (error) {
        yield [await troubles.of(error, found.pathBytes, { named: found.depth === 0, step: 'enter' })]
      }
      if (this.#looking.slice.due) await this.#looking.slice.turn()
    }
  }

  async #open(found: Found, above: readonly Found[]): Promise<Folder> {
    const folder = await this.#looking.root.folder(bytesOf(found.pathBytes))
    this.#looking.folders++
    if (this.#looking.input.followLinks !== 'always') return folder
    found.know(await folder.status())
    if (!above.some(({ status }) => status?.isSame(found.status as FileStatus))) return folder
    folder.close()
    throw loopError(found.pathBytes)
  }

  /** `below` takes the folders that are still to be listed. */
  async *#in(folder: Folder, found: Found, below: Found[] | undefined): AsyncGenerator<FilesEvent[]> {
    const { input, slice } = this.#looking
    const isSorted = input.sort !== 'none' || input.foldersFirst || input.reverse
    let all = input.hidden === 'all' ? await this.#dots(folder, found) : []
    for await (const entries of folder.slices(input.details)) {
      for (const entry of entries) if (!this.#excluded(entry.latin1)) all.push(this.#foundOf(entry, found))
      if (slice.due) await slice.turn()
      if (isSorted || all.length < portionEntries) continue
      yield await this.#told(all, folder, below)
      all = []
    }
    yield await this.#told(isSorted ? all.sort(this.#order) : all, folder, below, isSorted)
  }

  /** Known before they are sorted, where that matters, and in the order in which they are told of. */
  async #told(all: Found[], folder: Folder, below?: Found[], isSorted = false): Promise<FilesEvent[]> {
    const { input, troubles, slice } = this.#looking
    const events: FilesEvent[] = []
    for (const found of all) {
      if (input.details || found.fileType === 'unknown') await this.#learn(found, folder)
      if (found.problem) events.push(await troubles.of(found.problem, found.pathBytes))
      if (found.isFolder && found.name !== '.' && found.name !== '..') below?.push(found)
      if (slice.due) await slice.turn()
    }
    return [...events, ...this.#counted(isSorted ? all.sort(this.#order) : all)]
  }

  async #learn(found: Found, folder: Folder): Promise<void> {
    const name = bytesOf(found.nameBytes)
    try {
      if (!found.status && !found.problem) found.know(folder.statusNow(found.nameBytes) ?? (await folder.status(name)))
      if (found.fileType === 'link') await this.#learnLink(found, folder, name)
    } catch (error) {
      found.problem = error as Error
    }
  }

  async #learnLink(found: Found, folder: Folder, name: Buffer): Promise<void> {
    const target = folder.readlinkNow(found.nameBytes) ?? (await folder.readlink(name))
    found.linkTargetBytes = target.toString('latin1')
    if (this.#looking.input.followLinks === 'always')
      return found.know(await this.#looking.root.status(bytesOf(found.pathBytes)))
    found.linkStatus = await this.#looking.root.status(bytesOf(found.pathBytes)).catch(() => null)
  }

  async #dots(folder: Folder, above: Found): Promise<Found[]> {
    const names = ['.', '..'] as const
    return await Promise.all(
      names.map(async name => {
        const found = this.#below(above, name, 'directory')
        try {
          found.know(await (name === '.' ? folder.status() : this.#looking.root.status(bytesOf(found.pathBytes))))
        } catch (error) {
          found.problem = error as Error
        }
        return found
      }),
    )
  }

  #foundOf(entry: Entry, above: Found): Found {
    const found = this.#below(above, entry.latin1, entry.type)
    if (entry.status) found.know(entry.status)
    if (entry.problem) found.problem = entry.problem
    return found
  }

  #below({ pathBytes, startBytes, depth }: Found, name: ByteText, type: Entry['type']): Found {
    const prefix = pathBytes.endsWith('/') ? pathBytes : `${pathBytes}/`
    return new Found(this.#looking.naming, startBytes, prefix + name, depth + 1, type, name)
  }

  #counted(all: Found[]): Found[] {
    const { tally, input } = this.#looking
    const room = (input.limit ?? Number.POSITIVE_INFINITY) - tally.entries
    if (all.length > room) tally.limited = true
    const told = all.length > room ? all.slice(0, Math.max(0, room)) : all
    for (const found of told) tally.add(found)
    return told
  }
}
