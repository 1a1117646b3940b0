import { cellsOf, cutToCells } from './cells.ts'
import type { Column } from './columns.ts'
import type { PsProcess } from './schema.ts'

/** Cells of a last column that is text, at the least; a screen too narrow for that wraps lines instead. */
const leastLastWidth = 3

/**
 * Rows as procps lays them out: a value too wide for its column pushes the next ones on only until a column with room to spare
 * takes the space back, so lines fall into step again.
 */
export class Table {
  readonly #columns: readonly Column[]
  /** Cells in a line; Infinity unless on a terminal. */
  readonly #cells: number

  constructor(columns: readonly Column[], screenCells: number) {
    this.#columns = columns
    this.#cells = screenCells
    const least =
      columns.reduce((sum, column) => sum + 1 + column.width, -1) - (columns.at(-1)?.width ?? 0) + leastLastWidth
    while (this.#cells < least) this.#cells += screenCells
  }

  /** Empty when every header was blanked, as with `-o pid=`. */
  header(): string {
    const headers = this.#columns.map(({ header }) => header)
    return headers.every(header => header === '') ? '' : this.#line(headers, text => text)
  }

  row(process: PsProcess): string {
    return this.#line(
      this.#columns.map(column => column.value(process)),
      cut,
    )
  }

  #line(values: readonly string[], shorten: typeof cut): string {
    let line = ''
    let length = 0
    let correct = 0
    for (const [index, column] of this.#columns.entries()) {
      const last = index === this.#columns.length - 1
      const room = last ? this.#cells - Math.max(correct, length + (index > 0 ? 1 : 0)) : column.width
      const text = shorten(values[index] ?? '', column, last, room)
      const cells = cellsOf(text)
      const pad = column.align === 'right' || column.align === 'pid' ? Math.max(0, column.width - cells) : 0
      const space = Math.max(correct - length + pad, index > 0 ? 1 : 0)
      line += ' '.repeat(space) + text
      length += space + cells
      correct += column.width + 1
    }
    return `${line}\n`
  }
}

/** Headers are never cut, numbers neither. */
function cut(value: string, { align }: Column, last: boolean, room: number): string {
  if (cellsOf(value) <= room) return value
  if (align === 'text') return cutToCells(value, room)
  return align === 'user' && !last ? `${cutToCells(value, room - 1)}+` : value
}
