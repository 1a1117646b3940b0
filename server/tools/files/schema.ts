import * as z from 'zod/mini'
import { pathsField } from '../contents/paths.ts'
import { targetField } from '../target.ts'
import { quotingStyles } from './quoting.ts'

const word = (text: string) => z.optional(z.string()).check(z.describe(text))
const flag = (text: string) => z._default(z.boolean(), false).check(z.describe(text))
const count = (text: string) => z.optional(z.int().check(z.minimum(0))).check(z.describe(text))

export const input = z.strictObject({
  paths: pathsField.check(z.describe('What to look at; default: the working directory, / with --target')),
  target: targetField,
  show: z
    .optional(z.enum(['list', 'find', 'usage', 'stat', 'statfs']))
    .check(
      z.describe(
        'list: what stands in a folder, find: all below it, usage: how much each folder holds, stat: the named thing itself, statfs: its file system; default: list, or find where something is searched for',
      ),
    ),
  recursive: flag('list: each folder below, too'),
  depth: count('No deeper than so many levels below what is named'),
  minDepth: count('Nothing nearer than so many levels'),
  hidden: z
    ._default(z.enum(['none', 'names', 'all']), 'names')
    .check(z.describe('list: names that begin with a dot: none of them, all names, or also . and ..')),
  followLinks: z
    .optional(z.enum(['never', 'folders', 'named', 'always']))
    .check(
      z.describe(
        'Which links are followed: none, named ones that lead to a folder, named ones, or all; default: folders for list, else never',
      ),
    ),
  oneFileSystem: flag('Go into no other mount'),
  name: word('A pattern for the name, as of a shell: *.log'),
  iname: word('The same, in any case'),
  path: word('A pattern for the whole path'),
  regex: word('A regular expression for the whole path, as Emacs has them'),
  fileType: word('f file, d folder, l link, p pipe, s socket, b or c device; several with commas'),
  size: word('+10M more than, -10M less than, 4k so much, rounded up: c w b k M G'),
  mtime: word('Modified so many days ago: -1 in the last day, +7 more than seven days ago'),
  mmin: word('The same in minutes'),
  newer: word('Modified after that file was'),
  user: word('Owned by, a name or uid of the target'),
  group: word('Of the group, a name or gid'),
  perm: word('Permissions: 644 just these, -u+w all of these, /222 any of these'),
  links: word('So many hard links: +1'),
  inode: word('Of that inode'),
  empty: flag('Files and folders with nothing in them'),
  skip: z._default(z.array(z.string()), []).check(z.describe('Patterns for names of folders not to go into')),
  expression: z
    ._default(z.array(z.string()), [])
    .check(z.describe('What to find in the words of find(1), one by one: ["-name", "*.log", "-size", "+1M"]')),
  details: z
    ._default(z.boolean(), true)
    .check(z.describe('With the status of each; false: path and type alone, which costs least')),
  sort: z
    ._default(z.enum(['none', 'name', 'size', 'time', 'extension', 'version', 'width']), 'none')
    .check(z.describe('In which order; sorting holds all of them until the end, or as many as limit tells')),
  time: z
    ._default(z.enum(['modified', 'accessed', 'changed', 'born']), 'modified')
    .check(z.describe('Which time is meant by sort')),
  reverse: flag('In the opposite order'),
  foldersFirst: flag('list: folders before the others'),
  limit: z.optional(z.int().check(z.minimum(1))).check(z.describe('No more than so many, the first of the order')),
  files: flag('usage: also each file'),
  separate: flag('usage: a folder without those below it'),
  everyLink: flag('usage: a file as often as it has names'),
  measure: z
    ._default(z.enum(['allocated', 'size', 'inodes']), 'allocated')
    .check(z.describe('usage: what threshold is about: what it takes on the disk, what it says, or how many')),
  threshold: z
    .optional(z.int())
    .check(z.describe('usage: no less than so many bytes or inodes; below zero: no more than')),
  exclude: z
    ._default(z.array(z.string()), [])
    .check(z.describe('list and usage: patterns for names, or for paths, to leave out')),
})

export type FilesInput = z.output<typeof input>

const text = (words: string) => z.string().check(z.describe(words))
const base64 = z.optional(z.string()).check(z.describe('The bytes, where they are no UTF-8'))
const time = z.optional(z.nullable(z.string())).check(z.describe('ISO 8601, to the nanosecond'))
const bytes = z.number()

const entry = z.object({
  type: z.literal('entry'),
  path: text('Bytes that are no UTF-8 as %FF; then % itself is %25'),
  pathBase64: base64,
  name: text('The last name of the path'),
  nameBase64: base64,
  depth: z.int().check(z.describe('Below what was named: 0 is that itself')),
  fileType: z.enum(['file', 'directory', 'link', 'fifo', 'socket', 'character', 'block', 'unknown']),
  mode: z.optional(z.string()).check(z.describe('Octal, without the type: 0644')),
  links: z.optional(z.int()),
  uid: z.optional(z.int()),
  user: z.optional(z.nullable(z.string())).check(z.describe("By the target's own /etc/passwd")),
  gid: z.optional(z.int()),
  group: z.optional(z.nullable(z.string())),
  sizeBytes: z.optional(bytes),
  allocatedBytes: z.optional(bytes),
  sparse: z.optional(z.boolean()).check(z.describe('It holds less than it says')),
  inode: z.optional(z.string()),
  fileSystem: z.optional(z.string()).check(z.describe('major:minor of the file system')),
  fsType: z.optional(z.nullable(z.string())),
  device: z.optional(z.string()).check(z.describe('major:minor of a device')),
  accessedTime: time,
  modifiedTime: time,
  changedTime: time,
  bornTime: time,
  linkTarget: z.optional(z.string()).check(z.describe('Where a link points, as it says')),
  linkTargetBase64: base64,
})

