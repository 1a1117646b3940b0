import * as z from 'zod/mini'
import { maxColumns, maxRows } from '../protocol/terminal-frames.ts'

const word = z.string().check(z.maxLength(65_536), z.regex(/^[^\0]*$/, 'holds no NUL'))

const sessionName = z
  .string()
  .check(z.minLength(1), z.maxLength(200), z.regex(/^\P{Cc}*$/u, 'holds no control characters'))

/** A new name for a session that runs; null takes it away. */
export const sessionChange = z.strictObject({ name: z.nullable(sessionName) })

/** What a new link may do. */
export const linkRequest = z.strictObject({
  readOnly: z._default(z.boolean(), true).check(z.describe('Whether it shows and never writes')),
})

/** What a new session is made from. */
export const sessionRequest = z.strictObject({
  cols: z._default(z.int().check(z.minimum(1), z.maximum(maxColumns)), 80).check(z.describe('Columns of the screen')),
  rows: z._default(z.int().check(z.minimum(1), z.maximum(maxRows)), 24).check(z.describe('Rows of the screen')),
  command: z
    .optional(z.array(word).check(z.minLength(1), z.maxLength(1024)))
    .check(z.describe('Program and arguments; default: the shell')),
  cwd: z.optional(word).check(z.describe('Directory to start in; default: home')),
  env: z
    .optional(z.record(z.string().check(z.regex(/^[^=\0]+$/, 'is no name of a variable')), word))
    .check(z.describe('Variables added to the environment')),
  name: z.optional(sessionName).check(z.describe('Its title in lists')),
  record: z.optional(z.boolean()).check(z.describe('Record its output from the first byte')),
})
export type SessionRequest = z.output<typeof sessionRequest>

/** What a new recording keeps. */
export const recordingRequest = z.strictObject({
  input: z._default(z.boolean(), false).check(z.describe('Keep what is typed too, where it can be seen on the screen')),
})

export const recordingState = z.strictObject({
  startTime: z.string().check(z.describe('RFC 3339, UTC')),
  durationMs: z.int(),
  input: z.boolean().check(z.describe('What is typed is recorded too')),
  sizeBytes: z.int().check(z.describe('Of the file in asciicast v3')),
  stopped: z
    .nullable(z.enum(['limit', 'asked', 'ended']))
    .check(z.describe('Why it stopped: its limit, a request, the end of the session; null while it records')),
})

/** A session as the API tells of it. */
export const sessionInfo = z.strictObject({
  id: z.string().check(z.describe('Random; whoever knows it and has a token may attach')),
  name: z.nullable(z.string()).check(z.describe('The name it was given')),
  title: z.string().check(z.describe('What the program calls its window; else its name, or its program')),
  command: z.array(z.string()).check(z.describe('Program and arguments as started')),
  pid: z.int().check(z.describe('Process ID of the program, and its session ID')),
  foreground: z
    .nullable(z.strictObject({ pid: z.int(), comm: z.string() }))
    .check(z.describe('What runs in the foreground; null at the prompt of a shell')),
  cwd: z.nullable(z.string()).check(z.describe('Where that stands; null where it may not be seen')),
  cols: z.int(),
  rows: z.int(),
  running: z.boolean().check(z.describe('Whether the program still runs')),
  exitCode: z.nullable(z.int()).check(z.describe('Its exit status; null while it runs or when a signal ended it')),
  signal: z.nullable(z.string()).check(z.describe('SIGKILL, …; null while it runs or when it exited')),
  startTime: z.string().check(z.describe('RFC 3339, UTC')),
  endTime: z.nullable(z.string()).check(z.describe('RFC 3339, UTC; null while it runs')),
  lastOutputTime: z.string().check(z.describe('RFC 3339, UTC')),
  viewers: z.int().check(z.describe('Connections attached now')),
  oldestOffset: z.int().check(z.describe('Offset of the oldest byte of output held')),
  nextOffset: z.int().check(z.describe('Bytes of output so far')),
  recording: z.nullable(recordingState).check(z.describe('Its recording, that runs or is kept')),
})
export type SessionInfo = z.output<typeof sessionInfo>
