import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag } from '../../core/tool.ts'
import { readPids, readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { renderBatch } from './batch.ts'
import { fieldOf } from './fields.ts'
import type { TopStage } from './live/screen.ts'
import type { TopEvent, TopInput, TopView } from './schema.ts'

const widest = 512

const flags: Flag[] = [
  { field: 'live', short: 'b', long: 'batch-mode', value: false, help: 'Line by line, without keys; so is a pipe' },
  { field: 'commandLine', short: 'c', long: 'cmdline-toggle' },
  { field: 'intervalSeconds', short: 'd', long: 'delay', metavar: 'SECS', parse: readDelay, help: 'Between samples' },
  { field: 'summaryScale', short: 'E', long: 'scale-summary-mem', metavar: 'SCALE', parse: word => word.toLowerCase() },
  { field: 'taskScale', short: 'e', long: 'scale-task-mem', metavar: 'SCALE', parse: word => word.toLowerCase() },
  { field: 'threads', short: 'H', long: 'threads-show' },
  { field: 'idle', short: 'i', long: 'idle-toggle', value: false, help: 'Only processes that used CPU' },
  { field: 'count', short: 'n', long: 'iterations', metavar: 'NUMBER', parse: readCount, help: 'How many samples' },
  { field: 'sort', short: 'o', long: 'sort-override', metavar: 'FIELD', parse: readSort, help: 'Sort by this column' },
  { field: 'pids', short: 'p', long: 'pid', metavar: 'PIDLIST', parse: readPids, help: 'Only these processes' },
  { field: 'anyUsers', short: 'U', long: 'filter-any-user', metavar: 'USER', parse: readWords },
  { field: 'users', short: 'u', long: 'filter-only-euser', metavar: 'USER', parse: readWords },
  { field: 'width', short: 'w', long: 'width', metavar: 'COLUMNS', bare: widest, help: 'Cells of a line (bare: 512)' },
  { field: 'perCpu', short: '1', long: 'single-cpu-toggle' },
  {
    field: 'columns',
    long: 'columns',
    metavar: 'LIST',
    parse: readColumns,
    help: 'PID,USER,RD/S,WR/S,nFD,CONTAINER,COMMAND, …',
  },
  { field: 'filters', long: 'filter', metavar: 'FILTER', help: 'Only where this is true: COMMAND=nginx, %CPU>5' },
  { field: 'tree', long: 'forest', help: 'Children under their parents' },
  { field: 'containerLine', long: 'container', help: "A line for the container's own limits and use" },
  targetFlag,
]

/** top of procps. */
export const top: Applet<TopInput, TopView, TopEvent> = {
  usage: 'top [flags]',
  summary: 'Processes live, as top(1) shows them',
  description: `
On a terminal a screen of its own, whose keys are those of top (h lists them); with -b, or into a pipe, lines.

  top -bn1
  top -b -n 5 -d 2 -o RES -w
  top --target app --columns PID,%CPU,nFD,RD/S,WR/S,COMMAND

Exit status: 0 shown; 1 could not look.`,
  flags,
  defaults: { count: 0, intervalSeconds: 3, firstSeconds: 0.15, io: false, container: false },
  operand: readWidth,
  finish: finishDraft,
  text: renderBatch,
  async live(stage) {
    if (!stage.view.live) return undefined
    const { TopScreen } = await import('./live/screen.ts')
    return new TopScreen(stage as unknown as TopStage)
  },
  exitStatus: ({ error }) => (error ? (error.code === 'cancelled' ? undefined : 1) : 0),
}

/** `-w 100`: the value of this flag may stand apart, and may be left out. */
function readWidth(word: string, draft: Draft): void {
  if (draft.width !== widest || !/^\d+$/.test(word)) throw new ToolError('invalid_input', `unknown option '${word}'`)
  draft.width = Number(word)
}

/** Columns of io need what costs a look of its own, and a container's line the container. */
function finishDraft(draft: Draft): void {
  const columns = (draft.columns as string[] | undefined) ?? []
  if (columns.some(field => costly.includes(field))) draft.io = true
  if (draft.containerLine) draft.container = true
  if (draft.pids && (draft.users || draft.anyUsers))
    throw new ToolError('invalid_input', 'conflicting process selections (U/p/u)')
}

const costly = ['fds', 'readBytesPerSecond', 'writtenBytesPerSecond']

function readDelay(word: string): number {
  const seconds = Number(word.replace(',', '.'))
  if (word.trim() === '' || !(seconds >= 0)) throw new ToolError('invalid_input', `bad delay interval '${word}'`)
  return Math.max(0.1, seconds)
}

function readCount(word: string): number {
  const count = Math.trunc(Number(word))
  if (word.trim() === '' || !(count >= 1)) throw new ToolError('invalid_input', `bad iterations argument '${word}'`)
  return count
}

/** As in top, the highest come first unless a `-` turns that round. */
function readSort(word: string): string {
  const field = fieldOf(word.replace(/^[+-]/, ''), '-o')
  return word.startsWith('-') ? field : `-${field}`
}

export function readColumns(list: string, previous: unknown): string[] {
  return [
    ...((previous as string[] | undefined) ?? []),
    ...readWords(list, undefined).map(word => fieldOf(word, 'columns')),
  ]
}
