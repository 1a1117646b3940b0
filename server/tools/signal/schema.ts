import * as z from 'zod/mini'
import { dispositions } from '../../linux/signal-disposition.ts'
import { process as listed, note } from '../processes/schema.ts'
import { targetField } from '../target.ts'

/** Longest watch: a day is longer than anybody's graceful shutdown. */
export const maxWaitMs = 86_400_000

const words = (help: string) => z.optional(z.array(z.string().check(z.minLength(1)))).check(z.describe(help))
const ids = (help: string) => z.optional(z.array(z.int().check(z.minimum(0)))).check(z.describe(help))
const flag = (help: string) => z._default(z.boolean(), false).check(z.describe(help))

export const input = z.strictObject({
  signal: z
    .optional(z.string())
    .check(z.describe('HUP, SIGHUP, 1, RTMIN+3; 0 sends nothing, and asks whether it might')),
  pids: z.optional(z.array(z.int())).check(z.describe('These processes; -N is process group N')),
  names: words('With exactly these command names'),
  patterns: words('Whose command name matches one of these regular expressions'),
  full: flag('Patterns are for the whole command line'),
  exact: flag('Patterns have to match as a whole; names longer than 15 letters too'),
  ignoreCase: flag('Names and patterns in any case'),
  ppids: ids('Children of these processes'),
  pgids: ids('In these process groups; 0 is our own'),
  sids: ids('In these sessions; 0 is our own'),
  users: words('Of these effective users, by name or UID'),
  realUsers: words('Of these real users, by name or UID'),
  realGroups: words('Of these real groups, by name or GID'),
  ttys: words('On these terminals: pts/0, tty1, ? for none'),
  target: targetField,
  invert: flag('Those that do not match'),
  pick: z.optional(z.enum(['newest', 'oldest'])).check(z.describe('Only one of those that match, by its start')),
  scope: z
    ._default(z.enum(['process', 'group', 'tree']), 'process')
    .check(z.describe('What of each: itself, its whole process group, or itself and all that came from it')),
  waitMs: z
    ._default(z.int().check(z.minimum(0), z.maximum(maxWaitMs)), 1500)
    .check(z.describe('How long to watch what happens, in milliseconds; 0 not at all')),
  dryRun: flag('Say what would be done, and do nothing'),
  list: z
    .optional(z.array(z.string()))
    .check(z.describe('Translate these names, numbers or exit statuses of signals; without one, list all signals')),
})

export type SignalInput = z.output<typeof input>

export const view = z.strictObject({
  show: z
    ._default(z.array(z.enum(['pid', 'name', 'args', 'count'])), [])
    .check(z.describe('Not what happens, but who is chosen: pid, with name or args; or only how many')),
  delimiter: z._default(z.string(), '\n').check(z.describe('What stands between those that are shown')),
  echo: z._default(z.boolean(), true).check(z.describe('A line for each signal that is sent')),
  quiet: flag("Don't complain when nothing matches"),
  table: flag('With list: only names and numbers, seven in a line'),
})

export type SignalView = z.output<typeof view>

/** Comes before anything is sent: who gets it, and what it does with it. */
const process = z.extend(
  z.pick(listed, {
    type: true,
    pid: true,
    ppid: true,
    pgid: true,
    sid: true,
    uid: true,
    user: true,
    state: true,
    tty: true,
    startTime: true,
    comm: true,
    args: true,
    container: true,
  }),
  {
    disposition: z
      .enum(dispositions)
      .check(z.describe('What it does with this signal, by its masks; none: nothing is sent')),
    why: z.nullable(z.string()),
  },
)

export const sent = z.object({ type: z.literal('sent'), pid: z.int() })

export const denied = z.object({ type: z.literal('denied'), pid: z.int(), reason: z.string(), remedy: z.string() })

/** vanished: it ended before the signal was sent; pending: it waits, blocked or until the process runs again. */
export const outcomes = [
  'exited',
  'zombie',
  'reloaded',
  'stopped',
  'continued',
  'ignored',
  'pending',
  'still_there',
  'vanished',
] as const

export const result = z.object({
  type: z.literal('result'),
  pid: z.int(),
  outcome: z.enum(outcomes),
  afterMs: z.number().check(z.describe('From the sending to the look that found it')),
  state: z.nullable(z.string()).check(z.describe('As in ps; null once it is gone')),
  newChildren: z.array(z.int()).check(z.describe('Children that were not there before')),
  goneChildren: z.array(z.int()).check(z.describe('Children from before that have left')),
  note: z.nullable(z.string()),
})

const named = z.object({
  type: z.literal('signal'),
  name: z.string(),
  number: z.int(),
  defaultAction: z.enum(['terminate', 'core', 'stop', 'continue', 'ignore']),
})

const summary = z.object({
  type: z.literal('summary'),
  signal: z.nullable(z.string()).check(z.describe('SIGHUP; null for 0, and for a list')),
  signalNumber: z.nullable(z.int()),
  dryRun: z.boolean(),
  selected: z.int(),
  sent: z.int(),
  denied: z.int(),
  outcomes: z.record(z.enum(outcomes), z.int()),
  ineffective: z
    .int()
    .check(z.describe('Sent, watched, and did not do what it is for: ignored, pending, or an end that did not come')),
  missing: z.array(z.int()).check(z.describe('Pids, and -N for groups, that are not there')),
  unmatched: z.array(z.string()).check(z.describe('Names and patterns that no signal was sent for')),
  notes: z.array(note),
})

export const event = z.discriminatedUnion('type', [process, sent, denied, result, named, summary])

export type SignalEvent = z.output<typeof event>
export type SignalProcess = z.output<typeof process>
export type SignalResult = z.output<typeof result>
export type SignalSummary = z.output<typeof summary>
export type Outcome = SignalResult['outcome']
