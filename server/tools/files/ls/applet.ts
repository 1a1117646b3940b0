import { ToolError } from '../../../core/errors.ts'
import type { Draft, Flag } from '../../../core/tool.ts'
import { targetFlag } from '../../target.ts'
import { blockSizeFlags } from '../block-size.ts'
import { type FilesApplet, inProcess } from '../in-process.ts'
import { quotingStyles } from '../quoting.ts'
import { choiceOf } from '../word-choice.ts'
import { timeStyles } from './long.ts'
import { renderLs } from './text.ts'

const formats = {
  long: 'long',
  verbose: 'long',
  'single-column': 'single',
  vertical: 'columns',
  across: 'across',
  horizontal: 'across',
  commas: 'commas',
}
const sorts = ['none', 'size', 'time', 'version', 'extension', 'name', 'width']
const times = {
  atime: 'accessed',
  access: 'accessed',
  use: 'accessed',
  ctime: 'changed',
  status: 'changed',
  birth: 'born',
  creation: 'born',
  mtime: 'modified',
  modification: 'modified',
}
const indicators = { none: 'none', slash: 'slash', 'file-type': 'type', classify: 'classify' }
const colours = {
  always: 'always',
  yes: 'always',
  force: 'always',
  auto: 'auto',
  tty: 'auto',
  'if-tty': 'auto',
  never: 'never',
  no: 'never',
  none: 'never',
}

const same = (words: readonly string[]) => Object.fromEntries(words.map(word => [word, word]))

/** A flag without a value. */
const is = (field: string, value: unknown, help: string, names: { short?: string; long?: string }): Flag => ({
  field,
  value,
  help,
  ...names,
})

/** A flag that takes one of these words. */
const oneOf = (field: string, long: string, choices: Readonly<Record<string, string>>, help: string): Flag => ({
  field,
  long,
  metavar: 'WORD',
  parse: choiceOf(`--${long}`, choices),
  help,
})

/** In a draft these ask for a long listing, too. */
const alsoLong = 'and long'
/** In a draft: sizes stay as they are. */
const blocksAlone = 'of blocks alone'

const flags: Flag[] = [
  targetFlag,
  is('hidden', 'all', 'Names that begin with a dot, too', { short: 'a', long: 'all' }),
  is('hidden', 'names', 'The same without . and ..', { short: 'A', long: 'almost-all' }),
  is('show', 'stat', 'Folders themselves, not what is in them', { short: 'd', long: 'directory' }),
  is('format', 'long', 'With mode, links, owner, group, size and time', { short: 'l' }),
  is('ownerColumn', alsoLong, 'Long, without the owner', { short: 'g' }),
  is('groupColumn', alsoLong, 'Long, without the group', { short: 'o' }),
  is('groupColumn', false, 'No group in long lines', { short: 'G', long: 'no-group' }),
  is('numericIds', alsoLong, 'Long, with numbers of users and groups', { short: 'n', long: 'numeric-uid-gid' }),
  is('format', 'single', 'One name a line', { short: '1' }),
  is('format', 'columns', 'In columns', { short: 'C' }),
  is('format', 'across', 'In columns that are read across', { short: 'x' }),
  is('format', 'commas', 'With commas between', { short: 'm' }),
  oneOf('format', 'format', formats, 'The same by a word'),
  { field: 'recursive', short: 'R', long: 'recursive' },
  { field: 'inodes', short: 'i', long: 'inode', help: 'The inode of each' },
  { field: 'blocks', short: 's', long: 'size' },
  ...blockSizeFlags,
  is('blockSize', blocksAlone, 'Blocks of 1024 bytes, as is usual', { short: 'k', long: 'kibibytes' }),
  is('sort', 'time', 'Latest first', { short: 't' }),
  is('sort', 'size', 'Largest first', { short: 'S' }),
  is('sort', 'extension', 'By extension', { short: 'X' }),
  is('sort', 'version', 'By numbers in names', { short: 'v' }),
  is('sort', 'none', 'In the order of the folder', { short: 'U' }),
  is('sort', 'all as they are', 'The same, all of them', { short: 'f' }),
  oneOf('sort', 'sort', same(sorts), 'The same by a word'),
  { field: 'reverse', short: 'r', long: 'reverse' },
  is('foldersFirst', true, 'Folders before the others', { long: 'group-directories-first' }),
  is('time', 'accessed', 'The time of the last access', { short: 'u' }),
  is('time', 'changed', 'The time of the last change of mode, owner or links', { short: 'c' }),
  oneOf('time', 'time', times, 'Which time is shown and sorted by'),
  { field: 'timeStyle', long: 'time-style', metavar: 'STYLE', parse: parseTimeStyle },
  is('timeStyle', alsoLong, 'Long, with times to the nanosecond', { long: 'full-time' }),
  is('indicator', 'slash', 'A / behind folders', { short: 'p' }),
  is('indicator', 'classify', 'Behind each name one of */=@|', { short: 'F', long: 'classify' }),
  is('indicator', 'type', 'The same without *', { long: 'file-type' }),
  oneOf('indicator', 'indicator-style', indicators, 'The same by a word'),
  { field: 'colour', long: 'color', metavar: 'WHEN', bare: 'always', parse: choiceOf('--color', colours) },
  is('quoting', 'escape', 'Control characters as C writes them', { short: 'b', long: 'escape' }),
  is('quoting', 'c', 'Names in double quotes', { short: 'Q', long: 'quote-name' }),
  is('quoting', 'literal', 'Names as they are', { short: 'N', long: 'literal' }),
  oneOf('quoting', 'quoting-style', same(quotingStyles), 'How names are written'),
  { field: 'hideControl', short: 'q', long: 'hide-control-chars' },
  is('hideControl', false, 'Control characters as they are', { long: 'show-control-chars' }),
  { field: 'width', short: 'w', long: 'width', metavar: 'COLUMNS' },
  { field: 'tabSize', short: 'T', long: 'tabsize', metavar: 'COLUMNS' },
  is('followLinks', 'always', 'What links lead to', { short: 'L', long: 'dereference' }),
  is('followLinks', 'named', 'What named links lead to', { short: 'H', long: 'dereference-command-line' }),
  is('followLinks', 'folders', 'What named links to folders lead to', {
    long: 'dereference-command-line-symlink-to-dir',
  }),
  { field: 'exclude', short: 'I', long: 'ignore', metavar: 'PATTERN', help: 'No names of that pattern' },
  is('exclude', '*~', 'No names that end with ~', { short: 'B', long: 'ignore-backups' }),
]

