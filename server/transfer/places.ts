import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { ToolError } from '../core/errors.ts'
import { reopen } from '../linux/resolve-path.ts'
import { O_PATH } from '../linux/root/open-flags.ts'
import type { Stand } from './stand.ts'

/** Places kept at once, the latest used: one for each drop of files that is under way, a descriptor each. */
const maxPlaces = 64

/** A directory that stays the same while the shell goes elsewhere. */
export type Place = Pick<Stand, 'start' | 'directory'>

/** Where shells stood when a drop of many files began: all of them shall land there, whatever `cd` is typed meanwhile. */
export class Places {
  /** The least lately used first. */
  readonly #places = new Map<string, Place & { terminal: string }>()

  async keep(terminal: string, { start, directory }: Place): Promise<string> {
    const id = randomBytes(8).toString('hex')
    const handle = await reopen(start, O_PATH)
    this.#places.set(id, { terminal, start: handle, directory })
    for (const [oldest, { start }] of this.#places) {
      if (this.#places.size <= maxPlaces) break
      this.#places.delete(oldest)
      await start.close()
    }
    return id
  }

  /** A handle of the caller's own, who closes it. Throws ToolError `not_found`. */
  async open(terminal: string, id: string): Promise<Place & AsyncDisposable> {
    const place = this.#places.get(id)
    if (place?.terminal !== terminal)
      throw new ToolError('not_found', `there is no place '${id}'`, {
        remedy: `ask for a new one; the latest ${maxPlaces} are kept`,
      })
    this.#places.delete(id)
    this.#places.set(id, place)
    const start: FileHandle = await reopen(place.start, O_PATH)
    return { start, directory: place.directory, [Symbol.asyncDispose]: () => start.close() }
  }

  async close(): Promise<void> {
    const places = [...this.#places.values()]
    this.#places.clear()
    await Promise.all(places.map(({ start }) => start.close()))
  }
}
