import type { Chunk, Screen } from '../../core/tool.ts'
import { bytesText } from '../limits/format.ts'
import { noteLines } from '../limits/note-lines.ts'
import { printable } from '../processes/printable.ts'
import { errnoText } from './errno-text.ts'
import type {
  FindingEvent,
  MountEvent,
  MountsEvent,
  MountsInput,
  MountsSummary,
  MountsView,
  PathEvent,
} from './schema.ts'

/** A table of what a person would ask about, and below it what is wrong. */
export function renderMounts(_input: MountsInput, view: MountsView, screen: Screen) {
  const mounts: MountEvent[] = []
  const findings: FindingEvent[] = []
  const paths: PathEvent[] = []
  return (event: MountsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'mount') mounts.push(event as MountEvent)
    if (event.type === 'finding') findings.push(event as FindingEvent)
    if (event.type === 'path') paths.push(event as PathEvent)
    if (event.type !== 'summary') return undefined
    const summary = event as MountsSummary
    const shown = view.all || paths.length > 0 ? mounts : mounts.filter(isWorthShowing)
    const hidden = mounts.length - shown.length
    return [
      table(shown, screen),
      hidden > 0 ? `${hidden} of the kernel's own and masks over /proc and /sys not shown: --all\n` : '',
      ...paths.map(path => pathLine(path, mounts)),
      ...findings.map(finding => findingLine(finding, screen)),
      ...noteLines(summary.notes),
    ]
  }
}

const isWorthShowing = ({ kind, hungMs }: MountEvent) => (kind !== 'kernel' && kind !== 'masked') || hungMs !== null

const columns = ['MOUNTED ON', 'KIND', 'TYPE', 'SIZE', 'AVAIL', 'USE%', 'INODES', 'OPTIONS', 'SOURCE'] as const
const toTheRight: readonly string[] = ['SIZE', 'AVAIL', 'USE%', 'INODES']

function table(mounts: readonly MountEvent[], { colour, columns: limit, isTerminal }: Screen): string {
  if (mounts.length === 0) return ''
  const rows: string[][] = [[...columns], ...mounts.map(cellsOf)]
  const widths = columns.map((_, at) => rows.reduce((width, row) => Math.max(width, row[at]!.length), 0))
  return rows
    .map((row, at) => {
      const cells = row.map((cell, at) =>
        toTheRight.includes(columns[at]!) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      const line = cells
        .join('  ')
        .trimEnd()
        .slice(0, isTerminal ? limit : undefined)
      return colour && at === 0 ? `\x1b[1m${line}\x1b[0m\n` : `${line}\n`
    })
    .join('')
}

function cellsOf(mount: MountEvent): string[] {
  const { space } = mount
  const percent = (value: number | null | undefined) => (typeof value === 'number' ? `${value}%` : '-')
  return [
    printable(mount.mountPoint),
    printable(mount.volume === null ? mount.kind : `${mount.kind} ${mount.volume}`),
    mount.fsType,
    space ? bytesText(space.sizeBytes) : '-',
    space ? bytesText(Math.max(0, space.availableBytes)) : '-',
    space ? percent(space.usedPercent) : wordOf(mount),
    percent(space?.inodesUsedPercent),
    remarksOf(mount).join(',') || '-',
    printable(mount.root === '/' ? mount.source : `${mount.source}[${mount.root}]`),
  ]
}

function wordOf({ hungMs, coveredBy, why }: MountEvent): string {
  if (hungMs !== null) return 'hung'
  if (coveredBy !== null) return 'covered'
  return why === null || why === 'not looked at' ? '-' : why
}

/** What keeps a program from writing or executing there, and how an overlay is made. */
function remarksOf({ mountOptions, superOptions, readOnly, lowerLayers, upperDirectory }: MountEvent): string[] {
  const limits = ['noexec', 'nosuid', 'nodev'].filter(option => mountOptions.includes(option))
  const layers = lowerLayers === null ? [] : [`${lowerLayers} lower${upperDirectory === null ? ', no upper' : ''}`]
  return [readOnly || superOptions.includes('ro') ? 'ro' : 'rw', ...limits, ...layers]
}

function pathLine({ path, mountId, why }: PathEvent, mounts: readonly MountEvent[]): Chunk {
  const mount = mounts.find(({ id }) => id === mountId)
  if (!mount) return { stderr: `${printable(path)}: ${errnoText(why ?? 'ENOENT')}\n` }
  return `${printable(path)} is on ${printable(mount.mountPoint)}${why === null ? '' : `: ${why}`}\n`
}

function findingLine({ finding, mountPoint, message }: FindingEvent, { colour }: Screen): string {
  const word = colour ? `\x1b[31m${finding}\x1b[0m` : finding
  return `${word}: ${printable(mountPoint)}: ${printable(message)}\n`
}
