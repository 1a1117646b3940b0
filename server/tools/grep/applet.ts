import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag, WordFiles } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import type { GrepEvent, GrepInput, GrepView } from './schema.ts'
import { renderGrep } from './text.ts'

const context = (field: string, short: string, long: string): Flag => ({
  field,
  short,
  long,
  metavar: 'N',
  parse: word => contextCount(word),
})

function contextCount(word: string): number {
  if (!/^\d+$/.test(word)) throw new ToolError('invalid_input', `${word}: invalid context length argument`)
  return Math.min(Number(word), 100_000)
}

/** Those whose meaning is the tool's. */
export const sharedFlags: Flag[] = [
  {
    field: 'syntax',
    short: 'E',
    long: 'extended-regexp',
    value: 'extended',
    help: 'Patterns are extended regular expressions',
  },
  { field: 'syntax', short: 'F', long: 'fixed-strings', value: 'fixed', help: 'Patterns are texts' },
  { field: 'syntax', short: 'G', long: 'basic-regexp', value: 'basic', help: 'Patterns are basic regular expressions' },
  {
    field: 'syntax',
    short: 'P',
    long: 'perl-regexp',
    value: 'perl',
    help: "Patterns are JavaScript's expressions, which are nearly Perl's",
  },
  { field: 'ignoreCase', short: 'i', long: 'ignore-case' },
  { field: 'ignoreCase', short: 'y', help: 'The same' },
  { field: 'ignoreCase', long: 'no-ignore-case', value: false, help: 'Capitals and small letters are two things' },
  { field: 'invert', short: 'v', long: 'invert-match' },
  { field: 'word', short: 'w', long: 'word-regexp' },
  { field: 'line', short: 'x', long: 'line-regexp' },
  { field: 'want', short: 'c', long: 'count', value: 'count', help: 'Only how many lines of each file' },
  {
    field: 'want',
    short: 'l',
    long: 'files-with-matches',
    value: 'names',
    help: 'Only names of files with such lines',
  },
  {
    field: 'want',
    short: 'L',
    long: 'files-without-match',
    value: 'namesWithout',
    help: 'Only names of files without',
  },
  { field: 'maxCount', short: 'm', long: 'max-count', metavar: 'N' },
  context('after', 'A', 'after-context'),
  context('before', 'B', 'before-context'),
  {
    field: 'recursive',
    short: 'r',
    long: 'recursive',
    value: 'yes',
    help: 'Look into folders; links in them are not followed',
  },
  {
    field: 'recursive',
    short: 'R',
    long: 'dereference-recursive',
    value: 'links',
    help: 'The same, following all links',
  },
  { field: 'include', long: 'include', metavar: 'GLOB' },
  { field: 'exclude', long: 'exclude', metavar: 'GLOB' },
  { field: 'excludeDir', long: 'exclude-dir', metavar: 'GLOB' },
  { field: 'binary', long: 'binary-files', metavar: 'HOW' },
  { field: 'binary', short: 'a', long: 'text', value: 'text', help: 'Everything is text' },
  { field: 'binary', short: 'I', value: 'without-match', help: 'What is no text has no match' },
  { field: 'nullData', short: 'z', long: 'null-data' },
  { field: 'lineNumber', short: 'n', long: 'line-number' },
  { field: 'byteOffset', short: 'b', long: 'byte-offset' },
  { field: 'onlyMatching', short: 'o', long: 'only-matching' },
  {
    field: 'names',
    short: 'H',
    long: 'with-filename',
    value: 'always',
    help: 'Show the name of the file with each line',
  },
  { field: 'names', short: 'h', long: 'no-filename', value: 'never', help: 'Show no names of files' },
  { field: 'zeroAfterName', short: 'Z', long: 'null' },
  { field: 'initialTab', short: 'T', long: 'initial-tab' },
  { field: 'noMessages', short: 's', long: 'no-messages' },
  { field: 'label', long: 'label', metavar: 'NAME' },
  { field: 'groupSeparator', long: 'group-separator', metavar: 'TEXT' },
  { field: 'groupSeparator', long: 'no-group-separator', value: '', help: 'Nothing between lines that were apart' },
  { field: 'color', long: 'color', metavar: 'WHEN', bare: 'auto' },
  { field: 'color', long: 'colour', metavar: 'WHEN', bare: 'auto', help: 'The same' },
  targetFlag,
]

