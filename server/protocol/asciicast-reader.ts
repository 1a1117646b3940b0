import type { CastHeader, CastVersion } from './asciicast.ts'
import { maxColumns, maxRows, type TerminalSize } from './frame-fields.ts'

/** Characters of a line: sixty times what ditty writes, and any larger one is no recording of a terminal. */
const maxLineChars = 4 * 1024 * 1024
/** Characters of a file, and its events: a quarter more than ditty's own recordings can have, and what a page can hold. */
const maxChars = 160 * 1024 * 1024
const maxEvents = 2_000_000
/** Thirty years. */
const maxMs = 1e12

/** What is wrong with a file, in one word, for a face to put into its own. */
export type CastFault = 'header' | 'version' | 'size' | 'event' | 'time' | 'resize' | 'longLine' | 'tooLarge' | 'empty'

export class CastError extends Error {
  override readonly name = 'CastError'
  readonly fault: CastFault
  /** Counted from 1. */
  readonly line: number

  constructor(fault: CastFault, line: number) {
    super(`line ${line}: ${fault}`)
    this.fault = fault
    this.line = line
  }
}

export interface CastEvent {
  /** Since the start. */
  ms: number
  code: string
  data: string
  /** Of a resize. */
  size?: TerminalSize
}

export interface Cast {
  version: CastVersion
  header: CastHeader
  events: CastEvent[]
  durationMs: number
}

/** Reads asciicast version 2 and 3 piece by piece. A file may hold anything: whatever is no cast is a CastError. */
export class CastReader {
  #cut = ''
  #line = 0
  #chars = 0
  #ms = 0
  #cast: Cast | undefined

  push(text: string): void {
    this.#chars += text.length
    if (this.#chars > maxChars) throw new CastError('tooLarge', this.#line + 1)
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#take(this.#cut + text.slice(from, end))
      this.#cut = ''
      from = end + 1
    }
    this.#cut += text.slice(from)
    if (this.#cut.length > maxLineChars) throw new CastError('longLine', this.#line + 1)
  }

  /** A last line that was cut off, as of a recorder that was killed, is passed over. */
  end(): Cast {
    const cut = this.#cut
    if (cut && (this.#line === 0 || isJson(cut))) this.#take(cut)
    if (!this.#cast) throw new CastError('empty', 1)
    this.#cast.durationMs = this.#ms
    return this.#cast
  }

  #take(line: string): void {
    this.#line++
    if (line.length > maxLineChars) throw new CastError('longLine', this.#line)
    if (!this.#cast) this.#cast = this.#readHeader(line)
    else if (line.trim() !== '' && !line.startsWith('#')) this.#readEvent(line, this.#cast)
  }

  #readHeader(line: string): Cast {
    const raw = parse(line)
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new CastError('header', this.#line)
    const { version, term, title, width, height } = raw as Record<string, unknown>
    if (version !== 2 && version !== 3) throw new CastError('version', this.#line)
    const { cols, rows } = (version === 3 ? Object(term) : { cols: width, rows: height }) as Record<string, unknown>
    const size = sizeOf(cols, rows)
    if (!size) throw new CastError('size', this.#line)
    const header = { ...size, title: typeof title === 'string' ? title.slice(0, 200) : undefined }
    return { version, header, events: [], durationMs: 0 }
  }

  #readEvent(line: string, { version, events }: Cast): void {
    const raw = parse(line)
    if (!Array.isArray(raw)) throw new CastError('event', this.#line)
    const [seconds, code, data] = raw
    if (typeof code !== 'string' || code === '' || typeof data !== 'string') throw new CastError('event', this.#line)
    this.#ms = this.#timeOf(version, seconds)
    if (events.length >= maxEvents) throw new CastError('tooLarge', this.#line)
    const event: CastEvent = { ms: this.#ms, code, data }
    if (code === 'r') event.size = this.#resizeOf(data)
    events.push(event)
  }

  /** Never back: clocks of some recorders did go back a little. */
  #timeOf(version: CastVersion, seconds: unknown): number {
    const ms = typeof seconds === 'number' ? seconds * 1000 : Number.NaN
    const since = version === 3 ? this.#ms + ms : Math.max(this.#ms, ms)
    if (!(ms >= 0 && since <= maxMs)) throw new CastError('time', this.#line)
    return since
  }

  #resizeOf(data: string): TerminalSize {
    const [, cols, rows] = /^(\d+)x(\d+)$/.exec(data) ?? []
    const size = sizeOf(Number(cols), Number(rows))
    if (!size) throw new CastError('resize', this.#line)
    return size
  }
}

function sizeOf(cols: unknown, rows: unknown): TerminalSize | undefined {
  const fits = (value: unknown, most: number): value is number =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
  return fits(cols, maxColumns) && fits(rows, maxRows) ? { cols, rows } : undefined
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const isJson = (line: string) => parse(line) !== undefined
