import type { Chunk, Screen } from '../../core/tool.ts'
import { bytesText } from '../limits/format.ts'
import { noteLines } from '../limits/note-lines.ts'
import { printable } from '../processes/printable.ts'
import type { OsEvent, OsInput, OsSummary, OsView, OwnerEvent } from './schema.ts'
import { type Row, rowsOf } from './text-rows.ts'

/** A page of labels and what stands behind them; packages as a table of their own, a line as each is read. */
export function renderOs(input: OsInput, _view: OsView, screen: Screen) {
  const page = new Page(screen)
  const isPage = input.packages === undefined && input.ownerOf === undefined
  return (event: OsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'body') return undefined
    if (event.type === 'summary') return [page.end(), ...unmatchedLines(event), ...noteLines(event.notes)]
    if (event.type === 'package') return packageLine(event)
    if (event.type === 'owner') return ownerLine(event)
    return isPage ? page.add(event) : databaseTrouble(event)
  }
}

/** As dpkg -S has it. */
export const ownerLine = ({ package: name, architecture, format, path }: OwnerEvent) =>
  `${printable(format === 'dpkg' && architecture ? `${name}:${architecture}` : name)}: ${printable(path)}\n`

/** A database that could not be read to its end, beside what was. */
export const databaseTrouble = (event: OsEvent): Chunk | undefined =>
  event.type === 'packageDatabase' && event.problem ? { stderr: `${event.path}: ${event.problem}\n` } : undefined

/** Shells and package managers come one by one, and stand in one row. */
class Page {
  readonly #screen: Screen
  #kept: { label: string; words: string[] } | undefined

  constructor(screen: Screen) {
    this.#screen = screen
  }

  add(event: Exclude<OsEvent, { type: 'summary' }>): string {
    if (event.type === 'shell' || event.type === 'packageManager') {
      const label = event.type === 'shell' ? 'Shells' : 'Package managers'
      const flushed = this.#kept?.label === label ? '' : this.end()
      this.#kept ??= { label, words: [] }
      const target = event.type === 'shell' && event.target ? ` → ${event.target}` : ''
      this.#kept.words.push(printable(event.path + target))
      return flushed
    }
    return this.end() + this.#lines(rowsOf(event))
  }

  end(): string {
    const kept = this.#kept
    this.#kept = undefined
    return kept ? this.#lines([[kept.label, kept.words.join(', ')]]) : ''
  }

  #lines(rows: readonly Row[]): string {
    return rows.map(([label, text, kind]) => this.#line(label, printable(text), kind)).join('')
  }

  /** Long texts go on below where they began. */
  #line(label: string, text: string, kind?: 'problem'): string {
    const { colour, columns } = this.#screen
    const room = Math.max(20, columns - labelCells)
    const lines = wrap(kind ? `! ${text}` : text, room)
    const paint = (line: string) => (colour && kind ? `\x1b[33m${line}\x1b[0m` : line)
    const head = colour ? `\x1b[1m${label.padEnd(labelCells)}\x1b[0m` : label.padEnd(labelCells)
    return lines.map((line, at) => `${at === 0 ? head : ' '.repeat(labelCells)}${paint(line)}\n`).join('')
  }
}

const labelCells = 18

function wrap(text: string, cells: number): string[] {
  const lines: string[] = []
  for (let rest = text; ; ) {
    const cut = rest.length <= cells ? rest.length : Math.max(rest.lastIndexOf(' ', cells), 0) || cells
    lines.push(rest.slice(0, cut))
    rest = rest.slice(cut).trimStart()
    if (rest === '') return lines
  }
}

const nameCells = 32
const versionCells = 28

function packageLine({
  name,
  version,
  architecture,
  sizeBytes,
  state,
  summary,
}: Extract<OsEvent, { type: 'package' }>) {
  const size = sizeBytes === null ? '' : bytesText(sizeBytes)
  const told = [state === 'installed' ? '' : `(${state})`, summary].filter(Boolean).join(' ')
  const cells = [name.padEnd(nameCells), version.padEnd(versionCells), (architecture ?? '').padEnd(8), size.padStart(9)]
  return `${printable(`${cells.join(' ')}  ${told}`.trimEnd())}\n`
}

const unmatchedLines = ({ unmatched }: OsSummary): Chunk[] =>
  unmatched.map(word => ({
    stderr: word.startsWith('/')
      ? `no package brought ${printable(word)}\n`
      : `no package is named like ${printable(word)}\n`,
  }))
