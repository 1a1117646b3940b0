import { isUtf8 } from 'node:buffer'
import { Line } from './line.ts'
import type { Matcher, Range } from './matcher.ts'
import type { GrepInput } from './schema.ts'
import { Spans } from './spans.ts'
import { watched } from './watched.ts'
import type { Lines } from './whole-lines.ts'

export interface SearchPlan {
  matcher: Matcher
  input: GrepInput
}

/** How far the search of one file has come; copied before what may have to be done again. */
interface Progress {
  matches: number
  /** Lines before `countedTo`. */
  lines: number
  countedTo: number
  /** Lines to show yet behind the last one that was found. */
  pendingAfter: number
  /** Behind the last line that was shown. */
  shownTo: number
  /** As many were found as are wanted. */
  isFull: boolean
  isDone: boolean
  isBinary: boolean
  hasInvalid: boolean
}

/** One file, searched as it comes in pieces of whole lines. Offsets are those of the file. */
export class FileSearch {
  readonly #plan: SearchPlan
  readonly #path: string
  #progress: Progress = {
    matches: 0,
    lines: 0,
    countedTo: 0,
    pendingAfter: 0,
    shownTo: 0,
    isFull: false,
    isDone: false,
    isBinary: false,
    hasInvalid: false,
  }
  #found: Line[] = []
  #spans: Spans | undefined
  #buffer: Buffer = Buffer.alloc(0)
  /** Of the buffer's first byte in the file. */
  #base = 0

  constructor(plan: SearchPlan, path: string) {
    this.#plan = plan
    this.#path = path
    if (plan.input.maxCount === 0) this.#progress.isDone = true
  }

  get matches(): number {
    return this.#progress.matches
  }

  /** Nothing more of the file is wanted. */
  get isDone(): boolean {
    return this.#progress.isDone
  }

  /** Lines were found, and are no text. */
  get isBinary(): boolean {
    return this.#progress.isBinary && this.#progress.matches > 0
  }

  /** Of what is shown, some is no UTF-8. */
  get hasInvalid(): boolean {
    return this.#progress.hasInvalid
  }

  /** Zero bytes stand there. */
  meetsBinary(): void {
    this.#progress.isBinary = true
    if (this.#plan.input.binary === 'without-match') this.#progress.isDone = true
  }

  /** Gives what is to be shown of these lines, and of those before them. */
  push({ buffer, base, start, end }: Lines): Line[] {
    this.#buffer = buffer
    this.#base = base
    const before = { ...this.#progress }
    try {
      return watched(this.#plan.matcher, () => {
        this.#progress = { ...before }
        return this.#search(start, end)
      })
    } catch (error) {
      this.#progress = before
      throw error
    }
  }

  #search(start: number, end: number): Line[] {
    const { matcher, input } = this.#plan
    const found: Line[] = []
    this.#found = found
    const progress = this.#progress
    this.#spans = new Spans(matcher)
    matcher.begin(this.#buffer, start, end)
    for (let at = start; at < end && !this.#hasEnough; ) {
      const match = matcher.next(at)
      if (input.invert) this.#between(at, match?.start ?? end)
      else if (match) this.#select(match)
      if (!match) break
      at = match.end + 1
    }
    if (progress.pendingAfter > 0) this.#showAfter(end)
    this.#countTo(end)
    return found
  }

  get #hasEnough(): boolean {
    return this.#progress.isDone || this.#progress.isFull
  }

  /** Lines that don't match, one by one. */
  #between(start: number, end: number): void {
    const { endOfLine } = this.#plan.matcher
    for (let at = start; at < end && !this.#hasEnough; ) {
      const found = this.#buffer.indexOf(endOfLine, at)
      const lineEnd = found < 0 || found > end ? end : found
      this.#select({ start: at, end: lineEnd })
      at = lineEnd + 1
    }
  }

  #select(line: Range): void {
    const { input } = this.#plan
    const progress = this.#progress
    progress.matches++
    const isShown = input.want === 'lines' && this.#mayShow()
    if (isShown) {
      this.#showAfter(line.start)
      this.#showBefore(line.start)
      this.#show('match', line)
      progress.pendingAfter = input.after
    }
    if (input.want !== 'lines' && input.want !== 'count') progress.isDone = true
    if (progress.matches === input.maxCount) progress.isFull = true
    if (progress.isFull && progress.pendingAfter === 0) progress.isDone = true
  }

  /** The first line that is found among zero bytes is told of by the file's own event, and the last to be looked for. */
  #mayShow(): boolean {
    const progress = this.#progress
    if (progress.isBinary) progress.isDone = true
    return !progress.isBinary
  }

  #showAfter(end: number): void {
    const progress = this.#progress
    for (let at = progress.shownTo - this.#base; progress.pendingAfter > 0 && at < end; progress.pendingAfter--) {
      const found = this.#buffer.indexOf(this.#plan.matcher.endOfLine, at)
      const lineEnd = found < 0 || found > end ? end : found
      this.#show('context', { start: at, end: lineEnd })
      at = lineEnd + 1
    }
    if (progress.isFull && progress.pendingAfter === 0) progress.isDone = true
  }

  #showBefore(end: number): void {
    let start = end
    const first = Math.max(0, this.#progress.shownTo - this.#base)
    for (let count = this.#plan.input.before; count > 0 && start > first; count--)
      start = start < 2 ? 0 : this.#buffer.lastIndexOf(this.#plan.matcher.endOfLine, start - 2) + 1
    for (let at = Math.max(start, first); at < end; ) {
      const lineEnd = this.#buffer.indexOf(this.#plan.matcher.endOfLine, at)
      this.#show('context', { start: at, end: lineEnd })
      at = lineEnd + 1
    }
  }

  #show(type: Line['type'], { start, end }: Range): void {
    const { input } = this.#plan
    const byteOffset = this.#base + start
    const lineNumber = input.lineNumbers ? this.#countTo(start) + 1 : null
    const bytes = Buffer.from(this.#buffer.subarray(start, end))
    const spans = input.invert || type === 'context' ? undefined : this.#spans
    spans?.add(bytes)
    this.#progress.hasInvalid ||= !isUtf8(bytes)
    this.#found.push(new Line(type, this.#path, { lineNumber, byteOffset, bytes }, spans))
    this.#progress.shownTo = this.#base + end + 1
  }

  /** How many lines stand before a place in the buffer, which may be one before those that were counted. */
  #countTo(end: number): number {
    const progress = this.#progress
    if (!this.#plan.input.lineNumbers) return 0
    const counted = progress.countedTo - this.#base
    if (end < counted) return progress.lines - this.#endsWithin(end, counted)
    progress.lines += this.#endsWithin(counted, end)
    progress.countedTo = this.#base + end
    return progress.lines
  }

  #endsWithin(start: number, end: number): number {
    const { endOfLine } = this.#plan.matcher
    const buffer = this.#buffer
    let lines = 0
    for (let at = start; at < end; at++) if (buffer[at] === endOfLine) lines++
    return lines
  }
}
