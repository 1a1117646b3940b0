import type { Renderer, Screen } from '../../core/tool.ts'
import { cutToCells } from '../ps/cells.ts'
import { columnsOf, headerLine, processLine, type TopColumn, usualFields } from './columns.ts'
import type { TopEvent, TopInput, TopSample, TopView } from './schema.ts'
import { containerLine, cpuLine, cpuLines, loadLine, memoryLines, tasksLine } from './summary-lines.ts'

/** One sample below the other, as `top -b` writes them. */
export function renderBatch(_input: TopInput, view: TopView, screen: Screen): Renderer<TopEvent | { type: 'body' }> {
  const cells = view.width || screen.columns
  let columns: TopColumn[] = []
  const line = (text: string) => `${cutToCells(text, cells)}\n`
  return event => {
    if (event.type === 'sample') {
      columns = columnsOf(view.columns ?? usualFields, event.pidMax)
      const head = summaryLines(event, view).map(line)
      return [event.seq > 1 ? '\n' : '', ...head, '\n', line(headerLine(columns, cells).trimEnd())]
    }
    if (event.type === 'process') return line(processLine(event, columns, cells, view).trimEnd())
    if (event.type === 'summary')
      return event.notes.map(({ what, why, remedy }) => ({ stderr: `${what}: ${why}; ${remedy}\n` }))
    return undefined
  }
}

export function summaryLines(sample: TopSample, view: TopView): string[] {
  const container = view.containerLine ? containerLine(sample) : undefined
  return [
    loadLine(sample),
    tasksLine(sample),
    ...(view.perCpu ? cpuLines(sample) : [cpuLine(sample)]),
    ...memoryLines(sample, view.summaryScale),
    ...(container === undefined ? [] : [container]),
  ]
}
