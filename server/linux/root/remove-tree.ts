import { errnoOf } from '../linux.ts'
import type { Folder } from './folder.ts'
import type { FileStatus } from './status.ts'
import { PathError } from './walk.ts'

/** Deeper folders are left: each level holds a descriptor. */
const maxDepth = 512
/** How often a folder is emptied that others fill meanwhile. */
const maxRounds = 8

export interface Removal {
  removed: number
  failed: number
  /** The first that failed: its names from the folder where it began, and why. */
  failure?: { names: Buffer[]; error: unknown }
}

/**
 * Removes what stands under a name in a folder, with all that is in it. Links are removed, never followed; a mount point and what
 * is behind it stay (EBUSY). What can't be removed doesn't keep the rest. Throws the signal's reason.
 */
export async function removeTree(folder: Folder, name: Buffer, signal: AbortSignal): Promise<Removal> {
  const work = new Remover(await folder.status(), signal)
  await work.remove(folder, [name])
  return work.removal
}

class Remover {
  readonly removal: Removal = { removed: 0, failed: 0 }
  readonly #top: FileStatus
  readonly #signal: AbortSignal

  constructor(top: FileStatus, signal: AbortSignal) {
    this.#top = top
    this.#signal = signal
  }

  async remove(folder: Folder, names: Buffer[]): Promise<void> {
    this.#signal.throwIfAborted()
    const name = names.at(-1)!
    try {
      const { type } = await folder.status(name)
      if (type === 'directory') await this.#removeFolder(folder, names)
      else await folder.unlink(name)
      this.removal.removed++
    } catch (error) {
      if (this.#signal.aborted) throw error
      // Somebody else was quicker, below the name that was asked for.
      if (errnoOf(error) === 'ENOENT' && names.length > 1) return
      this.removal.failed++
      this.removal.failure ??= { names, error }
    }
  }

  async #removeFolder(parent: Folder, names: Buffer[]): Promise<void> {
    if (names.length > maxDepth) throw new PathError('ELOOP', `more than ${maxDepth} folders deep`)
    const name = names.at(-1)!
    for (let rounds = 1; ; rounds++) {
      const { failed } = this.removal
      await this.#empty(parent, names)
      // What is in it has said why already.
      if (this.removal.failed > failed) throw new PathError('ENOTEMPTY', 'not all that is in it could be removed')
      try {
        return await parent.removeFolder(name)
      } catch (error) {
        if (errnoOf(error) !== 'ENOTEMPTY' || rounds === maxRounds) throw error
      }
    }
  }

  async #empty(parent: Folder, names: Buffer[]): Promise<void> {
    using folder = await parent.enter(names.at(-1)!)
    if (isElsewhere(await folder.status(), this.#top)) throw new PathError('EBUSY', 'a file system is mounted there')
    for await (const slice of folder.entries())
      for (const { name } of slice) await this.remove(folder, [...names, Buffer.from(name)])
  }
}

/** Behind a mount point; by its id, which a bind mount of the same file system has too, where the kernel tells it. */
const isElsewhere = (one: FileStatus, other: FileStatus) =>
  one.deviceNumber !== other.deviceNumber || one.mountId !== other.mountId
