import type { Screen } from '../../core/tool.ts'

/** Label, the container's cell, the node's. A row without any cell is left out. */
export type Row = [label: string, container?: string | undefined, node?: string | undefined]

export function alignRows(all: readonly Row[], { colour }: Screen): string {
  const rows = all.filter(([, container, node]) => container !== undefined || node !== undefined)
  const hasContainer = rows.some(([, container]) => container !== undefined)
  const head: Row = ['', hasContainer ? 'CONTAINER' : undefined, 'NODE']
  const widths = [0, 1].map(at => Math.max(...[head, ...rows].map(row => row[at]?.length ?? 0)))
  return [head, ...rows]
    .map((row, at) => {
      const line = row
        .map((cell = '', column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      return colour && at === 0 ? `\x1b[1m${line}\x1b[0m\n` : `${line}\n`
    })
    .join('')
}
