import type { Chunk, Screen } from '../../core/tool.ts'
import { durationText } from '../limits/format.ts'
import { noteLines } from '../limits/note-lines.ts'
import { withoutControls } from './controls.ts'
import { dfMounts } from './df-rows.ts'
import { blockName, type SizeForm, sizeText } from './df-size.ts'
import { errnoText } from './errno-text.ts'
import type { DfField, MountEvent, MountsEvent, MountsInput, MountsSummary, MountsView, PathEvent } from './schema.ts'
import { percentOf } from './space.ts'

interface Counts {
  total: bigint
  used: bigint
  available: bigint
}

interface Row {
  source: string
  fsType: string
  file: string
  target: string
  /** In bytes. */
  space: Counts | null
  inodes: Counts | null
}

/** df(1): the whole table at the end, since its widths depend on all. */
export function renderDf(input: MountsInput, view: MountsView, _screen: Screen) {
  const mounts: MountEvent[] = []
  const paths: PathEvent[] = []
  return (event: MountsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'mount') mounts.push(event as MountEvent)
    if (event.type === 'path') paths.push(event as PathEvent)
    return event.type === 'summary' ? table(input, view, mounts, paths, event as MountsSummary) : undefined
  }
}

function table(
  input: MountsInput,
  view: MountsView,
  mounts: readonly MountEvent[],
  paths: readonly PathEvent[],
  { notes }: MountsSummary,
): Chunk[] {
  const chosen: [MountEvent, string][] = input.paths
    ? named(mounts, paths)
    : dfMounts(mounts, view).map(mount => [mount, '-'])
  const problems = [...paths.flatMap(pathProblem), ...new Set(chosen.flatMap(([mount]) => mountProblem(mount)))]
  const rows = chosen.filter(([mount]) => isShown(mount, view)).map(([mount, file]) => rowOf(mount, file))
  if (rows.length === 0)
    return [
      ...problems,
      ...noteLines(notes),
      ...(problems.length > 0 ? [] : [{ stderr: 'df: no file systems processed\n' }]),
    ]
  if (view.total) rows.push(sumOf(rows, view))
  return [...problems, ...noteLines(notes), layOut(rows, view)]
}

const isShown = ({ space, why, coveredBy }: MountEvent, { all }: MountsView) =>
  space !== null || (all && (coveredBy !== null || why === 'EACCES' || why === 'ENOENT'))

function named(mounts: readonly MountEvent[], paths: readonly PathEvent[]): [MountEvent, string][] {
  const byId = new Map(mounts.map(mount => [mount.id, mount]))
  return paths.flatMap(({ path, mountId }) => {
    const mount = mountId === null ? undefined : byId.get(mountId)
    return mount ? [[mount, path] as [MountEvent, string]] : []
  })
}

const pathProblem = ({ path, mountId, why }: PathEvent): Chunk[] =>
  mountId === null && why !== null ? [{ stderr: `df: ${path}: ${errnoText(why)}\n` }] : []

function mountProblem({ mountPoint, space, why, hungMs, coveredBy }: MountEvent): Chunk[] {
  if (space || coveredBy !== null || why === null || why === 'EACCES' || why === 'ENOENT') return []
  const problem = hungMs === null ? errnoText(why) : `has not answered for ${durationText(hungMs)}`
  return [{ stderr: `df: ${mountPoint}: ${problem}\n` }]
}

function rowOf({ source, fsType, mountPoint, space }: MountEvent, file: string): Row {
  const block = BigInt(space?.blockBytes ?? 1)
  return {
    source,
    fsType: space ? fsType : '-',
    file,
    target: mountPoint,
    space: space && {
      total: BigInt(space.blocks) * block,
      used: BigInt(space.blocks - space.blocksFree) * block,
      available: BigInt(space.blocksAvailable) * block,
    },
    inodes: space && {
      total: BigInt(space.inodes),
      used: BigInt(space.inodesUsed),
      available: BigInt(space.inodesFree),
    },
  }
}

function sumOf(rows: readonly Row[], view: MountsView): Row {
  const sum = (pick: (row: Row) => Counts | null): Counts =>
    rows.reduce(
      (all, row) => {
        const one = pick(row)
        return one
          ? { total: all.total + one.total, used: all.used + one.used, available: all.available + one.available }
          : all
      },
      { total: 0n, used: 0n, available: 0n },
    )
  const hasSource = fieldsOf(view).includes('source')
  return {
    source: 'total',
    fsType: '-',
    file: '-',
    target: hasSource ? '-' : 'total',
    space: sum(({ space }) => space),
    inodes: sum(({ inodes }) => inodes),
  }
}

