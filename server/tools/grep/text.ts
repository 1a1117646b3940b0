import { isUtf8 } from 'node:buffer'
import { Payload } from '../../core/payload.ts'
import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import { standardInput } from '../contents/paths.ts'
import type { TroubleEvent } from '../contents/trouble.ts'
import { remedyLine } from '../contents/trouble-text.ts'
import { Line } from './line.ts'
import type { FileEvent, GrepEvent, GrepInput, GrepView } from './schema.ts'

/** SGR parameters, as GREP_COLORS has them by default. */
const colours = { match: '01;31', name: '35', number: '32', separator: '36' } as const

/** As grep(1) shows it, whoever it is called by. */
export const renderGrep =
  (command: string) =>
  (input: GrepInput, view: GrepView, screen: Screen): Renderer<GrepEvent | Payload> => {
    const text = new GrepText(command, input, view, screen)
    return event => (event instanceof Payload ? undefined : text.of(event))
  }

class GrepText {
  readonly #command: string
  readonly #input: GrepInput
  readonly #view: GrepView
  readonly #isColoured: boolean
  readonly #end: string
  readonly #hasGroups: boolean
  #shown: { path: string; end: number } | undefined
  /** Lines that are no text, left out behind what was shown. */
  #hidden = { lines: 0, end: 0 }
  #hasHidden = false

  constructor(command: string, input: GrepInput, view: GrepView, screen: Screen) {
    this.#command = command
    this.#input = input
    this.#view = view
    this.#isColoured = view.color === 'always' || (view.color === 'auto' && screen.isTerminal && screen.colour)
    this.#end = input.nullData ? '\0' : '\n'
    this.#hasGroups = (input.before > 0 || input.after > 0) && view.groupSeparator !== ''
  }

  of(event: GrepEvent): Chunk | Chunk[] | undefined {
    if (event instanceof Line) return this.#view.quiet ? undefined : this.#lines(event)
    switch (event.type) {
      case 'file':
        return this.#view.quiet ? undefined : this.#file(event)
      case 'trouble':
        return this.#view.noMessages ? undefined : [this.#trouble(event)]
      default:
        return undefined
    }
  }

  #lines(line: Line): Chunk[] {
    if (!this.#view.onlyMatching && !this.#isShown(line.bytes)) {
      this.#hide(line)
      return []
    }
    const gap = this.#gap(line)
    if (!this.#view.onlyMatching) {
      const body = this.#isColoured ? this.#painted(line) : [line.bytes]
      return [...gap, joined([this.#head(line, line.byteOffset), ...body, this.#end])]
    }
    return [
      ...gap,
      ...line.submatches.flatMap(({ start, end }) => {
        const match = line.bytes.subarray(start, end)
        this.#hasHidden ||= !this.#isShown(match)
        const head = this.#head(line, line.byteOffset + start)
        return this.#isShown(match) ? joined([head, ...this.#paint(colours.match, match), this.#end]) : []
      }),
    ]
  }

  #isShown(bytes: Uint8Array): boolean {
    return this.#input.binary === 'text' || isUtf8(bytes)
  }

  #hide({ byteOffset, bytes }: Line): void {
    const follows = byteOffset === (this.#hidden.lines > 0 ? this.#hidden.end : this.#shown?.end)
    this.#hidden = { lines: follows ? this.#hidden.lines + 1 : Infinity, end: byteOffset + bytes.length + 1 }
    this.#hasHidden = true
  }

  /** A hidden line counts as shown where it would have been shown as one before this, too: as GNU grep has it. */
  #gap({ path, byteOffset, bytes }: Line): Chunk[] {
    if (!this.#hasGroups) return []
    const { lines, end } = this.#hidden
    const before = this.#shown
    this.#shown = { path, end: byteOffset + bytes.length + 1 }
    this.#hidden = { lines: 0, end: 0 }
    if (!before) return []
    const isNext =
      before.path === path && (before.end === byteOffset || (end === byteOffset && lines <= this.#input.before))
    return isNext ? [] : [`${this.#coloured(colours.separator, this.#view.groupSeparator)}\n`]
  }

  #painted({ bytes, submatches }: Line): (string | Uint8Array)[] {
    const parts: (string | Uint8Array)[] = []
    let at = 0
    for (const { start, end } of submatches) {
      parts.push(bytes.subarray(at, start), ...this.#paint(colours.match, bytes.subarray(start, end)))
      at = end
    }
    parts.push(bytes.subarray(at))
    return parts
  }

  #head({ path, type, lineNumber }: Line, byteOffset: number): string {
    const separator = this.#coloured(colours.separator, type === 'match' ? ':' : '-')
    const { lineNumber: showsNumber, byteOffset: showsOffset, initialTab, zeroAfterName } = this.#view
    let head = ''
    if (this.#showsName(path)) head += this.#name(path) + (zeroAfterName ? '\0' : separator)
    if (showsNumber && lineNumber !== null) head += this.#number(lineNumber) + separator
    if (showsOffset) head += this.#number(byteOffset) + separator
    return initialTab && head !== '' ? `${head}\t` : head
  }

  #number(number: number): string {
    return this.#coloured(colours.number, String(number).padStart(this.#view.initialTab ? 3 : 0))
  }

  #showsName(path: string): boolean {
    const { names } = this.#view
    if (names !== 'auto') return names === 'always'
    const { paths, recursive } = this.#input
    return paths.length > 1 || (recursive !== 'no' && path !== (paths[0] ?? standardInput))
  }

  #name(path: string): string {
    return this.#coloured(colours.name, path === standardInput ? this.#view.label : path)
  }

  #file(event: FileEvent): Chunk | Chunk[] {
    const { zeroAfterName } = this.#view
    const { path, matches } = event
    const name = this.#name(path)
    if (this.#input.want === 'count') {
      const separator = zeroAfterName ? '\0' : this.#coloured(colours.separator, ':')
      return `${this.#showsName(path) ? name + separator : ''}${matches}\n`
    }
    if (this.#input.want === 'lines') {
      const isTold = this.#input.binary === 'binary' && (event.isBinary || this.#hasHidden)
      this.#hasHidden = false
      this.#shown ??= { path, end: 0 }
      const shown = path === standardInput ? this.#view.label : path
      return isTold ? { stderr: `${this.#command}: ${shown}: binary file matches\n` } : []
    }
    return `${name}${zeroAfterName ? '\0' : '\n'}`
  }

  #trouble(event: TroubleEvent): Chunk {
    const { path, problem } = event
    return { stderr: `${this.#command}: ${path}: ${problem}\n${remedyLine(this.#command, event)}` }
  }

  #paint(colour: string, bytes: Uint8Array): (string | Uint8Array)[] {
    return this.#isColoured ? [`\x1b[${colour}m\x1b[K`, bytes, '\x1b[m\x1b[K'] : [bytes]
  }

  #coloured(colour: string, text: string): string {
    return this.#isColoured ? `\x1b[${colour}m\x1b[K${text}\x1b[m\x1b[K` : text
  }
}

/** Text where it is some, so that many lines become one. */
function joined(parts: (string | Uint8Array)[]): string | Uint8Array {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else if (isUtf8(part)) text += Buffer.from(part.buffer, part.byteOffset, part.length).toString()
    else return Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)))
  }
  return text
}
