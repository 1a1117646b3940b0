import { shownName } from '../../core/shown-name.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import type { Entry } from '../../linux/root/calls.ts'
import type { Folder, Place } from '../../linux/root/folder.ts'
import { madeUpBy } from '../../linux/root/made-up.ts'
import type { FileStatus } from '../../linux/root/status.ts'
import { atPath } from '../contents/paths.ts'
import { globTest } from './glob.ts'
import type { Grep, GrepEvents } from './run.ts'

/** A folder that is looked through, and where in it. */
interface Level {
  folder: Folder
  slices: AsyncGenerator<Entry[], void>
  rest: Entry[]
  /** What stands before the names in it. */
  shown: string
  bytes: Buffer
  status: FileStatus
}

const slash = Buffer.from('/')

/** Searches what a path leads to: a file, or all of a folder where that is asked for. */
export async function* walk(grep: Grep, path: string): GrepEvents {
  const walker = new Walker(grep)
  try {
    yield* walker.start(path)
    yield* walker.all()
  } finally {
    walker.close()
  }
}

class Walker {
  readonly #grep: Grep
  readonly #levels: Level[] = []
  readonly #included: ((path: string) => boolean) | undefined
  readonly #excluded: ((path: string) => boolean) | undefined
  readonly #excludedFolder: ((path: string) => boolean) | undefined
  readonly #slice: TimeSlice

  constructor(grep: Grep) {
    const { include, exclude, excludeDir } = grep.input
    this.#grep = grep
    this.#included = globTest(include)
    this.#excluded = globTest(exclude)
    this.#excludedFolder = globTest(excludeDir.map(glob => glob.replace(/(?<=.)\/+$/, '')))
    this.#slice = new TimeSlice(grep.context)
  }

  async *start(path: string): GrepEvents {
    let bytes = Buffer.from(path === '' ? '.' : path)
    try {
      using place = await atPath(path === '' ? '.' : path, at => {
        bytes = Buffer.from(at)
        return this.#grep.root.place(at)
      })
      const status = await place.status()
      if (status.type === 'directory' && this.#grep.input.recursive !== 'no') {
        if (this.#excludedFolder?.(path.replace(/(?<=.)\/+$/, ''))) return
        const isBare = path === '' || path.endsWith('/')
        await this.#enter(
          place,
          isBare ? path : `${path}/`,
          path === '' ? Buffer.alloc(0) : Buffer.concat([bytes, slash]),
          status,
        )
      } else if (this.#wants(path)) yield* this.#file(path, place)
    } catch (error) {
      yield await this.#grep.trouble(path, error, bytes)
    }
  }

  async *all(): GrepEvents {
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const entry = level.rest.shift() ?? (await this.#more(level))
      if (!entry) {
        level.folder.close()
        this.#levels.pop()
        continue
      }
      const name = Buffer.from(entry.name)
      const shown = level.shown + shownName(name)
      try {
        yield* this.#entry(level, entry, name, shown)
      } catch (error) {
        yield await this.#grep.trouble(shown, error, Buffer.concat([level.bytes, name]))
      }
      if (this.#grep.isDone) return
      if (this.#slice.due) await this.#slice.turn()
    }
  }

  close(): void {
    for (const { folder } of this.#levels) folder.close()
  }

  async #more(level: Level): Promise<Entry | undefined> {
    const { value } = await level.slices.next()
    if (value) level.rest.push(...value)
    return level.rest.shift()
  }

  async *#entry(level: Level, entry: Entry, name: Buffer, shown: string): GrepEvents {
    const type = entry.type ?? (await level.folder.status(name)).type
    if (type === 'directory') yield* this.#folder(level, name, shown)
    else if (type === 'link' && this.#grep.input.recursive === 'links') yield* this.#link(level, name, shown)
    else if (type === 'file' && this.#wants(shown)) {
      using file = await level.folder.open(name)
      yield* this.#grep.file(shown, file)
    }
  }

  async *#folder(level: Level, name: Buffer, shown: string): GrepEvents {
    if (this.#excludedFolder?.(shown)) return
    using place = await level.folder.place(name)
    yield* this.#below(place, level, Buffer.concat([level.bytes, name]), shown)
  }

  async *#link(level: Level, name: Buffer, shown: string): GrepEvents {
    const bytes = Buffer.concat([level.bytes, name])
    using place = await this.#grep.root.place(bytes)
    const { type } = await place.status()
    if (type === 'directory') {
      if (!this.#excludedFolder?.(shown)) yield* this.#below(place, level, bytes, shown)
    } else if (type === 'file' && this.#wants(shown)) yield* this.#file(shown, place)
  }

  async *#below(place: Place, above: Level, bytes: Buffer, shown: string): GrepEvents {
    const status = await place.status()
    const system = status.deviceNumber === above.status.deviceNumber ? undefined : await madeUpBy(place)
    if (system) yield this.#grep.skipped(shown, `made up by the kernel (${system})`)
    else if (this.#levels.some(level => level.status.isSame(status)))
      yield this.#grep.skipped(shown, 'it leads back to a folder that it is in')
    else await this.#enter(place, `${shown}/`, Buffer.concat([bytes, slash]), status)
  }

  async #enter(place: Place, shown: string, bytes: Buffer, status: FileStatus): Promise<void> {
    const folder = await place.folder()
    this.#levels.push({ folder, slices: folder.entries(), rest: [], shown, bytes, status })
  }

  async *#file(shown: string, place: Place): GrepEvents {
    using file = await place.open()
    yield* this.#grep.file(shown, file)
  }

  #wants(path: string): boolean {
    if (this.#excluded?.(path)) return false
    return this.#included?.(path) ?? true
  }
}