function fieldsOf({ fields, inodes, printType }: MountsView): readonly DfField[] {
  if (fields) return fields
  const numbers: DfField[] = inodes ? ['itotal', 'iused', 'iavail', 'ipcent'] : ['size', 'used', 'avail', 'pcent']
  return ['source', ...(printType ? (['fstype'] as const) : []), ...numbers, 'target']
}

const formOf = ({ human, blockSize = 1024, blockSuffix = '' }: MountsView): SizeForm => ({
  blockSize: BigInt(blockSize),
  ...(human ? { human: human === '1024' ? 1024 : 1000 } : {}),
  suffix: blockSuffix,
})

/** Inodes are counted one by one, and in units only for people. */
const inodeForm = ({ human }: SizeForm): SizeForm => ({ blockSize: 1n, ...(human ? { human } : {}), suffix: '' })

function cellOf(field: DfField, row: Row, form: SizeForm): string {
  const size = (bytes: bigint | undefined) => (bytes === undefined ? '-' : sizeText(bytes, form))
  const count = (inodes: bigint | undefined) => (inodes === undefined ? '-' : sizeText(inodes, inodeForm(form)))
  switch (field) {
    case 'source':
      return withoutControls(row.source)
    case 'fstype':
      return row.fsType
    case 'itotal':
      return count(row.inodes?.total)
    case 'iused':
      return count(row.inodes?.used)
    case 'iavail':
      return count(row.inodes?.available)
    case 'ipcent':
      return percent(row.inodes)
    case 'size':
      return size(row.space?.total)
    case 'used':
      return size(row.space?.used)
    case 'avail':
      return size(row.space?.available)
    case 'pcent':
      return percent(row.space)
    case 'file':
      return withoutControls(row.file)
    case 'target':
      return withoutControls(row.target)
  }
}

function percent(counts: Counts | null): string {
  const value = counts && percentOf(Number(counts.used), Number(counts.available))
  return value === null ? '-' : `${value}%`
}

function headOf(field: DfField, view: MountsView, form: SizeForm): string {
  const isLong = !view.fields && !view.human && !view.posix
  switch (field) {
    case 'source':
      return 'Filesystem'
    case 'fstype':
      return 'Type'
    case 'itotal':
      return 'Inodes'
    case 'iused':
      return 'IUsed'
    case 'iavail':
      return 'IFree'
    case 'ipcent':
      return 'IUse%'
    case 'size':
      if (view.posix && !view.fields) return `${form.blockSize}-blocks`
      return view.human ? 'Size' : `${blockName(form.blockSize, form.suffix)}-blocks`
    case 'used':
      return 'Used'
    case 'avail':
      return isLong || (view.posix && !view.fields) ? 'Available' : 'Avail'
    case 'pcent':
      return view.posix && !view.fields ? 'Capacity' : 'Use%'
    case 'file':
      return 'File'
    case 'target':
      return 'Mounted on'
  }
}

/** The least width of each column, and whether it keeps to the left: field_data[] of df. */
const widths: Record<DfField, [number, boolean]> = {
  source: [14, true],
  fstype: [4, true],
  itotal: [5, false],
  iused: [5, false],
  iavail: [5, false],
  ipcent: [4, false],
  size: [5, false],
  used: [5, false],
  avail: [5, false],
  pcent: [4, false],
  file: [0, true],
  target: [0, true],
}

function layOut(rows: readonly Row[], view: MountsView): string {
  const fields = fieldsOf(view)
  const form = formOf(view)
  const lines = [
    fields.map(field => headOf(field, view, form)),
    ...rows.map(row => fields.map(field => cellOf(field, row, form))),
  ]
  const columns = fields.map((field, at) =>
    lines.reduce((width, line) => Math.max(width, line[at]!.length), widths[field][0]),
  )
  return lines
    .map(
      line =>
        `${line.map((cell, at) => pad(cell, columns[at]!, widths[fields[at]!][1], at === fields.length - 1)).join(' ')}\n`,
    )
    .join('')
}

function pad(cell: string, width: number, isLeft: boolean, isLast: boolean): string {
  if (!isLeft) return cell.padStart(width)
  return isLast ? cell : cell.padEnd(width)
}
