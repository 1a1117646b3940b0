import { errnoOf, type Linux } from '../linux.ts'

/** The kernel's own word for no limit. */
export type Limit = number | 'max'

/** Why a file told nothing: an errno, or content that is no answer to what was asked. */
export interface Gap {
  path: string
  why: string
}

export const malformed = 'malformed'

/**
 * v1 writes "no limit" as the greatest whole number of pages, which depends on the page's size; with pages of 64 KiB it is the
 * smallest. PAGE_COUNTER_MAX, include/linux/page_counter.h.
 */
const leastUnlimited = 2 ** 63 - 2 ** 16

/** The files of one cgroup's directory. What one can't tell is null, and `gaps` says why. */
export class CgroupFiles {
  readonly directory: string
  readonly gaps: Gap[] = []
  readonly #linux: Linux

  constructor(linux: Linux, directory: string) {
    this.#linux = linux
    this.directory = directory
  }

  text(file: string): string | null {
    try {
      return this.#linux.read(`${this.directory}/${file}`).toString('latin1')
    } catch (error) {
      const why = errnoOf(error)
      if (why === undefined) throw error
      this.#miss(file, why)
      return null
    }
  }

  /** `3878912` */
  number(file: string): number | null {
    return this.parsed(file, text => (/^\d+\n?$/.test(text) ? Number(text) : undefined))
  }

  /** `67108864` or `max`; v1's greatest number means the same. */
  limit(file: string): Limit | null {
    return this.parsed(file, parseLimit)
  }

  /** Lines of `key value`. A key that isn't there is null by `get`'s own doing. */
  flat(file: string): FlatValues {
    const text = this.text(file)
    const values = new FlatValues(text ?? '')
    if (text !== null && text.trim() !== '' && values.size === 0) this.#miss(file, malformed)
    return values
  }

  /** Whatever `parse` makes of the text; undefined means that it isn't what was expected. */
  parsed<Value>(file: string, parse: (text: string) => Value | undefined): Value | null {
    const text = this.text(file)
    if (text === null) return null
    const value = parse(text)
    if (value !== undefined) return value
    this.#miss(file, malformed)
    return null
  }

  #miss(file: string, why: string): void {
    this.gaps.push({ path: `${this.directory}/${file}`, why })
  }
}

export function parseLimit(text: string): Limit | undefined {
  const word = text.trim()
  if (word === 'max') return 'max'
  if (!/^\d+$/.test(word)) return undefined
  return limitOf(Number(word))
}

export const limitOf = (value: number): Limit => (value >= leastUnlimited ? 'max' : value)

/** The numbers of a flat keyed file, such as memory.stat. */
export class FlatValues {
  readonly #values: Map<string, number>

  constructor(text: string) {
    const lines = text.matchAll(/^(\S+) (\d+)$/gm)
    this.#values = new Map(Array.from(lines, ([, key, value]) => [key!, Number(value)]))
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): number | null {
    return this.#values.get(key) ?? null
  }

  /** The sum of those that are there; null when none is. */
  sum(...keys: string[]): number | null {
    const present = keys.map(key => this.get(key)).filter(value => value !== null)
    return present.length === 0 ? null : present.reduce((total, value) => total + value, 0)
  }
}

/** The smaller of two limits; what isn't known doesn't count. */
export function tighter(one: Limit | null, other: Limit | null): Limit | null {
  if (one === null) return other
  if (other === null || other === 'max') return one
  return one === 'max' ? other : Math.min(one, other)
}
