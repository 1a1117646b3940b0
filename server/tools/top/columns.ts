import { containerLabel } from '../../linux/target.ts'
import { printable } from '../processes/printable.ts'
import { cellsOf, cutToCells } from '../ps/cells.ts'
import type { TopField } from './fields.ts'
import { scaledMemory, scaledPercent, scaledTime } from './scale.ts'
import type { Scale, TopProcess } from './schema.ts'

/** What the cells of a column depend on beside the process. */
export interface CellOptions {
  taskScale: Scale
  commandLine: boolean
}

export interface TopColumn {
  field: TopField
  header: string
  /** Infinity: what is left of the line. */
  cells: number
  align: 'left' | 'right'
  text(process: TopProcess, cells: number, options: CellOptions): string
}

type Definition = [
  header: string,
  cells: number,
  align: 'left' | 'right',
  text: (process: TopProcess, cells: number, options: CellOptions) => string | number,
]

const rate = (bytes: number | null, cells: number) => (bytes === null ? '-' : scaledMemory(bytes, cells, 'k'))

/** Headers, widths and alignment of top(1); the last lines are ditty's own. */
const definitions: Partial<Record<TopField, Definition>> = {
  pid: ['PID', 5, 'right', p => p.tid ?? p.pid],
  ppid: ['PPID', 5, 'right', p => p.ppid],
  uid: ['UID', 5, 'right', p => p.uid],
  user: ['USER', 8, 'left', p => p.user],
  priority: ['PR', 3, 'right', p => (p.priority < -99 ? 'rt' : p.priority)],
  nice: ['NI', 3, 'right', p => p.nice],
  virtBytes: ['VIRT', 7, 'right', (p, cells, { taskScale }) => scaledMemory(p.virtBytes, cells, taskScale)],
  resBytes: ['RES', 6, 'right', (p, cells, { taskScale }) => scaledMemory(p.resBytes, cells, taskScale)],
  shrBytes: ['SHR', 6, 'right', (p, cells, { taskScale }) => scaledMemory(p.shrBytes, cells, taskScale)],
  state: ['S', 1, 'right', p => p.state],
  cpuPercent: ['%CPU', 5, 'right', (p, cells) => scaledPercent(p.cpuPercent, cells)],
  memoryPercent: ['%MEM', 5, 'right', (p, cells) => scaledPercent(p.memoryPercent, cells)],
  cpuTimeMs: ['TIME+', 9, 'right', (p, cells) => scaledTime(p.cpuTimeMs, cells)],
  threads: ['nTH', 3, 'right', p => p.threads],
  processor: ['P', 2, 'right', p => p.processor],
  fds: ['nFD', 5, 'right', p => p.fds ?? '-'],
  readBytesPerSecond: ['RD/S', 6, 'right', (p, cells) => rate(p.readBytesPerSecond, cells)],
  writtenBytesPerSecond: ['WR/S', 6, 'right', (p, cells) => rate(p.writtenBytesPerSecond, cells)],
  container: ['CONTAINER', 12, 'left', p => containerLabel(p.container)],
  comm: ['COMMAND', Number.POSITIVE_INFINITY, 'left', (p, _, { commandLine }) => commandText(p, commandLine)],
}

function commandText({ comm, args, treeLevel = 0 }: TopProcess, commandLine: boolean): string {
  const text = commandLine ? args : comm
  if (treeLevel === 0) return text
  const level = Math.min(treeLevel, 100)
  return `${' '.repeat(4 * level - 3)}${treeLevel > 100 ? '+  ' : '`- '}${text}`
}

/** As top(1) shows them first. */
export const usualFields: readonly TopField[] = [
  'pid',
  'user',
  'priority',
  'nice',
  'virtBytes',
  'resBytes',
  'shrBytes',
  'state',
  'cpuPercent',
  'memoryPercent',
  'cpuTimeMs',
  'comm',
]

/** With what top(1) has no room for: open files, io and containers. */
export const ioFields: readonly TopField[] = [
  'pid',
  'user',
  'state',
  'cpuPercent',
  'memoryPercent',
  'resBytes',
  'threads',
  'fds',
  'readBytesPerSecond',
  'writtenBytesPerSecond',
  'container',
  'comm',
]

/** Pids are as wide as the highest there may be. Fields without a column are passed over. */
export function columnsOf(fields: readonly TopField[], pidMax: number): TopColumn[] {
  const pidCells = Math.max(5, String(Math.max(0, pidMax - 1)).length)
  return fields.flatMap(field => {
    const definition = definitions[field === 'args' ? 'comm' : field]
    if (!definition) return []
    const [header, ownCells, align, text] = definition
    const cells = field === 'pid' || field === 'ppid' ? pidCells : Math.max(ownCells, header.length)
    return [{ field, header, cells, align, text: (...words) => String(text(...words)) } satisfies TopColumn]
  })
}

/** Cells that a column of a variable width has in a line, whose last stays free as in top(1). */
export const roomFor = (columns: readonly TopColumn[], lineCells: number) =>
  lineCells - 1 - columns.reduce((sum, { cells }) => sum + (Number.isFinite(cells) ? cells + 1 : 0), 0)

/** One cell padded to its width; too long a text ends with `+`. */
export function padded(text: string, cells: number, align: 'left' | 'right'): string {
  if (text.length <= cells && isPlain(text)) return align === 'right' ? text.padStart(cells) : text.padEnd(cells)
  const whole = printable(text)
  const width = cellsOf(whole)
  if (width > cells) {
    const cut = `${cutToCells(whole, Math.max(0, cells - 1))}+`
    return cut.padEnd(cut.length + cells - cellsOf(cut))
  }
  const space = ' '.repeat(cells - width)
  return align === 'right' ? space + whole : whole + space
}

/** Of characters that are one cell each: nearly every cell is, and a sample of 2,000 processes has 24,000. */
const isPlain = (text: string) => !/[^\x20-\x7e]/.test(text)

export function headerLine(columns: readonly TopColumn[], lineCells: number): string {
  const room = roomFor(columns, lineCells)
  return columns
    .map(({ header, cells, align }) =>
      padded(header, Number.isFinite(cells) ? cells : Math.max(room, header.length), align),
    )
    .join(' ')
}

export function processLine(
  process: TopProcess,
  columns: readonly TopColumn[],
  lineCells: number,
  options: CellOptions,
): string {
  const room = Math.max(1, roomFor(columns, lineCells))
  const cellText = ({ cells, align, text }: TopColumn) => {
    const width = Number.isFinite(cells) ? cells : room
    return padded(text(process, width, options), width, align)
  }
  return columns.map(cellText).join(' ')
}
