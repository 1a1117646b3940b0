import type { Chunk, Screen } from '../../core/tool.ts'
import { durationText } from '../limits/format.ts'
import { noteLines } from '../limits/note-lines.ts'
import { errnoText } from './errno-text.ts'
import { mergedOptions } from './options.ts'
import type {
  FindmntColumn,
  MountEvent,
  MountsEvent,
  MountsInput,
  MountsSummary,
  MountsView,
  PathEvent,
} from './schema.ts'

/** findmnt(8): all at the end, since widths and branches depend on what follows. */
export function renderFindmnt(_input: MountsInput, view: MountsView, screen: Screen) {
  const mounts: MountEvent[] = []
  const problems: Chunk[] = []
  return (event: MountsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'mount') mounts.push(event as MountEvent)
    if (event.type === 'path') problems.push(...pathProblem(event as PathEvent))
    if (event.type !== 'summary') return undefined
    const { pid, notes } = event as MountsSummary
    for (const mount of mounts) problems.push(...hungProblem(mount))
    return [...problems, ...noteLines(notes), layOut(mounts, pid, view, screen)]
  }
}

const pathProblem = ({ path, mountId, why }: PathEvent): Chunk[] =>
  mountId === null && why !== null ? [{ stderr: `findmnt: ${path}: ${errnoText(why)}\n` }] : []

const hungProblem = ({ mountPoint, hungMs }: MountEvent): Chunk[] =>
  hungMs === null ? [] : [{ stderr: `findmnt: ${mountPoint}: has not answered for ${durationText(hungMs)}\n` }]

const usual: FindmntColumn[] = ['TARGET', 'SOURCE', 'FSTYPE', 'OPTIONS']

function layOut(mounts: readonly MountEvent[], pid: number, view: MountsView, screen: Screen): string {
  if (mounts.length === 0) return ''
  const columns = view.columns ?? usual
  const rows =
    view.form === 'tree' && columns.includes('TARGET') ? treeOf(mounts) : mounts.map(mount => ({ mount, branch: '' }))
  const cells = rows.map(({ mount, branch }) =>
    columns.map(column => (column === 'TARGET' ? branch : '') + cellOf(column, mount, pid, view)),
  )
  if (view.form === 'pairs') return cells.map(row => pairs(columns, row)).join('')
  const head = view.headings ? [[...columns] as string[]] : []
  if (view.form === 'raw') return [...head, ...cells].map(row => `${row.map(raw).join(' ')}\n`).join('')
  return aligned(
    [...head, ...cells.map(row => row.map(visible))],
    columns,
    view.truncate && screen.isTerminal ? screen.columns : undefined,
  )
}

