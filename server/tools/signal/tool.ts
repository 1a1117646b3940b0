import { type Draft, defineTool } from '../../core/tool.ts'
import { standardSignals } from '../../linux/signals.ts'
import type { ToolContext } from '../context.ts'
import { readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { readIds, readPid } from './ids.ts'
import { kill } from './kill.ts'
import { killall } from './killall.ts'
import { pgrep, pkill } from './pgrep.ts'
import { runSignal } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderSignal } from './text.ts'

/** kill(2) with what comes before and after it. */
export const signal = defineTool({
  name: 'signal',
  summary: 'Send a signal to processes, and see what comes of it',
  description: `
Says beforehand what each process does with the signal (caught, ignored, blocked, dropped by pid 1, or its default), then watches:
exited, zombie, reloaded (same pid, new children), stopped, continued, ignored, pending, still there. What is given by several
flags has to be true all at once; ditty itself is never signalled.

  ditty signal HUP 1                     reload, without a restart
  ditty signal HUP nginx --pick oldest   by its command name, the master alone
  ditty signal TERM --target app --wait-ms 10000
  ditty signal KILL 4321 --scope tree    and all that came from it
  ditty signal TERM --patterns 'java.*worker' --full --dry-run
  ditty signal 0 --patterns java --show args      who is there, as pgrep -a
  ditty signal --list                    the signals, and what they do by default`,
  input,
  view,
  event,
  positional: ['signal', 'pids'],
  operand: readOperand,
  operands: { words: [...standardSignals], find: ['pid'] },
  offers: {
    signal: { words: [...standardSignals] },
    users: { find: ['user'], list: true },
    realUsers: { find: ['user'], list: true },
    pids: { find: ['pid'] },
    ppids: { find: ['pid'], list: true },
  },
  flags: [
    { field: 'pids', short: 'p', long: 'pids', metavar: 'LIST', parse: readIds },
    { field: 'ppids', short: 'P', long: 'ppids', metavar: 'LIST', parse: readIds },
    { field: 'pgids', long: 'pgids', metavar: 'LIST', parse: readIds },
    { field: 'sids', long: 'sids', metavar: 'LIST', parse: readIds },
    { field: 'users', short: 'u', long: 'users', metavar: 'LIST', parse: readWords },
    { field: 'realUsers', short: 'U', long: 'real-users', metavar: 'LIST', parse: readWords },
    { field: 'realGroups', short: 'G', long: 'real-groups', metavar: 'LIST', parse: readWords },
    { field: 'ttys', long: 'ttys', metavar: 'LIST', parse: readWords },
    { field: 'dryRun', short: 'n', long: 'dry-run' },
    { field: 'list', short: 'l', long: 'list', value: [] },
    { field: 'show', long: 'show', metavar: 'LIST', parse: readWords },
    {
      field: 'delimiter',
      long: 'delimiter',
      metavar: 'TEXT',
      help: 'Between those that --show lists (default a newline)',
    },
    { field: 'echo', long: 'no-echo', value: false, help: 'No line for each signal that is sent' },
    targetFlag,
  ],
  applets: { kill, pkill, pgrep, killall },
  readOnly: ({ dryRun, list }) => dryRun || list !== undefined,
  run: (input, context: ToolContext) => runSignal(input, context),
  outcome: ({ selected, denied, ineffective, missing, unmatched }, { list }) => {
    const troubles = denied + ineffective + missing.length + unmatched.length
    return list || (selected > 0 && troubles === 0) ? 'positive' : 'negative'
  },
  text: renderSignal,
})

/** The signal first, then pids and command names; after --list, signals alone. */
function readOperand(word: string, draft: Draft): void {
  if (draft.list) draft.list = [...(draft.list as string[]), word]
  else if (draft.signal === undefined) draft.signal = word
  else if (/^-?\d+$/.test(word)) draft.pids = [...((draft.pids as number[] | undefined) ?? []), readPid(word)]
  else draft.names = [...((draft.names as string[] | undefined) ?? []), word]
}
