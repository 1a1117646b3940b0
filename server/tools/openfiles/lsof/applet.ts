import { ToolError } from '../../../core/errors.ts'
import type { Applet, Draft, Flag, Renderer } from '../../../core/tool.ts'
import { readPids, readWords } from '../../processes/words.ts'
import { targetFlag } from '../../target.ts'
import { stateWords } from '../file-words.ts'
import { hungChunk, missingText, noteChunks } from '../notes-text.ts'
import type { Event, Input, View } from '../schema.ts'
import { fieldLetters, LsofFields } from './fields.ts'
import { takePlusWord } from './plus-words.ts'
import { LsofTable } from './table.ts'

const flags: Flag[] = [
  { field: 'match', short: 'a', value: 'all', help: 'All that is given has to be true, not one thing of it' },
  { field: 'commands', short: 'c', metavar: 'NAME', help: 'Commands that begin so; /RE/; ^NAME for all but these' },
  { field: 'fds', short: 'd', metavar: 'LIST', parse: readWords, help: 'Descriptors: 0-2,cwd,rtd,txt,mem; ^mem' },
  {
    field: 'internet',
    short: 'i',
    metavar: '[46][PROTOCOL][@ADDRESS][:PORTS]',
    bare: 'any',
    detached: true,
    help: 'TCP and UDP sockets: -i :80, -iTCP, -i 6udp@::1:53',
  },
  {
    field: 'states',
    short: 's',
    metavar: 'TCP:STATES',
    bare: [],
    detached: true,
    parse: readStates,
    help: 'Only TCP sockets in these states; alone: the size, never the offset',
  },
  { field: 'protocol', short: 'U', value: 'unix', help: 'Unix sockets' },
  { field: 'pids', short: 'p', metavar: 'LIST', parse: readWords as Flag['parse'] & {}, help: 'Processes; ^PID' },
  {
    field: 'pgids',
    short: 'g',
    metavar: 'LIST',
    bare: [],
    detached: true,
    parse: readPids,
    help: 'Process groups; alone: show them',
  },
  { field: 'users', short: 'u', metavar: 'LIST', parse: readWords, help: 'Users by name or UID; ^USER' },
  { field: 'linksBelow', long: 'links-below', metavar: 'N', help: 'As +LN: files with fewer links' },
  { field: 'services', short: 'P', value: false, help: 'Ports as numbers' },
  { field: 'warnings', short: 'n', value: true, help: 'Addresses as numbers: they always are' },
  { field: 'warnings', short: 'b', value: true, help: 'Nothing that may block: nothing here does' },
  { field: 'warnings', short: 'w', value: false, help: 'No word about what could not be looked at' },
  { field: 'numericUsers', short: 'l', help: 'UIDs, not names' },
  { field: 'size', short: 'o', value: 'offset', help: 'The offset, never the size' },
  { field: 'parents', short: 'R', help: "The parent's pid as well" },
  { field: 'pidsOnly', short: 't', help: 'Only pids' },
  { field: 'verbose', short: 'V', help: 'Name what was not found' },
  { field: 'lenient', short: 'Q', help: 'Exit status 0 even then' },
  { field: 'pathsMean', short: 'f', value: 'file', help: 'A mount point is a directory like others' },
  {
    field: 'queues',
    short: 'T',
    metavar: 'LETTERS',
    bare: '',
    detached: true,
    parse: word => word,
    help: 'Of TCP: q queues, s state; alone: neither',
  },
  {
    field: 'fields',
    short: 'F',
    metavar: 'LETTERS',
    bare: '',
    detached: true,
    parse: readFields,
    help: `A line for each field: ${fieldLetters}`,
  },
  targetFlag,
]

/** lsof(8) of Linux. */
export const lsof: Applet<Input, View, Event> = {
  usage: 'lsof [flags] [+D DIR] [+d DIR] [+L[N]] [+c N] [FILE…]',
  summary: 'Open files, as lsof(8) lists them. ditty openfiles says more by fewer flags.',
  description: `
What is given adds up, unless -a says that all of it has to be true. A FILE that is a mount point stands for all on it. Names of
hosts are never looked up, threads are not listed apart (they share the files of their process), and a dead mount holds nothing up.

  lsof -nP -iTCP -sTCP:LISTEN
  lsof -p 1
  lsof +L1                     deleted files that still take space
  lsof +D /var/log
  lsof -t /var/run/app.sock

Exit status: 0 all that was named was found; 1 something was not, or could not be looked for.`,
  flags,
  defaults: { match: 'any', services: true },
  operands: { find: ['file'] },
  operand: takeOperand,
  finish: finishDraft,
  text: renderLsof,
  exitStatus: ({ error }) => (error && error.code !== 'cancelled' ? 1 : undefined),
}

