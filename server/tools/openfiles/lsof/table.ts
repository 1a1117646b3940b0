import type { Chunk } from '../../../core/tool.ts'
import { escapedCommand } from '../escape.ts'
import type { FileEvent, View } from '../schema.ts'
import { deviceCell, fdCell, nameCell, nodeCell, sizeCell } from './cells.ts'

interface Column {
  title: string
  /** Commands alone begin at the left. */
  isLeft?: boolean
  cell(file: FileEvent): string
}

/** Columns as lsof(8) sets them: as wide as what stands in them, the name last. */
export class LsofTable {
  readonly #columns: Column[]
  readonly #view: View
  readonly #widths: number[]
  readonly #rows: string[][] = []

  constructor(view: View) {
    this.#view = view
    this.#columns = columnsOf(view)
    this.#widths = this.#columns.map(({ title }) => title.length)
  }

  add(file: FileEvent): void {
    const row = this.#columns.map(({ cell }) => cell(file))
    for (let at = 0; at < row.length; at++) if (row[at]!.length > this.#widths[at]!) this.#widths[at] = row[at]!.length
    row.push(nameCell(file, this.#view))
    this.#rows.push(row)
  }

  /** Nothing at all where nothing was found. */
  *lines(): Generator<Chunk> {
    if (this.#rows.length === 0) return
    yield this.#line([...this.#columns.map(({ title }) => title), 'NAME'])
    for (const row of this.#rows) yield this.#line(row)
  }

  #line(row: readonly string[]): string {
    let line = ''
    for (const [at, { isLeft }] of this.#columns.entries()) {
      const cell = row[at]!
      const width = this.#widths[at]!
      line += isLeft ? cell.padEnd(width) : ` ${cell.padStart(width)}`
    }
    return `${line} ${row.at(-1)}\n`
  }
}

function columnsOf(view: View): Column[] {
  const width = view.commandWidth === 0 ? Number.POSITIVE_INFINITY : view.commandWidth
  const when = (isShown: boolean, column: Column) => (isShown ? [column] : [])
  return [
    { title: 'COMMAND', isLeft: true, cell: ({ comm }) => escapedCommand(comm.slice(0, width)) },
    { title: 'PID', cell: ({ pid }) => String(pid) },
    ...when(view.parents, { title: 'PPID', cell: ({ ppid }) => String(ppid) }),
    ...when(view.groups, { title: 'PGID', cell: ({ pgid }) => String(pgid) }),
    { title: 'USER', cell: ({ uid, user }) => (view.numericUsers ? String(uid) : user) },
    { title: '  FD  ', cell: fdCell },
    { title: 'TYPE', cell: ({ kind }) => kind },
    { title: 'DEVICE', cell: deviceCell },
    { title: sizeTitles[view.size], cell: file => sizeCell(file, view) },
    ...when(view.links, { title: 'NLINK', cell: ({ links }) => (links === null ? '' : String(links)) }),
    { title: 'NODE', cell: nodeCell },
  ]
}

const sizeTitles: Record<View['size'], string> = { auto: 'SIZE/OFF', size: 'SIZE', offset: 'OFFSET' }
