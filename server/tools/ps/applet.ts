import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag } from '../../core/tool.ts'
import { readPids, readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { readBsdWord } from './bsd.ts'
import { columnOf } from './columns.ts'
import type { PsEvent, PsInput, PsView } from './schema.ts'
import { sortFieldOf } from './sort.ts'
import { renderTable } from './text.ts'

const flags: Flag[] = [
  { field: 'scope', short: 'e', value: 'all', help: 'Every process' },
  { field: 'scope', short: 'A', value: 'all', help: 'Every process' },
  { field: 'scope', short: 'a', value: 'terminalJobs', help: 'All with a terminal, except session leaders' },
  { field: 'scope', short: 'd', value: 'nonLeaders', help: 'All except session leaders' },
  { field: 'withoutTerminal', short: 'x', help: 'Also processes without a terminal' },
  { field: 'layout', short: 'f', value: 'full', help: 'Full columns' },
  { field: 'layout', short: 'j', value: 'jobs', help: 'Columns for job control' },
  { field: 'forest', long: 'forest', help: 'Children under their parents' },
  { field: 'wide', short: 'w', help: 'Lines as long as they are' },
  { field: 'noHeaders', long: 'no-headers', help: 'No header line' },
  { field: 'noHeaders', long: 'no-heading', help: 'No header line' },
  listFlag('pids', 'p', 'pid', readPids, 'Only these processes'),
  listFlag('pids', 'q', 'quick-pid', readPids, 'Only these processes'),
  listFlag('ppids', undefined, 'ppid', readPids, 'Only children of these processes'),
  listFlag('users', 'u', 'user', readWords, 'Only of these users, by name or UID'),
  listFlag('ttys', 't', 'tty', readWords, 'Only on these terminals'),
  listFlag('comms', 'C', undefined, readWords, 'Only with these command names'),
  { ...listFlag('columns', 'o', 'format', readColumns, 'Columns: pid,user,args=HEADER'), metavar: 'FORMAT' },
  { ...listFlag('sort', undefined, 'sort', readSort, 'Columns to sort by, - for descending'), metavar: 'KEYS' },
  targetFlag,
]

function listFlag(
  field: string,
  short: string | undefined,
  long: string | undefined,
  parse: (word: string, previous: unknown) => unknown[],
  help: string,
): Flag {
  return { field, metavar: 'LIST', parse, help, ...(short ? { short } : {}), ...(long ? { long } : {}) }
}

/** procps' ps, in its SysV and BSD ways. */
export const psApplet: Applet<PsInput, PsView, PsEvent> = {
  usage: 'ps [flags] [axufjwhoptU] [PID…]',
  summary: 'Processes, as ps(1) shows them. ditty ps groups them by container, ditty ps PID shows one in full.',
  description: `
Without a selection: the processes of the same user on the same terminal. Words without a dash are BSD letters or PIDs.

  ps aux
  ps -eo pid,ppid,user,args --sort=-rss

Exit status: 0 listed; 1 nothing matched, or could not look.`,
  flags,
  defaults: { layout: 'short' },
  operands: { words: ['aux', 'axf'], find: ['pid'] },
  operand: (word, draft) => readBsdWord(word, draft, { readPids, readWords, readColumns, readSort }),
  finish: finishDraft,
  text: renderTable,
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary?.processes === 0 ? 1 : 0
  },
}

function finishDraft(draft: Draft): void {
  if (draft.pendingBsd !== undefined) throw usageError(`${String(draft.pendingBsd)} needs a value after it`)
  delete draft.pendingBsd
  readDashedAux(draft)
  const named = ['pids', 'ppids', 'users', 'ttys', 'comms'].some(field => draft[field] !== undefined)
  if (!named) draft.scope ??= draft.target === undefined ? 'own' : 'all'
  else if (draft.withoutTerminal && draft.scope === undefined) draft.withoutTerminal = false
}

/** `ps -aux` strictly asks for a user named x; everybody means `ps aux`, and so does procps where there is no such user. */
function readDashedAux(draft: Draft): void {
  const users = draft.users as string[] | undefined
  const letters = users?.length === 1 ? users[0]! : ''
  if (!/^[axfjwh]*x[axfjwh]*$/.test(letters)) return
  delete draft.users
  if (draft.scope === 'terminalJobs') draft.scope = 'terminals'
  readBsdWord(`u${letters}`, draft, { readPids, readWords, readColumns, readSort })
}

/** `pid,user:20,args=HEADER`: as in procps, a header goes to the next comma or space. */
function readColumns(list: string, previous: unknown): string[] {
  const columns = readWords(list, previous)
  for (const column of columns) columnOf(column)
  return columns
}

function readSort(word: string): string[] {
  return readWords(word, undefined).map(key => {
    const sign = key.startsWith('-') ? '-' : ''
    return sign + sortFieldOf(key.replace(/^[+-]/, ''))
  })
}

const usageError = (message: string) => new ToolError('invalid_input', message)
