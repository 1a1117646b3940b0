import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import { printable } from '../processes/printable.ts'
import { Found } from './found.ts'
import type {
  Outcome,
  SignalEvent,
  SignalInput,
  SignalProcess,
  SignalResult,
  SignalSummary,
  SignalView,
} from './schema.ts'
import { signalTable } from './signal-table.ts'

export type SignalRenderer = Renderer<SignalEvent | { type: 'body' }>

/** A line for each thing that happens: before, sent, after. */
export function renderSignal(input: SignalInput, view: SignalView, screen: Screen): SignalRenderer {
  if (input.list && view.table) return event => (event.type === 'summary' ? signalTable() : undefined)
  return view.show.length > 0 ? renderFound(view) : renderEvents(input, view, screen)
}

function renderFound(view: SignalView): SignalRenderer {
  const found = new Found(view)
  return event => {
    found.add(event as SignalEvent)
    return event.type === 'summary' ? [found.text(), ...complaints(event, view)] : undefined
  }
}

function renderEvents(input: SignalInput, view: SignalView, screen: Screen): SignalRenderer {
  const names = new Map<number, string>()
  const nameOf = (pid: number) => names.get(pid) ?? String(pid)
  return event => {
    switch (event.type) {
      case 'process':
        names.set(event.pid, `${event.pid} ${printable(event.comm)}`)
        return beforeLine(event)
      case 'sent':
        return view.echo ? `${nameOf(event.pid)}: sent\n` : undefined
      case 'denied':
        return { stderr: `${nameOf(event.pid)}: not permitted: ${event.reason}; ${event.remedy}\n` }
      case 'result':
        return `${nameOf(event.pid)}: ${resultWords(event, screen)}\n`
      case 'signal':
        return `${String(event.number).padStart(2)} ${event.name.padEnd(13)} ${actionWords[event.defaultAction]}\n`
      case 'summary':
        return input.list ? undefined : [closing(event), ...complaints(event, view)]
    }
    return undefined
  }
}

const beforeLine = ({ pid, comm, user, args, disposition, why }: SignalProcess) =>
  `${pid} ${printable(comm)} (${user}): ${dispositionWords[disposition]}${why ? `: ${why}` : ''}; ${printable(args)}\n`

const dispositionWords: Record<SignalProcess['disposition'], string> = {
  caught: 'has a handler for it',
  blocked: 'blocks it',
  ignored: 'ignores it',
  dropped: 'never gets it',
  terminate: 'ends by it',
  core: 'ends by it, with a core dump',
  stop: 'stops by it',
  continue: 'goes on by it',
  none: 'is there',
}

const actionWords = {
  terminate: 'ends the process',
  core: 'ends the process, with a core dump',
  stop: 'stops it',
  continue: 'lets it go on',
  ignore: 'does nothing',
}

const outcomeWords: Record<Outcome, string> = {
  exited: 'exited',
  zombie: 'a zombie',
  reloaded: 'reloaded',
  stopped: 'stopped',
  continued: 'goes on',
  ignored: 'ignored it',
  pending: 'has not taken it',
  still_there: 'still there',
  vanished: 'vanished',
}

const isBad = (outcome: Outcome) => outcome === 'ignored' || outcome === 'pending' || outcome === 'zombie'

/** `exited after 12 ms` */
export function resultWords(result: SignalResult, screen: Pick<Screen, 'colour'>): string {
  const { outcome, afterMs, newChildren, goneChildren, note } = result
  const word = screen.colour
    ? `\x1b[${isBad(outcome) ? 33 : 32}m${outcomeWords[outcome]}\x1b[0m`
    : outcomeWords[outcome]
  const reloaded = outcome === 'reloaded' ? ['same pid'] : []
  const facts = [
    ...reloaded,
    ...childWords('new children', newChildren),
    ...childWords('left', goneChildren),
    ...(note ? [note] : []),
  ]
  const time = outcome === 'vanished' || outcome === 'ignored' ? '' : ` after ${Math.round(afterMs)} ms`
  return `${word}${time}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`
}

const childWords = (label: string, pids: readonly number[]) =>
  pids.length === 0
    ? []
    : [`${label} ${pids.slice(0, shownChildren).join(' ')}${pids.length > shownChildren ? ' …' : ''}`]

/** A line's worth. */
const shownChildren = 8

function closing({ signal, dryRun, selected, sent, denied, outcomes }: SignalSummary): string {
  const seen = Object.entries(outcomes).flatMap(([outcome, count]) =>
    count > 0 ? [`${count} ${outcomeWords[outcome as Outcome]}`] : [],
  )
  const done = dryRun ? `would go to ${selected}` : `sent to ${sent} of ${selected}`
  return `\n${[`${signal ?? 'signal 0'} ${done}`, ...(denied > 0 ? [`${denied} not permitted`] : []), ...seen].join(', ')}\n`
}

function complaints({ selected, missing, unmatched, notes }: SignalSummary, { quiet }: SignalView): Chunk[] {
  if (quiet) return []
  const lines = [
    ...missing.map(pid => (pid < 0 ? `no process in group ${-pid}` : `no process ${pid} here`)),
    ...unmatched.map(word => `no process for ${printable(word)}`),
    ...(selected === 0 && missing.length === 0 && unmatched.length === 0 ? ['no process matches'] : []),
    ...notes.map(({ what, why, remedy }) => `${what}: ${why}; ${remedy}`),
  ]
  return lines.map(line => ({ stderr: `${line}\n` }))
}
