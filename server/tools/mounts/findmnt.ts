import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { renderFindmnt } from './findmnt-text.ts'
import { type FindmntColumn, findmntColumns, type MountsEvent, type MountsInput, type MountsView } from './schema.ts'
import { finishTypes, typesFlag } from './types-flag.ts'

const flags: Flag[] = [
  { field: 'bytes', short: 'b', long: 'bytes' },
  {
    field: 'fileSystems',
    short: 'D',
    long: 'df',
    value: 'df',
    help: 'As df shows them: real ones and those in memory, with sizes',
  },
  { field: 'first', short: 'f', long: 'first-only' },
  { field: 'form', short: 'l', long: 'list', value: 'list', help: 'As a list, in the order of the kernel' },
  { field: 'form', long: 'tree', value: 'tree', help: 'As a tree' },
  { field: 'form', short: 'r', long: 'raw', value: 'raw', help: 'Cells with one space between' },
  { field: 'form', short: 'P', long: 'pairs', value: 'pairs', help: 'As NAME="value"' },
  { field: 'mountPoint', short: 'M', long: 'mountpoint', metavar: 'DIRECTORY' },
  { field: 'headings', short: 'n', long: 'noheadings', value: false },
  { field: 'options', short: 'O', long: 'options', metavar: 'LIST', parse: word => word.split(',') },
  { field: 'columns', short: 'o', long: 'output', metavar: 'COLUMNS', parse: columnsFrom },
  { field: 'columns', long: 'output-all', value: [...findmntColumns], help: 'All columns' },
  { field: 'submounts', short: 'R', long: 'submounts' },
  { field: 'source', short: 'S', long: 'source', metavar: 'SOURCE' },
  {
    field: 'paths',
    short: 'T',
    long: 'target-path',
    metavar: 'PATH',
    parse: word => [word],
    help: 'The mount that holds this path',
  },
  typesFlag('t'),
  { field: 'fileSystems', long: 'real', value: 'real', help: 'Only file systems that hold something' },
  { field: 'fileSystems', long: 'pseudo', value: 'pseudo', help: 'Only those of the kernel and in memory' },
  { field: 'truncate', short: 'u', long: 'notruncate', value: false },
  { field: 'fsRoot', short: 'v', long: 'nofsroot', value: false },
  { field: 'target', short: 'N', long: 'task', metavar: 'PID', help: 'The mounts of this process, or container' },
  { ...targetFlag, help: 'The same: a container by name, id or pid' },
  { field: 'timeoutSeconds', long: 'timeout', metavar: 'SECONDS' },
]

function columnsFrom(word: string, previous: unknown): FindmntColumn[] {
  const names = word.replace(/^\+/, '').toUpperCase().split(',')
  const columns = names.map(name => {
    const column = findmntColumns.find(column => column === name)
    if (!column)
      throw new ToolError('invalid_input', `-o: there is no column '${name}'; there are ${findmntColumns.join(', ')}`)
    return column
  })
  if (!word.startsWith('+')) return columns
  return [...((previous as FindmntColumn[] | undefined) ?? ['TARGET', 'SOURCE', 'FSTYPE', 'OPTIONS']), ...columns]
}

const sizes: readonly string[] = ['SIZE', 'USED', 'AVAIL', 'USE%']

function finish(draft: Draft): void {
  finishTypes(draft)
  if (draft.fileSystems === 'df') {
    draft.columns ??= ['SOURCE', 'FSTYPE', 'SIZE', 'USED', 'AVAIL', 'USE%', 'TARGET']
    draft.form ??= 'list'
  }
  const isSearch = ['find', 'source', 'mountPoint', 'paths'].some(field => draft[field] !== undefined)
  if (isSearch && !draft.submounts) draft.form ??= 'list'
  // Without a column that tells of space nothing need be looked at, and nothing can hang.
  draft.space = (draft.columns as string[] | undefined)?.some(column => sizes.includes(column)) ?? false
}

/** One word is either; of two the first is the source. */
function operand(word: string, draft: Draft, index: number): void {
  if (index === 0) draft.find = word
  else if (index === 1) {
    draft.source = draft.find
    delete draft.find
    draft.mountPoint = word
  } else throw new ToolError('invalid_input', `one word too many: ${word} (usage: findmnt SOURCE MOUNTPOINT)`)
}

/** findmnt(8) of util-linux 2.38, of what is mounted. */
export const findmnt: Applet<MountsInput, MountsView, MountsEvent> = {
  usage: 'findmnt [flags] [SOURCE|MOUNTPOINT] | SOURCE MOUNTPOINT',
  summary: 'Find a mount, or show all as a tree, as findmnt(8) does',
  description: `
--target is ditty's word for a container here; the path whose mount is looked for stands after -T. In place of -J there is
--json, which prints the tool's events.

  findmnt
  findmnt -T /var/lib/data
  findmnt -t nfs,nfs4 --target app
  findmnt -D

Exit status: 0 found; 1 nothing found; 2 could not look.`,
  flags,
  operand,
  operands: { find: ['file'] },
  finish,
  text: renderFindmnt,
  exitStatus: ({ error, summary }) => (error || !summary ? undefined : summary.mounts > 0 ? 0 : 1),
}