function takeOperand(word: string, draft: Draft): void {
  if (takePlusWord(word, draft)) return
  draft.paths = [...((draft.paths as string[] | undefined) ?? []), word]
}

/** `TCP:LISTEN,ESTABLISHED`. Of UDP there are no states. */
function readStates(word: string, previous: unknown): string[] {
  const [, list] = /^TCP:(.+)$/i.exec(word) ?? []
  if (list === undefined) throw new ToolError('invalid_input', `-s takes TCP:STATE,…, not '${word}'`)
  const found = list.split(',').map(name => {
    const state = stateWords.find(([wanted]) => wanted === name.toUpperCase())?.[1]
    if (state) return state
    throw new ToolError(
      'invalid_input',
      `-s: no TCP state ${name}; there are ${stateWords.map(([each]) => each).join(', ')}`,
    )
  })
  return [...((previous as string[] | undefined) ?? []), ...found]
}

function readFields(letters: string): string {
  const unknown = [...letters].find(letter => !fieldLetters.includes(letter))
  if (unknown === undefined) return letters
  throw new ToolError('invalid_input', `-F has no field ${unknown} here; there are ${fieldLetters}`)
}

/** What a flag means depends on whether it came with a value. */
function finishDraft(draft: Draft): void {
  if (draft.pendingPlus !== undefined)
    throw new ToolError('invalid_input', `${draft.pendingPlus} needs a value after it`)
  delete draft.pendingPlus
  readBareLists(draft)
  splitPids(draft)
  if (typeof draft.queues === 'string') {
    draft.state = draft.queues.includes('s')
    draft.queues = draft.queues.includes('q')
  }
}

function readBareLists(draft: Draft): void {
  if (Array.isArray(draft.states) && draft.states.length === 0) {
    draft.size = 'size'
    delete draft.states
  }
  if (Array.isArray(draft.pgids)) {
    draft.groups = true
    if (draft.pgids.length === 0) delete draft.pgids
  }
}

function splitPids(draft: Draft): void {
  const words = draft.pids as string[] | undefined
  if (!words) return
  const excluded = words.filter(word => word.startsWith('^')).map(word => word.slice(1))
  const included = words.filter(word => !word.startsWith('^'))
  delete draft.pids
  if (included.length > 0) draft.pids = readPids(included.join(','), undefined)
  if (excluded.length > 0) draft.exceptPids = readPids(excluded.join(','), undefined)
}

function renderLsof(_input: Input, view: View): Renderer<Event> {
  const collect = view.pidsOnly ? pidLines() : view.fields === undefined ? table(view) : fieldLines(view)
  return event => {
    switch (event.type) {
      case 'file':
        return collect.add(event)
      case 'hung':
        return view.warnings && !view.pidsOnly ? hungChunk('lsof', event) : undefined
      case 'summary':
        return [
          ...collect.end(),
          ...(view.warnings && !view.pidsOnly ? noteChunks('lsof', event) : []),
          ...event.missing
            .filter(({ why }) => why !== null || view.verbose)
            .map(each => ({ stderr: `lsof: ${missingText(each)}\n` })),
        ]
    }
    return undefined
  }
}

type FileEvent = Extract<Event, { type: 'file' }>

function table(view: View) {
  const rows = new LsofTable(view)
  return { add: (file: FileEvent) => rows.add(file) as undefined, end: () => rows.lines() }
}

function fieldLines(view: View) {
  const fields = new LsofFields(view)
  return { add: (file: FileEvent) => fields.of(file), end: () => [] }
}

function pidLines() {
  let last: number | undefined
  return {
    add({ pid }: FileEvent) {
      if (pid === last) return undefined
      last = pid
      return `${pid}\n`
    },
    end: () => [],
  }
}
