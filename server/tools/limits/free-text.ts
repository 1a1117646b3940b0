import type { Chunk, Screen } from '../../core/tool.ts'
import { noteLines } from './note-lines.ts'
import { scaled } from './scale.ts'
import type { HostEvent, LimitsEvent, LimitsInput, LimitsView, MemoryEvent, TargetEvent } from './schema.ts'

/** Widths of a label and of each number, as free(1) has them. */
const labelCells = 9
const cellCells = 11

/** free(1), and below it the container in the same columns. */
export function renderFree(input: LimitsInput, view: LimitsView, _screen: Screen) {
  let target: TargetEvent | undefined
  let memory: MemoryEvent | undefined
  let rounds = 0
  // Outside of containers there is none to tell of, unless a process was named.
  const isContainer = () => target && (target.container.kind !== 'host' || input.target !== undefined)
  return (event: LimitsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'target') target = event
    if (event.type === 'memory') memory = event
    if (event.type === 'host') {
      const gap = rounds++ > 0 ? '\n' : ''
      return gap + hostLines(event, view) + (memory && isContainer() ? containerLine(memory, view) : '')
    }
    return event.type === 'summary' && isContainer() && !memory ? noteLines(event.notes) : undefined
  }
}

function hostLines({ memory: m, swap }: HostEvent, view: LimitsView): string {
  const size = (bytes: number) => scaled(bytes, view)
  const line = (label: string, ...bytes: number[]) => row(label, bytes.map(size))
  const buffers = view.wide ? [m.buffersBytes, m.cachedBytes] : [m.buffersBytes + m.cachedBytes]
  return [
    row('', ['total', 'used', 'free', 'shared', ...(view.wide ? ['buffers', 'cache'] : ['buff/cache']), 'available']),
    line('Mem:', m.totalBytes, m.usedBytes, m.freeBytes, m.sharedBytes, ...buffers, m.availableBytes),
    view.lohi ? line('Low:', m.lowTotalBytes, m.lowTotalBytes - m.lowFreeBytes, m.lowFreeBytes) : '',
    view.lohi ? line('High:', m.highTotalBytes, m.highTotalBytes - m.highFreeBytes, m.highFreeBytes) : '',
    line('Swap:', swap.totalBytes, swap.usedBytes, swap.freeBytes),
    view.total
      ? line('Total:', m.totalBytes + swap.totalBytes, m.usedBytes + swap.usedBytes, m.freeBytes + swap.freeBytes)
      : '',
    view.committed ? line('Comm:', m.commitLimitBytes, m.committedBytes, m.commitLimitBytes - m.committedBytes) : '',
  ].join('')
}

/** Used is the working set, so that used and available make the total, as above. What the cgroup doesn't tell is a dash. */
function containerLine(memory: MemoryEvent, view: LimitsView): string {
  const { effectiveLimitBytes: limit, workingSetBytes, usageBytes, shmemBytes, cacheBytes } = memory
  const cell = (bytes: number | null) => (bytes === null ? '-' : scaled(bytes, view))
  const left = (used: number | null) =>
    typeof limit === 'number' && used !== null ? cell(Math.max(0, limit - used)) : '-'
  return row('Container:', [
    limit === 'max' ? limit : cell(limit),
    cell(workingSetBytes),
    left(usageBytes),
    cell(shmemBytes),
    ...(view.wide ? ['-'] : []),
    cell(cacheBytes),
    left(workingSetBytes),
  ])
}

/** As procps: a cell too long for its column pushes the next ones on, never into one another. */
function row(label: string, [first = '', ...cells]: readonly string[]): string {
  const start = label.length < labelCells ? label.padEnd(labelCells) : `${label} `
  return `${[start + first.padStart(labelCells + cellCells - start.length), ...cells.map(cell => cell.padStart(cellCells))].join(' ')}\n`
}