const pairs = (columns: readonly FindmntColumn[], row: readonly string[]) =>
  `${row.map((cell, at) => `${columns[at]}="${escaped(cell, /[\x00-\x1f\x7f"\\$`]/g)}"`).join(' ')}\n`

const raw = (cell: string) => escaped(cell, /[\x00-\x20\x7f\\]/g)

/** As libsmartcols has them. */
const visible = (cell: string) => escaped(cell, /[\x00-\x1f\x7f]/g)

/** As `\x09`. Which bytes were no UTF-8 is no longer known. */
const escaped = (text: string, which: RegExp) =>
  text
    .replace(which, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll('\ufffd', '?')

const toTheRight: readonly string[] = ['ID', 'PARENT', 'TID', 'SIZE', 'USED', 'AVAIL', 'USE%']

/** Least widths: that of the heading, and what libsmartcols gives the column. */
function aligned(rows: readonly string[][], columns: readonly FindmntColumn[], limit: number | undefined): string {
  const widths = columns.map((_, at) => rows.reduce((width, row) => Math.max(width, row[at]!.length), 0))
  return rows
    .map(row => {
      const line = row.map((cell, at) =>
        pad(cell, widths[at]!, toTheRight.includes(columns[at]!), at === row.length - 1),
      )
      return `${line.join(' ').slice(0, limit)}\n`
    })
    .join('')
}

function pad(cell: string, width: number, isRight: boolean, isLast: boolean): string {
  if (isRight) return cell.padStart(width)
  return isLast ? cell : cell.padEnd(width)
}

interface Row {
  mount: MountEvent
  branch: string
}

/** Characters of branches in front of a mount: thousands on top of each other shall not fill the memory with them. */
const deepest = 200

/** Each below the nearest of its ancestors that is shown, in the order of their ids, as libmount walks. */
function treeOf(mounts: readonly MountEvent[]): Row[] {
  const children = new Map<number | null, MountEvent[]>()
  for (const mount of mounts) {
    const parent = mount.listedBelow
    const siblings = children.get(parent)
    if (siblings) siblings.push(mount)
    else children.set(parent, [mount])
  }
  for (const siblings of children.values()) siblings.sort((one, other) => one.id - other.id)
  const rows: Row[] = []
  const todo = (children.get(null) ?? []).reverse().map(mount => ({ mount, lead: '', own: '' }))
  for (let next = todo.pop(); next; next = todo.pop()) {
    rows.push({ mount: next.mount, branch: next.lead + next.own })
    const isDeep = next.own === '' || next.lead.length >= deepest
    const below = isDeep ? next.lead : next.lead + (next.own === '├─' ? '│ ' : '  ')
    const siblings = children.get(next.mount.id) ?? []
    for (const [at, mount] of siblings.toReversed().entries())
      todo.push({ mount, lead: below, own: at === 0 ? '└─' : '├─' })
  }
  return rows
}

function cellOf(column: FindmntColumn, mount: MountEvent, pid: number, view: MountsView): string {
  const { space } = mount
  const size = (bytes: number | undefined) => (bytes === undefined ? '' : view.bytes ? String(bytes) : humanSize(bytes))
  switch (column) {
    case 'TARGET':
      return mount.mountPoint
    case 'SOURCE':
      return view.fsRoot && mount.root !== '/' ? `${mount.source}[${mount.root}]` : mount.source
    case 'FSTYPE':
      return mount.fsType
    case 'OPTIONS':
      return mergedOptions(mount)
    case 'VFS-OPTIONS':
      return mount.mountOptions.join(',')
    case 'FS-OPTIONS':
      return mount.superOptions.join(',')
    case 'OPT-FIELDS':
      return mount.optionalFields.join(' ')
    case 'PROPAGATION':
      return mount.propagation.join(',')
    case 'MAJ:MIN':
      return view.form === 'raw' || view.form === 'pairs' ? mount.device : deviceCell(mount.device)
    case 'FSROOT':
      return mount.root
    case 'ID':
      return String(mount.id)
    case 'PARENT':
      return String(mount.parentId)
    case 'TID':
      return String(pid)
    case 'SIZE':
      return size(space?.sizeBytes)
    case 'USED':
      return size(space?.usedBytes)
    case 'AVAIL':
      return size(space?.availableBytes)
    case 'USE%':
      return space ? usedShare(space.blocks, space.blocksFree) : ''
  }
}

/** The colons stand below each other. */
function deviceCell(device: string): string {
  const [major = '', minor = ''] = device.split(':')
  return `${major.padStart(3)}:${minor.padEnd(3)}`
}

const usedShare = (blocks: number, free: number) =>
  blocks === 0 ? '-' : `${Math.round(((blocks - free) / blocks) * 100)}%`

/** size_to_human_string() of util-linux: one decimal, rounded half up, none where it would be zero. */
function humanSize(bytes: number): string {
  if (bytes === 0) return '0'
  const letters = 'BKMGTPE'
  let power = 0
  while (bytes >= 1024 ** (power + 1) && power < letters.length - 1) power++
  const unit = 1024 ** power
  const whole = Math.floor(bytes / unit)
  const tenth = Math.floor((Math.floor(((bytes % unit) * 1000) / unit) + 50) / 100)
  if (tenth === 10) return `${whole + 1}${letters[power]}`
  return `${whole}${tenth > 0 ? `.${tenth}` : ''}${letters[power]}`
}
