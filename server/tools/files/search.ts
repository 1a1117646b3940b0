import type { FileStatus } from '../../linux/root/status.ts'
import type { ByteText } from './byte-text.ts'
import type { Look, Test } from './expression/expression.ts'
import type { Found } from './found.ts'
import { order } from './order.ts'
import type { FilesInput } from './schema.ts'
import type { Tally } from './tally.ts'
import type { Visitor, Walk } from './walk.ts'

export interface Sought {
  test: Test
  minDepth: number
  /** How many actions the expression has: none is the usual one. */
  actions: number
  needsStatus: boolean
  needsTarget: boolean
}

/** How many are held beyond those that a limit keeps, before the rest is let go. */
const spare = 4096

/** Tells of the things that an expression means; sorted, once all are seen. */
export class Search implements Visitor<Found>, Look {
  readonly #sought: Sought
  readonly #input: FilesInput
  readonly #tally: Tally
  readonly #kept: Found[] | undefined
  #walk: Walk<Found> | undefined
  #acted: Found | undefined
  #pruned = false

  constructor(sought: Sought, input: FilesInput, tally: Tally) {
    this.#sought = sought
    this.#input = input
    this.#tally = tally
    this.#kept = input.sort === 'none' ? undefined : []
  }

  visit(found: Found, walk: Walk<Found>): boolean {
    if (found.depth < this.#sought.minDepth) return true
    this.#walk = walk
    this.#pruned = false
    this.#acted = undefined
    this.#sought.test(found, this)
    if (this.#acted && !found.problem) this.#tell(found, walk)
    return !this.#pruned
  }

  status(found: Found): FileStatus | undefined {
    return this.#walk?.statusOf(found)
  }

  target(found: Found): ByteText | undefined {
    return this.#walk?.targetOf(found)
  }

  act(found: Found, action: number): void {
    if (this.#walk?.isOver) return
    this.#acted = found
    if (this.#sought.actions > 0) found.actions = [...(found.actions ?? []), action]
  }

  prune(): void {
    this.#pruned = true
  }

  quit(): void {
    if (this.#walk) this.#walk.isOver = true
  }

  /** What was held back, in order. */
  sorted(): Found[] {
    this.#shrink()
    return this.#kept ?? []
  }

  #tell(found: Found, walk: Walk<Found>): void {
    const { limit } = this.#input
    if (this.#sought.needsStatus && !walk.statusOf(found)) return
    if (this.#sought.needsTarget && found.fileType === 'link') walk.targetOf(found)
    if (limit !== undefined && !this.#kept && this.#tally.entries >= limit) {
      this.#tally.limited = true
      walk.isOver = true
      return
    }
    this.#tally.add(found)
    if (!this.#kept) walk.events.push(found)
    else if (this.#kept.push(found) >= (limit ?? Number.POSITIVE_INFINITY) + spare) this.#shrink()
  }

  #shrink(): void {
    const { limit } = this.#input
    const kept = this.#kept?.sort(order(this.#input))
    if (!kept || limit === undefined || kept.length <= limit) return
    kept.length = limit
    this.#tally.limited = true
  }
}
