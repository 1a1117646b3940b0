import type { TimeSlice } from '../../core/time-slice.ts'
import { containerLabel } from '../../linux/target.ts'
import { fieldOf, type TopField } from './fields.ts'
import type { Row } from './row.ts'

type Value = string | number | null

export const fieldValue = (row: Row, field: TopField): Value =>
  field === 'container' ? containerLabel(row.container) : row[field]

/** Sorts by a field, `-` before it for descending; what is equal stays in order of pid. What costs a read is read in slices before. */
export async function sortRows(rows: Row[], sort: string, slice: TimeSlice): Promise<Row[]> {
  const field = fieldOf(sort.replace(/^[+-]/, ''), 'sort')
  const sign = sort.startsWith('-') ? -1 : 1
  const keyed: [Value, Row][] = []
  for (const row of rows) {
    keyed.push([fieldValue(row, field), row])
    if (slice.due) await slice.turn()
  }
  return keyed.sort(([a], [b]) => sign * compare(a, b)).map(([, row]) => row)
}

export function compare(a: Value, b: Value): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** Children under their parents, siblings in the order they come in. Threads stand under their process. */
export function growTree(rows: readonly Row[]): Row[] {
  const byId = new Map(rows.map(row => [row.tid, row]))
  const parentOf = (row: Row) => {
    const id = row.tid === row.pid ? row.ppid : row.pid
    return id !== row.tid && byId.has(id) ? id : 0
  }
  const children = Map.groupBy(rows, parentOf)
  const ordered: Row[] = []
  // An explicit stack: a chain of 30,000 nested shells must not overflow ours.
  const stack = (children.get(0) ?? []).map(row => ({ row, level: 0 })).reverse()
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { row, level } = top
    row.treeLevel = level
    ordered.push(row)
    for (const child of (children.get(row.tid) ?? []).toReversed()) stack.push({ row: child, level: level + 1 })
  }
  return ordered
}