/** ls(1) of coreutils. */
export const lsApplet: FilesApplet = {
  usage: 'ls [flags] [PATH…]',
  summary: "What stands in folders, as ls(1) shows it: ours, or the target's with --target",
  description: `
Names are sorted by their bytes; on a terminal they stand in quotes where a shell would need them.

  ls --target app -la /
  ls --target app -lhS /var/log
  ls --target app -R /etc --json

Exit status: 0 all was seen, 1 something in a folder could not be, 2 something that was named.`,
  flags,
  defaults: { show: 'list', hidden: 'none', sort: 'name' },
  operands: { find: ['file'] },
  finish,
  text: (input, view, screen) => inProcess(renderLs(input, view, screen)),
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 2
    if (summary?.type !== 'summary') return undefined
    return summary.missing > 0 ? 2 : summary.troubles > 0 ? 1 : 0
  },
}

function parseTimeStyle(word: string): string {
  const style = word.replace(/^posix-/, '')
  if (style.startsWith('+') || timeStyles.includes(style)) return style
  throw new ToolError('invalid_input', `--time-style takes ${timeStyles.join(', ')} or +FORMAT, not '${word}'`)
}

/** What several flags mean together. */
function finish(draft: Draft): void {
  const { ownerColumn, groupColumn, numericIds, timeStyle } = draft
  if ([ownerColumn, groupColumn, numericIds, timeStyle].includes(alsoLong)) draft.format = 'long'
  if (ownerColumn === alsoLong) draft.ownerColumn = false
  if (groupColumn === alsoLong) draft.groupColumn = false
  if (numericIds === alsoLong) draft.numericIds = true
  if (timeStyle === alsoLong) draft.timeStyle = 'full-iso'
  if (draft.blockSize === blocksAlone) draft.blockSize = undefined
  if (draft.sort === 'all as they are') Object.assign(draft, { sort: 'none', hidden: 'all' })
  const isLong = draft.format === 'long'
  // A time that is chosen and not shown is what is sorted by.
  if (draft.time !== undefined && !isLong && draft.sort === 'name') draft.sort = 'time'
  const seesLinks = isLong || draft.show === 'stat' || draft.indicator === 'classify'
  draft.followLinks ??= seesLinks ? 'never' : 'folders'
  draft.details = isLong || needsStatus(draft)
}

const needsStatus = ({
  inodes,
  blocks,
  sort,
  indicator,
  colour = 'never',
  followLinks,
  recursive,
  foldersFirst,
}: Draft): boolean =>
  Boolean(inodes || blocks || foldersFirst || indicator) ||
  sort === 'size' ||
  sort === 'time' ||
  colour !== 'never' ||
  (followLinks === 'always' && Boolean(recursive))