const flags: Flag[] = [
  {
    field: 'patterns',
    short: 'e',
    long: 'regexp',
    metavar: 'PATTERN',
    help: 'What is looked for; several times for several',
  },
  {
    field: 'patterns',
    short: 'f',
    long: 'file',
    metavar: 'FILE',
    help: 'The same, one in each line of a file',
    parse: patternsIn,
  },
  {
    field: 'after',
    short: 'C',
    long: 'context',
    metavar: 'N',
    help: 'Lines before and after each',
    parse: word => ({ both: contextCount(word) }),
  },
  { field: 'want', short: 'q', long: 'quiet', value: 'status', help: 'Show nothing; the exit status tells' },
  { field: 'want', long: 'silent', value: 'status', help: 'The same' },
  {
    field: 'recursive',
    short: 'd',
    long: 'directories',
    metavar: 'HOW',
    help: 'What is done with folders: read (an error) or recurse',
    parse: directories,
  },
  { field: 'color', long: 'line-buffered', value: 'auto', help: 'Lines are shown as they come; always so' },
  ...sharedFlags,
]

function directories(word: string): string {
  if (word === 'recurse') return 'yes'
  if (word === 'read') return 'no'
  throw new ToolError('invalid_input', `--directories takes read or recurse, not '${word}'`)
}

async function patternsIn(path: string, previous: unknown, files: WordFiles): Promise<string[]> {
  const text = Buffer.from(await read(path, files)).toString()
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  if (lines.length === 0) throw new ToolError('invalid_input', `${path}: no pattern in it, so that nothing would match`)
  return [...((previous as string[] | undefined) ?? []), ...lines]
}

async function read(path: string, files: WordFiles): Promise<Uint8Array> {
  try {
    return await files.read(path)
  } catch (cause) {
    throw new ToolError('not_found', `${path}: ${(cause as Error).message}`, { cause })
  }
}

/** grep(1) of GNU. */
export const grepApplet: Applet<GrepInput, GrepView, GrepEvent> = {
  usage: 'grep [flags] PATTERN [FILE…]',
  summary: 'Show the lines of files in which something stands',
  description: `
Without a file, standard input, or with -r all below where one stands. With --target, files are the target's, from its /. What
may take for ever (a folder of a dead mount, a pattern such as (a+)+$) is told of and left in time.

  grep -rn --target app 'listen ' /etc/nginx
  grep -E -c '^(GET|POST) ' access.log
  grep -v DEBUG < app.log

Exit status: 0 something found; 1 nothing; 2 something could not be read; 130 interrupted.`,
  flags,
  operands: { find: ['file'] },
  defaults: { lineNumbers: false },
  operand(word, draft) {
    draft.paths = [...((draft.paths as string[] | undefined) ?? []), word]
  },
  dashed(word, draft) {
    if (!/^-\d+$/.test(word)) return false
    draft.before = draft.after = contextCount(word.slice(1))
    return true
  },
  finish,
  text: renderGrep('grep'),
  exitStatus({ summary, error }) {
    if (summary?.stopped) return 130
    if (!summary) return error?.code === 'cancelled' ? undefined : 2
    return summary.troubles > 0 && !summary.decided ? 2 : summary.matches > 0 ? 0 : 1
  },
}

/** The old words for -E and -F. */
export const egrep = {
  ...grepApplet,
  usage: 'egrep [flags] PATTERN [FILE…]',
  defaults: { ...grepApplet.defaults, syntax: 'extended' },
}
export const fgrep = {
  ...grepApplet,
  usage: 'fgrep [flags] TEXT [FILE…]',
  defaults: { ...grepApplet.defaults, syntax: 'fixed' },
}

function finish(draft: Draft): void {
  if (draft.patterns === undefined) {
    const [pattern, ...paths] = (draft.paths as string[] | undefined) ?? []
    if (pattern === undefined) throw new ToolError('invalid_input', 'usage: grep [flags] PATTERN [FILE…]')
    draft.patterns = [pattern]
    draft.paths = paths
  }
  const { after } = draft
  if (typeof after === 'object' && after !== null && 'both' in after) {
    draft.after = after.both
    draft.before ??= after.both
  }
  if (draft.lineNumber === true) draft.lineNumbers = true
}
