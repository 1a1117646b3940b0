import { ToolError } from '../../core/errors.ts'
import type { Applet, Chunk, Draft, Flag } from '../../core/tool.ts'
import { standardSignals } from '../../linux/signals.ts'
import { takeDashedSignal } from './dashed-signal.ts'
import { readPid } from './ids.ts'
import type { SignalEvent, SignalInput, SignalView } from './schema.ts'
import { signalLines, signalTable } from './signal-table.ts'
import type { SignalRenderer } from './text.ts'

const flags: Flag[] = [
  { field: 'signal', short: 's', long: 'signal', metavar: 'SIGNAL', help: 'By name or number (default TERM)' },
  { field: 'signal', short: 'n', metavar: 'NUMBER', help: 'By number' },
  { field: 'list', short: 'l', long: 'list', value: [], help: 'Names of signals, or of those that follow' },
  { field: 'table', short: 'L', long: 'table', help: 'Names with numbers' },
]

const takeSignal = takeDashedSignal(flags)

/** kill of procps. */
export const kill: Applet<SignalInput, SignalView, SignalEvent> = {
  usage: 'kill [-SIGNAL | -s SIGNAL | -n NUMBER] [--] PID…',
  summary: 'Send a signal, as kill(1) does. ditty signal also says what comes of it.',
  description: `
-PID is process group PID. Neither 0 nor -1 is taken: they would mean ditty's own group, and every process there is.

  kill -HUP 1
  kill -9 -- -4321
  kill -l 137

Exit status: 0 all were sent; 1 one was not.`,
  flags,
  defaults: { waitMs: 0 },
  operands: { words: standardSignals.map(name => `-${name}`), find: ['pid'] },
  dashed: (word, draft) => takeSignal(word, draft) || takeGroup(word, draft),
  operand(word, draft) {
    if (draft.list) draft.list = [...(draft.list as string[]), word]
    else addPid(word, draft)
  },
  finish(draft) {
    if (draft.table) draft.list ??= []
    if (draft.list) return
    draft.signal ??= 'TERM'
    if (!draft.pids) throw new ToolError('invalid_input', `no pid is named; usage: ${kill.usage}`)
  },
  text: renderKill,
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary && summary.missing.length + summary.denied + summary.outcomes.vanished > 0 ? 1 : 0
  },
}

function takeGroup(word: string, draft: Draft): boolean {
  if (!/^-\d+$/.test(word)) return false
  addPid(word, draft)
  return true
}

function addPid(word: string, draft: Draft): void {
  draft.pids = [...((draft.pids as number[] | undefined) ?? []), readPid(word)]
}

function renderKill(input: SignalInput, view: SignalView): SignalRenderer {
  if (view.table) return event => (event.type === 'summary' ? signalTable() : undefined)
  if (input.list?.length === 0) return event => (event.type === 'summary' ? signalLines() : undefined)
  const asked = [...(input.list ?? [])]
  return event => {
    if (event.type === 'signal') return `${/^\d/.test(asked.shift()!) ? event.name.slice(3) : event.number}\n`
    return complaints(event as SignalEvent)
  }
}

/** What the C tool says when a call fails, and beyond that what it keeps silent about: a signal that will do nothing. */
function complaints(event: SignalEvent): Chunk[] | undefined {
  const say = (line: string) => ({ stderr: `kill: ${line}\n` })
  const gone = (pid: number) => say(`(${pid}): No such process`)
  switch (event.type) {
    case 'process':
      return event.why && (event.disposition === 'dropped' || event.state === 'Z')
        ? [say(`(${event.pid}): ${event.why}`)]
        : undefined
    case 'denied':
      return [say(`(${event.pid}): Operation not permitted: ${event.reason}; ${event.remedy}`)]
    case 'result':
      return event.outcome === 'vanished' ? [gone(event.pid)] : undefined
    case 'summary':
      return [
        ...event.missing.map(gone),
        ...event.notes.map(({ what, why, remedy }) => say(`${what}: ${why}; ${remedy}`)),
      ]
    default:
      return undefined
  }
}
