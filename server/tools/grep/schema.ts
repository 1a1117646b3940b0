import * as z from 'zod/mini'
import { pathsField } from '../contents/paths.ts'
import { troubleEvent } from '../contents/trouble.ts'
import { targetField } from '../target.ts'
import { syntaxes } from './pattern/compile.ts'

const flag = (description: string) => z._default(z.boolean(), false).check(z.describe(description))
const globs = (description: string) =>
  z._default(z.array(z.string().check(z.minLength(1))), []).check(z.describe(description))
const lines = z._default(z.int().check(z.minimum(0), z.maximum(100_000)), 0)

export const input = z.strictObject({
  target: targetField,
  patterns: z
    ._default(z.array(z.string()), [])
    .check(z.describe('What lines are looked for; one of several, or of the lines of one, has to match')),
  paths: pathsField.check(
    z.describe("Files and folders, from the container's / or our working directory; - is standard input"),
  ),
  syntax: z
    ._default(z.enum(syntaxes), 'basic')
    .check(
      z.describe('How patterns are read: basic or extended as POSIX has it, fixed text, or perl as JavaScript has it'),
    ),
  ignoreCase: flag('Capitals and small letters are the same'),
  invert: flag('Lines that do not match'),
  word: flag('Only where whole words match'),
  line: flag('Only where the whole line matches'),
  want: z
    ._default(z.enum(['lines', 'count', 'names', 'namesWithout', 'status']), 'lines')
    .check(
      z.describe(
        'What is told: lines, how many of them, the names of files with or without any, or whether there is one',
      ),
    ),
  maxCount: z.optional(z.int().check(z.minimum(0))).check(z.describe('Stop reading a file after so many lines')),
  before: lines.check(z.describe('Lines that stand before each')),
  after: lines.check(z.describe('Lines that follow each')),
  recursive: z
    ._default(z.enum(['no', 'yes', 'links']), 'no')
    .check(z.describe('Look into folders: not at all, without following links in them, or following all links')),
  include: globs('In folders, only files whose names match this glob'),
  exclude: globs('No files whose names match this glob'),
  excludeDir: globs('No folders whose names match this glob'),
  binary: z
    ._default(z.enum(['binary', 'text', 'without-match']), 'binary')
    .check(z.describe('Files that are no text: told of in one line, taken for text, or taken to have no match')),
  nullData: flag('Lines end with a zero byte, not with a newline'),
  lineNumbers: z._default(z.boolean(), true).check(z.describe('Count lines')),
})

export type GrepInput = z.output<typeof input>

export const view = z.strictObject({
  lineNumber: flag('Show the number of each line'),
  byteOffset: flag('Show how many bytes stand before each line, or match'),
  onlyMatching: flag('Show only what matches'),
  names: z
    ._default(z.enum(['auto', 'always', 'never']), 'auto')
    .check(z.describe('Show the name of the file: auto where there are several')),
  zeroAfterName: flag('A zero byte behind each name'),
  initialTab: flag('A tab before each line, so that tabs in it stand where they should'),
  quiet: flag('Show nothing'),
  noMessages: flag('Nothing about files that can not be read'),
  label: z._default(z.string(), '(standard input)').check(z.describe('What standard input is called')),
  groupSeparator: z
    ._default(z.string(), '--')
    .check(z.describe('What stands between lines that were not next to each other')),
  color: z
    ._default(z.enum(['auto', 'always', 'never']), 'auto')
    .check(z.describe('Show in colour what matches: on a terminal, or always')),
})

export type GrepView = z.output<typeof view>

const line = {
  path: z.string(),
  lineNumber: z.nullable(z.int()),
  byteOffset: z.int().check(z.describe('Of its first byte in the file')),
  text: z.string().check(z.describe('Without its end')),
  encoding: z.enum(['utf8', 'base64']).check(z.describe('How text stands for the bytes')),
}

const match = z.object({
  type: z.literal('match'),
  ...line,
  submatches: z
    .array(z.object({ start: z.int(), end: z.int() }))
    .check(z.describe('What matches, in bytes from its beginning')),
})

const context = z.object({
  type: z.literal('context').check(z.describe('A line beside one that was looked for')),
  ...line,
})

const file = z.object({
  type: z.literal('file').check(z.describe('What was found out of one file, where that was asked for or it is binary')),
  path: z.string(),
  matches: z.int().check(z.describe('Lines, as far as they were counted')),
  isBinary: z.boolean().check(z.describe('It holds zero bytes')),
  hasInvalid: z.boolean().check(z.describe('Some of the lines found are no UTF-8')),
})

const skipped = z.object({
  type: z.literal('skipped').check(z.describe('Found in a folder and not looked into')),
  path: z.string(),
  why: z.string(),
})

const summary = z.object({
  type: z.literal('summary'),
  files: z.int().check(z.describe('Searched')),
  filesMatched: z.int(),
  matches: z.int().check(z.describe('Lines')),
  decided: z.boolean().check(z.describe('Whether there is one was all that was wanted, and there is')),
  bytes: z.int().check(z.describe('Read')),
  troubles: z.int(),
  skipped: z.int(),
  stopped: z.boolean(),
})

export const event = z.discriminatedUnion('type', [match, context, file, skipped, troubleEvent, summary])

export type GrepEvent = z.output<typeof event>
export type FileEvent = z.output<typeof file>
export type GrepSummary = z.output<typeof summary>
