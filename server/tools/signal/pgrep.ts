import { ToolError } from '../../core/errors.ts'
import type { Applet, Chunk, Draft, Flag } from '../../core/tool.ts'
import { printable } from '../processes/printable.ts'
import { readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { takeDashedSignal } from './dashed-signal.ts'
import { Found } from './found.ts'
import { commBytes } from './full-name.ts'
import { readIds } from './ids.ts'
import type { SignalEvent, SignalInput, SignalSummary, SignalView } from './schema.ts'
import type { SignalRenderer } from './text.ts'

const shared: Flag[] = [
  { field: 'full', short: 'f', long: 'full', help: 'Match the whole command line' },
  { field: 'exact', short: 'x', long: 'exact', help: 'The name, or with -f the command line, has to match as a whole' },
  { field: 'ignoreCase', short: 'i', long: 'ignore-case', help: 'Match in any case' },
  { field: 'users', short: 'u', long: 'euid', metavar: 'LIST', parse: readWords },
  { field: 'realUsers', short: 'U', long: 'uid', metavar: 'LIST', parse: readWords },
  { field: 'realGroups', short: 'G', long: 'group', metavar: 'LIST', parse: readWords },
  { field: 'pgids', short: 'g', long: 'pgroup', metavar: 'LIST', parse: readIds },
  { field: 'ppids', short: 'P', long: 'parent', metavar: 'LIST', parse: readIds },
  { field: 'sids', short: 's', long: 'session', metavar: 'LIST', parse: readIds },
  { field: 'ttys', short: 't', long: 'terminal', metavar: 'LIST', parse: readWords },
  { field: 'pick', short: 'n', long: 'newest', value: 'newest', help: 'Only the one that started last' },
  { field: 'pick', short: 'o', long: 'oldest', value: 'oldest', help: 'Only the one that started first' },
  { field: 'show', short: 'c', long: 'count', value: 'count', help: 'Only how many match' },
  targetFlag,
]

const statuses = `
Exit status: 0 one matches; 1 none; 2 usage; 3 could not look.`

type SignalApplet = Applet<SignalInput, SignalView, SignalEvent>

/** pgrep of procps: a dry run, and told in its words. */
export const pgrep: SignalApplet = {
  usage: 'pgrep [flags] [PATTERN]',
  summary: 'Find processes, as pgrep(1) does.',
  description: `
What is given has to be true all at once; of a list, one is enough. The pattern is looked for anywhere in the command name.

  pgrep -a nginx
  pgrep -u 1000 -f 'java.*worker'
  pgrep -P 1 --target app
${statuses}`,
  flags: [
    ...shared,
    { field: 'show', short: 'l', long: 'list-name', value: 'name', help: 'The command name too' },
    { field: 'show', short: 'a', long: 'list-full', value: 'args', help: 'The command line too' },
    { field: 'delimiter', short: 'd', long: 'delimiter', metavar: 'TEXT', help: 'Between pids (default a newline)' },
    { field: 'invert', short: 'v', long: 'inverse', help: 'Those that do not match' },
  ],
  defaults: { signal: '0', dryRun: true },
  operand: takePattern,
  finish: checkCriteria,
  text: renderPgrep,
  exitStatus: ({ error, summary }) => statusOf(error?.code, summary?.selected),
}

const pkillFlags: Flag[] = [
  ...shared,
  { field: 'signal', long: 'signal', metavar: 'SIGNAL', help: 'By name or number (default TERM); -HUP and -1 do too' },
  { field: 'echo', short: 'e', long: 'echo', help: 'Say what is signalled' },
  { field: 'invert', long: 'inverse', help: 'Those that do not match' },
]

/** pkill of procps. */
export const pkill: SignalApplet = {
  usage: 'pkill [-SIGNAL] [flags] [PATTERN]',
  summary: 'Signal processes by name, as pkill(1) does. ditty signal also says what comes of it.',
  description: `
Flags choose as those of pgrep do.

  pkill -HUP -o nginx
  pkill -e -f 'java.*worker'
${statuses}`,
  flags: pkillFlags,
  defaults: { waitMs: 0, echo: false },
  dashed: takeDashedSignal(pkillFlags),
  operand: takePattern,
  finish(draft) {
    draft.signal ??= 'TERM'
    checkCriteria(draft)
  },
  text: renderPkill,
  exitStatus: ({ error, summary }) => statusOf(error?.code, summary?.sent),
}

function takePattern(word: string, draft: Draft, index: number): void {
  if (index > 0) throw new ToolError('invalid_input', `only one pattern can be provided, and '${word}' is one more`)
  draft.patterns = [word]
}

const criteria = ['patterns', 'users', 'realUsers', 'realGroups', 'pgids', 'ppids', 'sids', 'ttys', 'target', 'pick']

function checkCriteria(draft: Draft): void {
  if (criteria.every(field => draft[field] === undefined))
    throw new ToolError('invalid_input', 'no matching criteria specified: a pattern, or one of the flags that choose')
  if (draft.invert && draft.pick)
    throw new ToolError('invalid_input', 'the newest or oldest of those that do not match can not be asked for')
}

function statusOf(code: string | undefined, found = 0): number | undefined {
  if (code === 'cancelled') return undefined
  if (code) return code === 'invalid_input' || code === 'not_found' ? 2 : 3
  return found > 0 ? 0 : 1
}

function renderPgrep(input: SignalInput, view: SignalView): SignalRenderer {
  const found = new Found(view)
  return event => {
    found.add(event as SignalEvent)
    return event.type === 'summary' ? [found.text(), ...warning('pgrep', input, event)] : undefined
  }
}

function renderPkill(input: SignalInput, view: SignalView): SignalRenderer {
  const names = new Map<number, string>()
  return event => {
    switch (event.type) {
      case 'process':
        names.set(event.pid, printable(event.comm))
        return undefined
      case 'sent':
        return view.echo ? `${names.get(event.pid)} killed (pid ${event.pid})\n` : undefined
      case 'denied':
        return {
          stderr: `pkill: killing pid ${event.pid} failed: Operation not permitted: ${event.reason}; ${event.remedy}\n`,
        }
      case 'summary':
        return [...(view.show.includes('count') ? [`${event.selected}\n`] : []), ...warning('pkill', input, event)]
    }
    return undefined
  }
}

/** In words that people search for. */
function warning(command: string, { patterns = [], full }: SignalInput, { selected }: SignalSummary): Chunk[] {
  if (selected > 0 || full || patterns.every(pattern => pattern.length <= commBytes)) return []
  const line = `${command}: pattern that searches for process name longer than 15 characters will result in zero matches`
  return [{ stderr: `${line}\nTry \`${command} -f' option to match against the complete command line.\n` }]
}
