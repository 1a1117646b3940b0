import type { Chunk, Renderer, Screen } from '../../../core/tool.ts'
import { sizeWriter } from '../block-size.ts'
import { type ByteText, bytesOfFields, byteTextOf, rawText } from '../byte-text.ts'
import type { Found } from '../found.ts'
import { onTerminal } from '../printable-path.ts'
import type { FilesEvent } from '../run.ts'
import type { FilesInput, FilesView, FolderEvent, TroubleEvent } from '../schema.ts'
import { problemWords, Remedies } from '../trouble-text.ts'
import { begun } from './colours.ts'
import { type Cell, inColumns, withCommas } from './columns.ts'
import { type LongStyle, longCells } from './long.ts'
import { NameWriter } from './names.ts'

/** What ls(1) prints: each folder's names once all of them are there. */
export function renderLs(input: FilesInput, view: FilesView, screen: Screen): Renderer<FilesEvent> {
  const page = new LsPage(input, view, screen)
  const remedies = new Remedies()
  return event => {
    switch (event.type) {
      case 'entry':
        return page.add(event as Found)
      case 'folder':
        return page.turn(event)
      case 'trouble':
        remedies.add(event)
        return { stderr: `ls: ${doing(event)} '${onTerminal(byteTextOf(event.path))}': ${problemWords(event)}\n` }
      case 'summary':
        return [...page.end(), ...remedies.text('ls')]
      default:
        return undefined
    }
  }
}

const doing = ({ step }: TroubleEvent) => (step === 'enter' ? 'cannot open directory' : 'cannot access')

class LsPage {
  readonly #input: FilesInput
  readonly #view: FilesView
  readonly #format: NonNullable<FilesView['format']>
  readonly #width: number
  readonly #tabSize: number
  readonly #names: NameWriter
  readonly #longStyle: LongStyle
  readonly #blocksText: (bytes: number) => string
  #folder: FolderEvent | undefined
  #held: Found[] = []
  #hasPrinted = false
  #hasColoured = false

  constructor(input: FilesInput, view: FilesView, { isTerminal, columns, colour }: Screen) {
    const hasColour = view.colour === 'always' || (view.colour === 'auto' && colour)
    this.#input = input
    this.#view = view
    this.#format = view.format ?? (isTerminal ? 'columns' : 'single')
    this.#width = view.width ?? columns
    this.#tabSize = hasColour ? 0 : (view.tabSize ?? 8)
    this.#longStyle = { view, time: input.time, sizeText: sizeWriter(view.blockSize, 1), now: Date.now() }
    this.#blocksText = sizeWriter(view.blockSize, 1024)
    const quoting = view.quoting ?? (isTerminal ? 'shell-escape' : 'literal')
    const isPage = (this.#format === 'columns' || this.#format === 'across') && this.#width > 0
    this.#names = new NameWriter({
      quoting,
      hides: view.hideControl ?? isTerminal,
      indicator: view.indicator,
      colour: hasColour,
      isLong: this.#format === 'long',
      aligns: (this.#format === 'long' || isPage) && (quoting === 'shell' || quoting === 'shell-escape'),
    })
  }

  /** What needs no column and no order is printed as it comes. */
  add(found: Found): Chunk | undefined {
    this.#held.push(found)
    const { inodes, blocks } = this.#view
    const isPlain = this.#format === 'single' && !inodes && !blocks && this.#input.sort === 'none'
    return isPlain && this.#folder ? rawText(this.#takeLines()) : undefined
  }

  turn(folder: FolderEvent): Chunk[] {
    const chunks = this.end()
    this.#folder = folder
    if (!this.#input.recursive && this.#input.paths.length <= 1) return chunks
    const gap = this.#hasPrinted ? '\n' : ''
    this.#hasPrinted = true
    return [...chunks, rawText(`${gap}${this.#names.written(bytesOfFields(folder))}:\n`)]
  }

  end(): Chunk[] {
    const hasTotal = this.#folder && (this.#format === 'long' || this.#view.blocks)
    const total = hasTotal ? `total ${this.#blocks(this.#held)}\n` : ''
    this.#hasPrinted ||= this.#held.length > 0
    const text = total + this.#takeLines()
    this.#folder = undefined
    return text === '' ? [] : [rawText(text)]
  }

  #takeLines(): ByteText {
    const held = this.#held
    this.#held = []
    const { text, hasColour } = begun(held.length === 0 ? '' : this.#lines(held), !this.#hasColoured)
    this.#hasColoured ||= hasColour
    return text
  }

  #lines(all: readonly Found[]): ByteText {
    const cells = this.#cells(all)
    switch (this.#format) {
      case 'columns':
      case 'across':
        return inColumns(cells, { width: this.#width, tabSize: this.#tabSize }, this.#format === 'across')
      case 'commas':
        return withCommas(cells, this.#width)
      default:
        return cells.map(({ text }) => `${text}\n`).join('')
    }
  }

  #cells(all: readonly Found[]): Cell[] {
    // What was named keeps its whole path.
    const nameOf = (found: Found) => (found.depth === 0 ? found.pathBytes : found.nameBytes)
    const besideQuotes = this.#names.hasQuotes(all, nameOf)
    const before = this.#before(all)
    return all.map((found, at) => {
      const { text, cells } = this.#names.write(found, nameOf(found), besideQuotes)
      return { text: before[at]! + text, cells: before[at]!.length + cells }
    })
  }

  /** What stands before each name. */
  #before(all: readonly Found[]): ByteText[] {
    const { inodes, blocks } = this.#view
    const column = (texts: string[]) => {
      const width = this.#format === 'commas' ? 0 : texts.reduce((most, { length }) => Math.max(most, length), 0)
      return texts.map(text => `${text.padStart(width)} `)
    }
    const columns = [
      ...(inodes ? [column(all.map(({ status }) => (status ? String(status.inode) : '?')))] : []),
      ...(blocks ? [column(all.map(found => (found.status ? this.#blocks([found]) : '?')))] : []),
      ...(this.#format === 'long' ? [longCells(all, this.#longStyle).map(text => `${text} `)] : []),
    ]
    return all.map((_, at) => columns.map(texts => texts[at]!).join(''))
  }

  #blocks(all: readonly Found[]): string {
    const bytes = all.reduce((sum, { status }) => sum + (status?.blocks ?? 0) * 512, 0)
    return this.#blocksText(bytes)
  }
}
