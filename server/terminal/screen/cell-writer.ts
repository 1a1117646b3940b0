import { bgFlag, type Core, type CoreLine, codePointMask, combinedFlag, contentMask, widthShift } from './core.ts'
import { isSimple, joinBreak } from './joins.ts'
import { hasBackground, isErased, sgr } from './sgr.ts'

/** Nothing was printed that a character could join. */
const nothing = -1

/** Writes cells as the bytes that print them on an empty screen, and follows the attributes and the link that these set. */
export class CellWriter {
  readonly #core: Core
  readonly #colours: boolean
  readonly #known = new Map<string, string>()
  readonly #parts: string[] = []
  #out = ''
  #fg = 0
  #bg = 0
  #extended = 0
  #link = 0
  /** What was printed last, as far as the next character may join it. */
  #last = nothing
  /** Empty cells passed but not yet moved over. */
  #skip = 0

  /** `colours`: whether attributes are written at all. */
  constructor(core: Core, colours = true) {
    this.#core = core
    this.#colours = colours
  }

  /** Characters so far. */
  length = 0

  /** All that was written, in pieces. */
  take(): string[] {
    this.flush()
    return this.#parts
  }

  flush(): void {
    this.length += this.#out.length
    this.#parts.push(this.#out)
    this.#out = ''
  }

  /** A sequence that changes no attribute. */
  sequence(bytes: string): void {
    this.#out += bytes
    this.#last = nothing
  }

  /** Default attributes: what scrolls in is then empty. */
  plain(): void {
    this.attributes(0, 0, 0)
  }

  attributes(fg: number, bg: number, extended: number): void {
    if (!this.#colours || (fg === this.#fg && bg === this.#bg && extended === this.#extended)) return
    this.#fg = fg
    this.#bg = bg
    this.#extended = extended
    const key = `${fg},${bg},${extended}`
    let bytes = this.#known.get(key)
    if (bytes === undefined) {
      bytes = sgr(fg, bg, extended)
      if (this.#known.size < 4096) this.#known.set(key, bytes)
    }
    this.sequence(bytes)
  }

  link(link: number): void {
    if (link === this.#link) return
    this.#link = link
    const { id, uri } = this.#core._oscLinkService.getLinkData(link) ?? { uri: '' }
    this.sequence(`\x1b]8;${id === undefined ? '' : `id=${id}`};${uri}\x1b\\`)
  }

  /**
   * The cells of a line from `from` to `to`. `wrapped`: the cursor is still past the end of the line above, and the first
   * character goes over to this one; a line that scrolls in then has the background of that character.
   */
  cells(line: CoreLine, from: number, to: number, wrapped: boolean): void {
    this.#skip = 0
    for (let column = from; column < to; ) {
      const content = line._data[column * 3]!
      if ((content & contentMask) === 0) column = this.#empty(line, column, to)
      else column = this.#character(line, column, to, content)
      if (wrapped && hasBackground(this.#bg)) {
        this.plain()
        this.sequence('\x1b[K')
      }
      wrapped = false
    }
  }

  /** Goes over the empty cells passed, where that matters for what comes next. */
  move(matters = true): void {
    if (matters && this.#skip > 0) this.sequence(this.#skip === 1 ? '\x1b[C' : `\x1b[${this.#skip}C`)
    this.#skip = 0
  }

  #empty(line: CoreLine, column: number, to: number): number {
    const fg = line._data[column * 3 + 1]!
    const bg = line._data[column * 3 + 2]!
    let end = column + 1
    while (end < to && isSame(line, end, fg, bg)) end++
    const count = end - column
    if (!this.#colours || (fg === 0 && bg === 0)) this.#skip += count
    else if (isErased(fg, bg)) {
      this.move()
      this.attributes(0, bg, 0)
      this.sequence(`\x1b[${count}X`)
      this.#skip = count
    } else {
      this.move()
      this.#style(line, column)
      this.#out += ' '.repeat(count)
    }
    return end
  }

  #character(line: CoreLine, column: number, to: number, content: number): number {
    this.move()
    this.#style(line, column)
    const width = content >>> widthShift
    // Half of a wide character, where the line was cut.
    if (column + width > to) {
      this.#out += ' '
      return to
    }
    if ((content & combinedFlag) !== 0) this.#cluster(line._combined[column] ?? ' ', width)
    else {
      const codePoint = content & codePointMask
      this.#print(String.fromCodePoint(codePoint), width === 0 ? joining : codePoint)
    }
    return column + (width || 1)
  }

  /** A reflow of the emulator may leave a cluster in a cell of another width: the cells after it must not move. */
  #cluster(text: string, width: number): void {
    const own = this.#core.unicodeService.getStringCellWidth(text)
    if (own === width || width === 0) this.#print(text, joining)
    else this.sequence(own < width ? `${joinBreak}${text}${' '.repeat(width - own)}` : ' '.repeat(width))
  }

  #style(line: CoreLine, column: number): void {
    const fg = line._data[column * 3 + 1]!
    const bg = line._data[column * 3 + 2]!
    const extended = (bg & bgFlag.extended) === 0 ? undefined : line._extendedAttrs[column]
    this.attributes(fg, bg & ~bgFlag.extended, extended?._ext ?? 0)
    this.link(extended?._urlId ?? 0)
  }

  #print(text: string, codePoint: number): void {
    if (this.#last !== nothing && !(isSimple(codePoint) && isSimple(this.#last))) this.#out += joinBreak
    this.#out += text
    this.#last = codePoint
  }
}

/** Stands for any character that may join others. */
const joining = 0x200d

const isSame = (line: CoreLine, column: number, fg: number, bg: number) =>
  (line._data[column * 3]! & contentMask) === 0 &&
  line._data[column * 3 + 1] === fg &&
  line._data[column * 3 + 2] === bg
