import * as z from 'zod/mini'
import { pathsField } from '../contents/paths.ts'
import { troubleEvent } from '../contents/trouble.ts'
import { targetField } from '../target.ts'

const count = (minimum: number) => z.optional(z.int().check(z.minimum(minimum)))

export const input = z.strictObject({
  target: targetField,
  paths: pathsField.check(z.describe("Files, from the container's / or our working directory; - is standard input")),
  first: count(0).check(z.describe('Only so many lines, or bytes, at the beginning')),
  last: count(0).check(z.describe('Only so many lines, or bytes, at the end')),
  from: count(1).check(z.describe('From this line, or byte, on; the first is 1')),
  unit: z
    ._default(z.enum(['lines', 'bytes']), 'lines')
    .check(z.describe('What first, last and from count: lines or bytes')),
  follow: z
    ._default(z.enum(['no', 'descriptor', 'name']), 'no')
    .check(z.describe('Wait for more: of the file that was opened, or of whatever has its name after a rotation')),
  retry: z._default(z.boolean(), false).check(z.describe("Wait for a followed file that can't be opened yet")),
  intervalSeconds: z
    ._default(z.number().check(z.minimum(0.01), z.maximum(3600)), 1)
    .check(z.describe('Look for more at least so often; a change that the kernel tells of is seen at once')),
  whilePid: z.optional(z.int().check(z.minimum(1))).check(z.describe('Follow until this process has ended')),
  seconds: z
    .optional(z.number().check(z.gt(0), z.maximum(604_800)))
    .check(z.describe('Follow no longer than so many seconds')),
})

export type ReadInput = z.output<typeof input>

export const view = z.strictObject({
  number: z._default(z.boolean(), false).check(z.describe('Number all lines')),
  numberNonblank: z._default(z.boolean(), false).check(z.describe('Number lines that are not empty')),
  squeezeBlank: z._default(z.boolean(), false).check(z.describe('Of several empty lines only one')),
  showEnds: z._default(z.boolean(), false).check(z.describe('Show a $ at the end of each line')),
  showTabs: z._default(z.boolean(), false).check(z.describe('Show tabs as ^I')),
  showNonprinting: z._default(z.boolean(), false).check(z.describe('Show control characters as ^X, others as M-x')),
  show: z
    ._default(z.array(z.enum(['all', 'ends', 'tabs'])), [])
    .check(z.describe('What is not printable as well as ends, tabs or all of them')),
  headers: z
    ._default(z.enum(['auto', 'always', 'never']), 'auto')
    .check(z.describe('Names above the content: auto where there are several files')),
})

export type ReadView = z.output<typeof view>

const file = z.object({
  type: z.literal('file').check(z.describe('What comes next is of this file')),
  path: z.string(),
  sizeBytes: z.nullable(z.int()).check(z.describe('When it was opened; null of standard input')),
  offset: z.nullable(z.int()).check(z.describe('Of the first byte that is shown; null where that is counted by lines')),
  modifiedTime: z.nullable(z.string()),
})

const changes = ['truncated', 'replaced', 'appeared', 'accessible', 'inaccessible', 'not followed'] as const

const change = z.object({
  type: z.literal('change').check(z.describe('What became of a followed file')),
  path: z.string(),
  change: z.enum(changes),
  time: z.string(),
  problem: z.nullable(z.string()),
})

export const endings = ['end', 'stopped', 'process ended', 'time is up', 'no files remaining'] as const

const summary = z.object({
  type: z.literal('summary'),
  files: z.int().check(z.describe('Of which something could be read')),
  bytes: z.int().check(z.describe('Shown')),
  troubles: z.int(),
  ending: z.enum(endings),
})

export const event = z.discriminatedUnion('type', [file, change, troubleEvent, summary])

export type ReadEvent = z.output<typeof event>
export type FileEvent = z.output<typeof file>
export type ChangeEvent = z.output<typeof change>
export type Change = ChangeEvent['change']
export type ReadSummary = z.output<typeof summary>
