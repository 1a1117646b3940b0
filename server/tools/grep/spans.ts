import type { Matcher, Range } from './matcher.ts'
import { watched } from './watched.ts'

/** What matches in lines that were found together: looked for in all of them as soon as somebody asks for one's. */
export class Spans {
  readonly #matcher: Matcher
  readonly #lines: Buffer[] = []
  #found: Map<Buffer, Range[]> | undefined

  constructor(matcher: Matcher) {
    this.#matcher = matcher
  }

  add(line: Buffer): void {
    this.#lines.push(line)
  }

  of(line: Buffer): Range[] {
    this.#found ??= watched(this.#matcher, () => new Map(this.#lines.map(line => [line, this.#matcher.spans(line)])))
    return this.#found.get(line) ?? []
  }
}
