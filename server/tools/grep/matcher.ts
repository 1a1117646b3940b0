import { isAscii, isUtf8 } from 'node:buffer'
import { setFlagsFromString } from 'node:v8'
import { ToolError } from '../../core/errors.ts'
import type { Compiled } from './pattern/compile.ts'

/** Where something stands in a buffer, in bytes. */
export interface Range {
  start: number
  end: number
}

/** Shorter texts stand in too many lines for being looked for first. */
const shortestRequired = 3
const carriageReturn = 0x0d

/** Looks for lines that match. A line is told by its range without its end. */
export class Matcher {
  readonly endOfLine: number
  readonly #compiled: Compiled
  readonly #made = new Map<string, RegExp>()
  #engine = ''
  #search: Search | undefined

  constructor(compiled: Compiled, endOfLine: number) {
    this.#compiled = compiled
    this.endOfLine = endOfLine
    // What can't be looked for is told before anything is.
    this.#regexp('unicode', 'one')
    this.#regexp('bytes', 'one')
  }

  /** It looks for one text, which stands in a line or not wherever that begins. */
  get isLiteral(): boolean {
    return this.#compiled.literal !== undefined
  }

  /** Whether it may take for ever, so that someone has to watch it. */
  get mayBacktrack(): boolean {
    return this.#compiled.mayBacktrack && !this.isLiteral
  }

  /** Whether all ways are gone at once: slower, and never for ever. */
  get isLinear(): boolean {
    return this.#engine !== ''
  }

  /** Sets whole lines to be searched: those in this range of a buffer. */
  begin(buffer: Buffer, start: number, end: number): void {
    const { literal, required, byteSafe, lineByLine } = this.#compiled
    if (literal) this.#search = new LiteralSearch(buffer, start, end, literal, this.endOfLine)
    else if (required.length >= shortestRequired)
      this.#search = new CandidateSearch(buffer, start, end, required, this.endOfLine, line =>
        this.#matches(buffer, line),
      )
    else {
      const bytes = buffer.subarray(start, end)
      const isBytes = byteSafe || isAscii(bytes)
      // The engine that goes all ways at once looks neither back nor ahead.
      const canLook = !this.isLinear
      const lines = this.endOfLine === 0 || bytes.includes(carriageReturn) ? 'by looking' : 'by flag'
      if (lineByLine || !(isBytes || (canLook && isUtf8(bytes))) || (!canLook && lines === 'by looking'))
        this.#search = new LineSearch(buffer, start, end, this.endOfLine, line => this.#matches(buffer, line))
      else if (isBytes) this.#search = new ByteSearch(bytes, start, this.#regexp('bytes', lines), this.endOfLine)
      else this.#search = new TextSearch(bytes, start, this.#regexp('unicode', 'by looking'), this.endOfLine)
    }
  }

  /** The first line from there on that matches. Positions only grow from call to call. */
  next(from: number): Range | undefined {
    return this.#search?.next(from)
  }

  /** What matches in one line, in bytes from its beginning; nothing that is empty. */
  spans(line: Buffer): Range[] {
    const { text, regexp } = this.#ofLine(line)
    const isBytes = text.length === line.length
    const spans: Range[] = []
    let [index, bytes] = [0, 0]
    const bytesAt = (to: number) => {
      if (isBytes) return to
      bytes += Buffer.byteLength(text.slice(index, to))
      index = to
      return bytes
    }
    regexp.lastIndex = 0
    for (const match of text.matchAll(regexp)) {
      if (match[0] === '') continue
      const start = bytesAt(match.index)
      spans.push({ start, end: bytesAt(match.index + match[0].length) })
    }
    return spans
  }

  /** Gives up trying every way, for an engine that goes all ways at once. Throws ToolError where the patterns need more than that. */
  goLinear(): void {
    if (this.isLinear) throw tooLong()
    setFlagsFromString('--enable-experimental-regexp-engine')
    this.#engine = 'l'
    this.#made.clear()
  }

  #matches(buffer: Buffer, { start, end }: Range): boolean {
    const { text, regexp } = this.#ofLine(buffer.subarray(start, end))
    regexp.lastIndex = 0
    return regexp.test(text)
  }

  #ofLine(line: Buffer): { text: string; regexp: RegExp } {
    const isBytes = this.#compiled.byteSafe || isAscii(line) || !isUtf8(line)
    return isBytes
      ? { text: line.toString('latin1'), regexp: this.#regexp('bytes', 'one') }
      : { text: line.toString('utf8'), regexp: this.#regexp('unicode', 'one') }
  }

  #regexp(text: 'bytes' | 'unicode', lines: 'one' | 'by flag' | 'by looking'): RegExp {
    const key = `${text} ${lines}`
    let regexp = this.#made.get(key)
    if (!regexp) {
      regexp = this.#make(text, lines)
      this.#made.set(key, regexp)
    }
    return regexp
  }

  #make(text: 'bytes' | 'unicode', lines: 'one' | 'by flag' | 'by looking'): RegExp {
    try {
      return this.#compiled.regexp({ text, lines }, this.#engine)
    } catch (error) {
      throw this.isLinear ? tooLong() : error
    }
  }
}

