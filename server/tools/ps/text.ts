import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import type { ListedContainer } from '../processes/schema.ts'
import { columnOf, columnsOfLayout, widenPids } from './columns.ts'
import { renderDetails } from './details/text.ts'
import type { PsEvent, PsInput, PsProcess, PsSummary, PsView } from './schema.ts'
import { Table } from './table.ts'

type PsRenderer = Renderer<PsEvent | { type: 'body' }>

/** By container, unless columns or a layout of ps were asked for. */
export function renderPs(input: PsInput, view: PsView, screen: Screen): PsRenderer {
  return view.columns || view.layout !== 'grouped' ? renderTable(input, view, screen) : renderGroups(view, screen)
}

/** Lines of ps(1), each as it comes. */
export function renderTable(_input: PsInput, view: PsView, screen: Screen): PsRenderer {
  let table = tableFor(view, screen)
  let header = ''
  return event => {
    if (event.type === 'system') {
      table = tableFor(view, screen, event.pidMax)
      header = view.noHeaders ? '' : table.header()
    }
    if (event.type === 'process') {
      const line = header + table.row(event)
      header = ''
      return line
    }
    if (event.type === 'details') return renderDetails(event)
    return event.type === 'summary' ? header : undefined
  }
}

function tableFor(view: PsView, screen: Screen, pidMax = 0): Table {
  const columns = view.columns?.map(columnOf) ?? columnsOfLayout(view.layout)
  return new Table(
    widenPids(columns, pidMax),
    screen.isTerminal && !view.wide ? screen.columns : Number.POSITIVE_INFINITY,
  )
}

function renderGroups(view: PsView, screen: Screen): PsRenderer {
  const groups = new Map<ListedContainer, PsProcess[]>()
  let table = tableFor(view, screen)
  return event => {
    if (event.type === 'system') table = tableFor(view, screen, event.pidMax)
    if (event.type === 'process') {
      const group = groups.get(event.container)
      if (group) group.push(event)
      else groups.set(event.container, [event])
    }
    if (event.type === 'details') return [groupLines(groups, table, view, screen), renderDetails(event)]
    return event.type === 'summary' ? [groupLines(groups, table, view, screen), ...closing(event)] : undefined
  }
}

/** The groups gathered so far, which it empties. */
function groupLines(groups: Map<ListedContainer, PsProcess[]>, table: Table, view: PsView, screen: Screen): string {
  const parts = [...groups].map(([container, processes]) => {
    const title = screen.colour ? `\x1b[1m${titleOf(container)}\x1b[0m\n` : `${titleOf(container)}\n`
    return title + (view.noHeaders ? '' : table.header()) + processes.map(process => table.row(process)).join('')
  })
  groups.clear()
  return parts.join('\n')
}

export function titleOf(container: ListedContainer): string {
  const { id, name, runtime, podUid, kind, evidence } = container
  const facts = [
    runtime,
    id === null ? undefined : id.slice(0, 12),
    podUid === null ? undefined : `pod ${podUid}`,
    evidence === 'cgroup' || evidence === 'initial pid namespace' ? undefined : doubts[evidence],
  ].filter(Boolean)
  const title = name ? `${name}: ${kindWords[kind]}` : kindWords[kind]
  return facts.length > 0 ? `${title} (${facts.join(', ')})` : title
}

const kindWords: Record<ListedContainer['kind'], string> = {
  self: "ditty's own container",
  container: 'container',
  pause: "pause, holds the pod's namespaces",
  host: 'host, outside of any container',
  namespace: 'a mount namespace of its own',
  unknown: 'unknown container',
}

const doubts: Partial<Record<ListedContainer['evidence'], string>> = {
  'mount namespace': 'told apart by its mount namespace',
  'mount ids': 'told apart by its mounts, since ns/mnt is denied',
  nothing: 'neither cgroup nor mounts tell',
}

function closing({ processes, containers, vanished, missing, notes }: PsSummary): Chunk[] {
  const groups = containers.filter(({ kind }) => kind !== 'host' && kind !== 'unknown').length
  const lines = notes.map(({ what, why, remedy }) => `${what}: ${why}; ${remedy}\n`)
  const gone = missing.length > 0 ? [`no process ${missing.join(', ')} here\n`] : []
  const ended = vanished > 0 ? `, ${vanished} ended while they were read` : ''
  const total =
    processes > 1 ? [`\n${processes} processes, ${groups} ${groups === 1 ? 'container' : 'containers'}${ended}\n`] : []
  return [...total, ...[...gone, ...lines].map(line => ({ stderr: line }))]
}
