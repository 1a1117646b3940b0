export interface Column {
  title: string
  align: 'left' | 'right'
  /** Blank before it, unless it comes first. */
  gap: 0 | 1 | 2
}

/** Rows of cells as lines, each column as wide as its widest cell or shown title, all padded to their width as ss pads them. */
export function alignColumns(columns: readonly Column[], rows: readonly string[][], header: boolean): string {
  const widths = columns.map(({ title }, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]!.length), header ? title.length : 0),
  )
  const line = (cells: readonly string[]) =>
    columns.map((column, at) => padded(column, cells[at]!, widths[at]!, at === 0)).join('')
  const titles = header ? [columns.map(({ title }) => title)] : []
  return [...titles, ...rows].map(cells => `${line(cells)}\n`).join('')
}

function padded({ align, gap }: Column, cell: string, width: number, isFirst: boolean): string {
  const text = align === 'left' ? cell.padEnd(width) : cell.padStart(width)
  return isFirst ? text : ' '.repeat(gap) + text
}