const tooLong = () => {
  const message = 'takes too long to match: it repeats what is repeated'
  return new ToolError('invalid_input', `patterns: ${message}`, { fields: [{ path: 'patterns', message }] })
}

interface Search {
  next(from: number): Range | undefined
}

/** The line around a place in a buffer, within bounds. */
function lineAround(buffer: Buffer, at: number, start: number, end: number, endOfLine: number): Range {
  const before = at === 0 ? -1 : buffer.lastIndexOf(endOfLine, at - 1)
  const after = buffer.indexOf(endOfLine, at)
  return { start: Math.max(start, before + 1), end: after < 0 || after > end ? end : after }
}

class LiteralSearch implements Search {
  readonly #buffer: Buffer
  readonly #start: number
  readonly #end: number
  readonly #text: Buffer
  readonly #endOfLine: number

  constructor(buffer: Buffer, start: number, end: number, text: Buffer, endOfLine: number) {
    this.#buffer = buffer
    this.#start = start
    this.#end = end
    this.#text = text
    this.#endOfLine = endOfLine
  }

  next(from: number): Range | undefined {
    const at = this.#buffer.indexOf(this.#text, from)
    if (at < 0 || at + this.#text.length > this.#end) return undefined
    return lineAround(this.#buffer, at, this.#start, this.#end, this.#endOfLine)
  }
}

class CandidateSearch implements Search {
  readonly #candidates: LiteralSearch
  readonly #end: number
  readonly #matches: (line: Range) => boolean

  constructor(
    buffer: Buffer,
    start: number,
    end: number,
    text: Buffer,
    endOfLine: number,
    matches: (line: Range) => boolean,
  ) {
    this.#candidates = new LiteralSearch(buffer, start, end, text, endOfLine)
    this.#end = end
    this.#matches = matches
  }

  next(from: number): Range | undefined {
    for (let at = from; at < this.#end; ) {
      const line = this.#candidates.next(at)
      if (!line || this.#matches(line)) return line
      at = line.end + 1
    }
    return undefined
  }
}

class LineSearch implements Search {
  readonly #buffer: Buffer
  readonly #end: number
  readonly #endOfLine: number
  readonly #matches: (line: Range) => boolean

  constructor(buffer: Buffer, _start: number, end: number, endOfLine: number, matches: (line: Range) => boolean) {
    this.#buffer = buffer
    this.#end = end
    this.#endOfLine = endOfLine
    this.#matches = matches
  }

  next(from: number): Range | undefined {
    for (let start = from; start < this.#end; ) {
      const found = this.#buffer.indexOf(this.#endOfLine, start)
      const end = found < 0 || found > this.#end ? this.#end : found
      if (this.#matches({ start, end })) return { start, end }
      start = end + 1
    }
    return undefined
  }
}

/** All lines as one text with a character for each byte. */
class ByteSearch implements Search {
  readonly #text: string
  readonly #offset: number
  readonly #regexp: RegExp
  readonly #endOfLine: string

  constructor(bytes: Buffer, offset: number, regexp: RegExp, endOfLine: number) {
    this.#text = bytes.toString('latin1')
    this.#offset = offset
    this.#regexp = regexp
    this.#endOfLine = String.fromCharCode(endOfLine)
  }

  next(from: number): Range | undefined {
    const line = lineIn(this.#text, this.#regexp, from - this.#offset, this.#endOfLine)
    return line && { start: line.start + this.#offset, end: line.end + this.#offset }
  }
}

/** All lines as one text of characters; where these stand in bytes is counted along. */
class TextSearch implements Search {
  readonly #text: string
  readonly #regexp: RegExp
  readonly #endOfLine: string
  /** The same place, in characters and in bytes. */
  #index = 0
  #byte: number

  constructor(bytes: Buffer, offset: number, regexp: RegExp, endOfLine: number) {
    this.#text = bytes.toString('utf8')
    this.#regexp = regexp
    this.#endOfLine = String.fromCharCode(endOfLine)
    this.#byte = offset
  }

  next(from: number): Range | undefined {
    while (this.#byte < from) this.#advance(this.#nextLine())
    const line = lineIn(this.#text, this.#regexp, this.#index, this.#endOfLine)
    if (!line) return undefined
    const start = this.#advance(line.start)
    return { start, end: this.#advance(line.end) }
  }

  #nextLine(): number {
    const end = this.#text.indexOf(this.#endOfLine, this.#index)
    return end < 0 ? this.#text.length : end + 1
  }

  #advance(index: number): number {
    this.#byte += Buffer.byteLength(this.#text.slice(this.#index, index))
    this.#index = index
    return this.#byte
  }
}

function lineIn(text: string, regexp: RegExp, from: number, endOfLine: string): Range | undefined {
  if (from >= text.length) return undefined
  regexp.lastIndex = from
  const match = regexp.exec(text)
  // Behind the last line's end there is no line more.
  if (!match || (match.index >= text.length && text.endsWith(endOfLine))) return undefined
  const { index } = match
  const before = index === 0 ? -1 : text.lastIndexOf(endOfLine, index - 1)
  const after = text.indexOf(endOfLine, index)
  return { start: Math.max(from, before + 1), end: after < 0 ? text.length : after }
}
