import type { FileInfo } from '../api/container-files.ts'

export type Column = 'name' | 'size' | 'modified'

/** Folders first; a second press on a column turns it round. */
export interface Order {
  column: Column
  isReversed: boolean
}

const collator = new Intl.Collator(undefined, { numeric: true })

const comparisons: Record<Column, (one: FileInfo, other: FileInfo) => number> = {
  name: (one, other) => collator.compare(one.name, other.name),
  size: (one, other) => (other.sizeBytes ?? -1) - (one.sizeBytes ?? -1),
  modified: (one, other) => (other.modifiedTime ?? '').localeCompare(one.modifiedTime ?? ''),
}

export function ordered(entries: readonly FileInfo[], { column, isReversed }: Order): FileInfo[] {
  const compare = comparisons[column]
  const sign = isReversed ? -1 : 1
  return entries.toSorted(
    (one, other) =>
      Number(isFolder(other)) - Number(isFolder(one)) || sign * compare(one, other) || comparisons.name(one, other),
  )
}

export const isFolder = ({ type, linkType }: FileInfo) => type === 'directory' || linkType === 'directory'
