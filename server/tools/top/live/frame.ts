import type { Frame, Size } from '../../../core/live.ts'
import { printable } from '../../processes/printable.ts'
import { cellsOf, cutToCells } from '../../ps/cells.ts'
import { columnsOf, padded, roomFor, type TopColumn } from '../columns.ts'
import type { TopField } from '../fields.ts'
import type { TopInput, TopProcess, TopSample } from '../schema.ts'
import { containerLine, cpuLine, cpuLines, loadLine, memoryLines, tasksLine } from '../summary-lines.ts'
import type { Prompt } from './prompt.ts'
import type { Settings } from './settings.ts'

/** What is on the screen. */
export interface Shown {
  size: Size
  sample: TopSample | undefined
  processes: readonly TopProcess[]
  settings: Settings
  input: TopInput
  message: string
  prompt: Prompt | undefined
}

/** Processes that a small screen has room for, whatever the summary wants. */
const leastProcesses = 3
/** The message line and the header. */
const fixedLines = 2

/** Cells of a command that say something; a narrow screen leaves out other columns for them. */
const leastCommandCells = 12
const dispensable: readonly TopField[] = [
  'shrBytes',
  'virtBytes',
  'nice',
  'priority',
  'container',
  'cpuTimeMs',
  'writtenBytesPerSecond',
  'readBytesPerSecond',
  'fds',
  'threads',
  'memoryPercent',
  'user',
  'resBytes',
  'state',
]

export function drawFrame(shown: Shown): Frame {
  const { size, sample, processes, prompt, message } = shown
  if (!sample) return { lines: [cutToCells('top: looking…', size.columns)] }
  const summary = summaryOf(shown).map(line => cutToCells(line, size.columns))
  const columns = fittingColumns(shown)
  const answer = prompt?.draw(size.columns)
  const lines = [
    ...summary,
    answer?.line ?? cutToCells(printable(message), size.columns),
    headerOf(columns, shown),
    ...processes.slice(0, roomForProcesses(shown)).map(process => rowOf(process, columns, shown)),
  ]
  const frame = { lines: lines.slice(0, size.rows) }
  return answer ? { ...frame, cursor: { row: summary.length, column: answer.column } } : frame
}

/** How many processes fit below the summary. */
export const roomForProcesses = (shown: Shown) => Math.max(1, shown.size.rows - summaryOf(shown).length - fixedLines)

function summaryOf({ sample, settings, size, message }: Shown): string[] {
  if (!sample) return []
  const container = containerLine(sample)
  const memory = settings.showMemory ? memoryLines(sample, settings.summaryScale) : []
  const coordinates = `scroll coordinates: y = ${sample.offset + 1}/${sample.matching} (tasks)`
  const lines = [
    ...(settings.showLoad ? [loadLine(sample)] : []),
    ...(settings.showTasks ? [tasksLine(sample), ...(settings.perCpu ? cpuLines(sample) : [cpuLine(sample)])] : []),
    ...memory,
    ...(settings.showMemory && container !== undefined ? [container] : []),
    ...(settings.showCoordinates && message === '' ? [coordinates] : []),
  ]
  return lines.slice(0, Math.max(0, size.rows - fixedLines - leastProcesses))
}

function fittingColumns({ settings, sample, size }: Shown): TopColumn[] {
  let fields = settings.fields
  const columns = () => columnsOf(fields, sample?.pidMax ?? 0)
  for (const field of dispensable) {
    if (roomFor(columns(), size.columns) >= leastCommandCells) break
    fields = fields.filter(kept => kept !== field)
  }
  return columns()
}

const isSortedBy = ({ field }: TopColumn, { sort }: TopInput) => sort.replace(/^[+-]/, '') === field

function headerOf(columns: readonly TopColumn[], { size, input, settings }: Shown): string {
  const room = Math.max(1, roomFor(columns, size.columns))
  const cells = columns.map(column => {
    const text = padded(column.header, Number.isFinite(column.cells) ? column.cells : room, column.align)
    return settings.markSort && isSortedBy(column, input) ? `\x1b[1;4m${text}\x1b[22;24m` : text
  })
  return `\x1b[7m${fill(cells.join(' '), columns, room, size.columns)}`
}

/** The reversed line goes to the edge. */
function fill(text: string, columns: readonly TopColumn[], room: number, width: number): string {
  const cells = columns.reduce((sum, column) => sum + (Number.isFinite(column.cells) ? column.cells : room) + 1, -1)
  return text + ' '.repeat(Math.max(0, width - cells))
}

function rowOf(process: TopProcess, columns: readonly TopColumn[], { settings, size, input }: Shown): string {
  const room = Math.max(1, roomFor(columns, size.columns))
  const cells = columns.map(column => {
    const width = Number.isFinite(column.cells) ? column.cells : room
    const whole = column.text(process, width, settings)
    const text = padded(Number.isFinite(column.cells) ? whole : shifted(whole, settings.shift), width, column.align)
    return settings.markSort && isSortedBy(column, input) ? `\x1b[4m${text}\x1b[24m` : text
  })
  const line = cutLine(cells.join(' '), size.columns)
  const colour = settings.colour ? stateColours[process.state] : undefined
  const marks = [...(settings.markRunning && process.state === 'R' ? ['1'] : []), ...(colour ? [colour] : [])]
  return marks.length > 0 ? `\x1b[${marks.join(';')}m${line}` : line
}

/** Running green, stuck in the kernel yellow, stopped cyan, zombies red. */
const stateColours: Record<string, string> = { R: '32', D: '33', T: '36', t: '36', Z: '31' }

function shifted(text: string, cells: number): string {
  if (cells === 0) return text
  const whole = printable(text)
  return whole.slice(cutToCells(whole, cells).length)
}

/** A screen narrower than the columns that are left; marks stand within, so only a plain line is cut. */
const cutLine = (line: string, columns: number) =>
  line.includes('\x1b') || cellsOf(line) <= columns ? line : cutToCells(line, columns)