const usage = z.object({
  type: z.literal('usage'),
  path: text('As in entry'),
  pathBase64: base64,
  depth: z.int(),
  fileType: entry.shape.fileType,
  sizeBytes: bytes.check(z.describe('Of all in it and itself, as they say')),
  allocatedBytes: bytes.check(z.describe('The same, as they take on the disk')),
  inodes: z.int(),
  modifiedTime: time,
  accessedTime: time,
  changedTime: time,
})

const fileSystem = z.object({
  type: z.literal('filesystem'),
  path: text('As in entry'),
  pathBase64: base64,
  magic: z.int().check(z.describe('f_type of statfs(2)')),
  fsType: z.nullable(z.string()),
  id: z
    .nullable(z.string())
    .check(z.describe('f_fsid of statfs(2), hexadecimal; null where nothing may be waited for')),
  nameMaximum: z.nullable(z.int()),
  fragmentSizeBytes: z.nullable(z.int()),
  blockSizeBytes: z.int(),
  blocks: z.number(),
  freeBlocks: z.number(),
  availableBlocks: z.number(),
  inodes: z.number(),
  freeInodes: z.number(),
})

const folder = z.object({
  type: z.literal('folder'),
  path: text('list: what stands in it follows'),
  pathBase64: base64,
})

const trouble = z.object({
  type: z.literal('trouble'),
  path: text('As in entry'),
  pathBase64: base64,
  code: z.string(),
  errno: z.optional(z.string()).check(z.describe('EACCES, ENOENT, …')),
  reason: z.string(),
  remedy: z.optional(z.string()),
  step: z.enum(['look', 'enter']).check(z.describe('What failed: to look at it, or to see what is in it')),
  named: z.boolean().check(z.describe('It was named, not come to')),
})

const summary = z.object({
  type: z.literal('summary'),
  entries: z.int(),
  folders: z.int().check(z.describe('How many folders were gone into')),
  sizeBytes: z.nullable(bytes).check(z.describe('Of all entries; null where their status was not asked for')),
  allocatedBytes: z.nullable(bytes),
  troubles: z.int(),
  missing: z.int().check(z.describe('How many of the named are not there or could not be looked at')),
  limited: z.boolean().check(z.describe('There may be more than limit')),
})

export const event = z.discriminatedUnion('type', [entry, folder, usage, fileSystem, trouble, summary])

export type EntryFields = z.output<typeof entry>
export type UsageEvent = z.output<typeof usage>
export type FileSystemEvent = z.output<typeof fileSystem>
export type FolderEvent = z.output<typeof folder>
export type TroubleEvent = z.output<typeof trouble>
export type FilesSummary = z.output<typeof summary>

const orTerminal = (words: string) => `${words}; default: as a terminal needs it`

/** How results are shown in words, by the applets. */
export const view = z.strictObject({
  format: z
    .optional(z.enum(['long', 'single', 'columns', 'across', 'commas']))
    .check(z.describe(orTerminal('In lines or columns'))),
  width: z.optional(z.int().check(z.minimum(0))).check(z.describe('So many columns a line; 0 for no end')),
  tabSize: z.optional(z.int().check(z.minimum(0))).check(z.describe('Tabs so wide; 0 for none')),
  inodes: flag('The inode of each, or how many there are'),
  blocks: flag('The blocks of each'),
  blockSize: z
    .optional(z.string())
    .check(z.describe('Sizes in units of that: 1, K, 4K, MB; human or si: the shortest one')),
  ownerColumn: z._default(z.boolean(), true).check(z.describe('The owner, in long lines')),
  groupColumn: z._default(z.boolean(), true).check(z.describe('The group, in long lines')),
  numericIds: flag('Numbers of users and groups'),
  indicator: z
    ._default(z.enum(['none', 'slash', 'type', 'classify']), 'none')
    .check(z.describe('A sign behind the name')),
  colour: z
    ._default(z.enum(['always', 'auto', 'never']), 'never')
    .check(z.describe('Names in colours: always, auto or never')),
  quoting: z.optional(z.enum(quotingStyles)).check(z.describe(orTerminal('How names are written'))),
  hideControl: z.optional(z.boolean()).check(z.describe('? in place of control characters')),
  timeStyle: z
    ._default(z.string(), 'locale')
    .check(z.describe('How times are written: locale, iso, long-iso, full-iso, +FORMAT')),
  template: word('What is written of each, as stat(1) has it: %n %s %y'),
  escapes: flag('With escapes in the template, and no newline behind it'),
  terse: flag('All in one line'),
  total: flag('Also all together'),
  nullEnds: flag('A null byte in place of newlines'),
})

export type FilesView = z.output<typeof view>
