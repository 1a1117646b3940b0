import { ToolError } from '../../core/errors.ts'
import type { Applet, Chunk, Flag } from '../../core/tool.ts'
import { printable } from '../processes/printable.ts'
import { readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { takeDashedSignal } from './dashed-signal.ts'
import { fullNameOf } from './full-name.ts'
import {
  maxWaitMs,
  type SignalEvent,
  type SignalInput,
  type SignalProcess,
  type SignalSummary,
  type SignalView,
} from './schema.ts'
import { signalLines } from './signal-table.ts'
import type { SignalRenderer } from './text.ts'

const flags: Flag[] = [
  { field: 'signal', short: 's', long: 'signal', metavar: 'SIGNAL', help: 'By name or number (default TERM)' },
  { field: 'exact', short: 'e', long: 'exact', help: 'Names longer than 15 letters have to match as a whole' },
  { field: 'ignoreCase', short: 'I', long: 'ignore-case', help: 'Match in any case' },
  { field: 'scope', short: 'g', long: 'process-group', value: 'group', help: 'The whole process group of each' },
  { field: 'patterns', short: 'r', long: 'regexp', value: [], help: 'Names are regular expressions' },
  { field: 'users', short: 'u', long: 'user', metavar: 'USER', parse: readWords },
  { field: 'echo', short: 'v', long: 'verbose', help: 'Say what was signalled' },
  { field: 'quiet', short: 'q', long: 'quiet', help: "Don't complain when nothing matches" },
  { field: 'waitMs', short: 'w', long: 'wait', value: maxWaitMs, help: 'Wait until they have ended' },
  { field: 'list', short: 'l', long: 'list', value: [], help: 'Names of signals' },
  targetFlag,
]

/** killall of psmisc. */
export const killall: Applet<SignalInput, SignalView, SignalEvent> = {
  usage: 'killall [-SIGNAL] [flags] [--] NAME…',
  summary: 'Signal processes by their exact name, as killall(1) does. ditty signal also says what comes of it.',
  description: `
Names are those that ps -o comm shows, as a whole; of longer ones the command line is asked.

  killall -HUP nginx
  killall -w -u 1000 java

Exit status: 0 one was signalled for each name; 1 otherwise.`,
  flags,
  defaults: { waitMs: 0, echo: false },
  dashed: takeDashedSignal(flags),
  operand(word, draft) {
    if (word.includes('/'))
      throw new ToolError('invalid_input', `killall takes the name of a command here, not a path: ${word}`)
    draft.names = [...((draft.names as string[] | undefined) ?? []), word]
  },
  finish(draft) {
    if (draft.list) return
    draft.signal ??= 'TERM'
    if (!draft.names && !draft.users) throw new ToolError('invalid_input', `no name is given; usage: ${killall.usage}`)
    if (!draft.patterns) return
    if (draft.names) draft.patterns = draft.names
    else delete draft.patterns
    delete draft.names
  },
  text: renderKillall,
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 1
    if (!summary || summary.signalNumber === null) return 0
    return summary.sent > 0 && summary.unmatched.length === 0 ? 0 : 1
  },
}

function renderKillall(input: SignalInput, view: SignalView): SignalRenderer {
  const processes = new Map<number, SignalProcess>()
  const killed: SignalProcess[] = []
  return event => {
    switch (event.type) {
      case 'process':
        processes.set(event.pid, event)
        return undefined
      case 'sent':
        killed.push(processes.get(event.pid)!)
        return undefined
      case 'denied': {
        const process = processes.get(event.pid)
        const name = process ? nameOf(process) : ''
        return { stderr: `${name}(${event.pid}): Operation not permitted: ${event.reason}; ${event.remedy}\n` }
      }
      case 'summary':
        return input.list ? signalLines() : [...told(killed, input, view, event), ...complaints(view, event)]
    }
    return undefined
  }
}

const nameOf = (process: SignalProcess) => printable(fullNameOf(process) ?? process.comm)

function told(killed: SignalProcess[], input: SignalInput, view: SignalView, { signalNumber }: SignalSummary): Chunk[] {
  const whom = input.scope === 'group' ? groupsOf(killed, input) : killed.map(p => `${nameOf(p)}(${p.pid})`)
  return view.echo ? whom.map(name => ({ stderr: `Killed ${name} with signal ${signalNumber}\n` })) : []
}

/** Each group once, by a process of it that was named. */
function groupsOf(killed: SignalProcess[], { names = [] }: SignalInput): string[] {
  const groups = Map.groupBy(killed, ({ pgid }) => pgid)
  return [...groups].map(([pgid, members]) => {
    const named = members.find(member => names.includes(nameOf(member))) ?? members[0]!
    return `${nameOf(named)}(pgid ${pgid})`
  })
}

const complaints = ({ quiet }: SignalView, { unmatched }: SignalSummary): Chunk[] =>
  quiet ? [] : unmatched.map(word => ({ stderr: `${printable(word)}: no process found\n` }))
