import * as z from 'zod/mini'
import { container, note } from '../processes/schema.ts'
import { targetField } from '../target.ts'
import { fieldNames } from './fields.ts'

const flag = (help: string) => z._default(z.boolean(), false).check(z.describe(help))
const words = (help: string) => z.optional(z.array(z.string().check(z.minLength(1)))).check(z.describe(help))

export const input = z.strictObject({
  intervalSeconds: z
    ._default(z.number().check(z.minimum(0.1), z.maximum(86_400)), 1)
    .check(z.describe('What each sample measures, in seconds')),
  count: z
    ._default(z.int().check(z.minimum(0), z.maximum(1_000_000)), 1)
    .check(z.describe('How many samples; 0 is until stopped')),
  firstSeconds: z
    .optional(z.number().check(z.minimum(0.1), z.maximum(86_400)))
    .check(z.describe('What the first sample measures, where that is not intervalSeconds')),
  sort: z
    ._default(z.string(), '-cpuPercent')
    .check(z.describe("Field to sort by, or top's column; - before it for descending")),
  limit: z
    ._default(z.int().check(z.minimum(0)), 0)
    .check(z.describe('At most so many processes of each sample; 0 is all')),
  offset: z._default(z.int().check(z.minimum(0)), 0).check(z.describe('Leave out so many of the first')),
  find: z
    .optional(z.string().check(z.minLength(1)))
    .check(z.describe('Begin at the first, from the offset on, whose pid, user, name or arguments hold this')),
  target: targetField,
  users: words('Only of these effective users, by name or UID; ! before one for all others'),
  anyUsers: words('The same for real users as well'),
  pids: z
    .optional(z.array(z.int().check(z.minimum(1))))
    .check(z.describe('Only these processes, in the counts of tasks too')),
  filters: words('Only where this is true: COMM=nginx, %CPU>5, !USER=root, RES>100m'),
  idle: z._default(z.boolean(), true).check(z.describe('Also processes that used no CPU')),
  threads: flag('Each thread by itself'),
  tree: flag('Children under their parents'),
  io: z
    ._default(z.boolean(), true)
    .check(z.describe('Also how many files each has open, and what it reads and writes')),
  container: z._default(z.boolean(), true).check(z.describe("Also a container's limits and use beside the node's")),
})

export type TopInput = z.output<typeof input>

const scales = ['k', 'm', 'g', 't', 'p', 'e'] as const
export type Scale = (typeof scales)[number]

export const view = z.strictObject({
  columns: z.optional(z.array(z.enum(fieldNames))).check(z.describe('Columns, by their fields')),
  commandLine: flag('Command lines in place of names'),
  perCpu: flag('A line for each CPU'),
  width: z
    ._default(z.int().check(z.minimum(0), z.maximum(512)), 0)
    .check(z.describe("Cells of a line; 0 is the terminal's, or 80")),
  summaryScale: z._default(z.enum(scales), 'm').check(z.describe("Unit of the node's memory: k, m, g, t, p, e")),
  taskScale: z
    ._default(z.enum(['k', 'm', 'g', 't', 'p']), 'k')
    .check(z.describe("Smallest unit of a process's memory: k, m, g, t, p")),
  containerLine: flag("A line for the container's own limits and use"),
  live: z._default(z.boolean(), true).check(z.describe('On a terminal: a screen of its own, with keys')),
})

export type TopView = z.output<typeof view>

const percent = z.number()
const whole = z.nullable(z.int())
const limit = z.nullable(z.union([z.number(), z.literal('max')]))

const cpuSplit = {
  userPercent: percent,
  nicePercent: percent,
  systemPercent: percent,
  idlePercent: percent,
  iowaitPercent: percent,
  irqPercent: percent,
  softirqPercent: percent,
  stealPercent: percent.check(z.describe('The hypervisor gave it to another machine')),
}

/** Comes first of each sample. */
const sample = z.object({
  type: z.literal('sample'),
  seq: z.int(),
  time: z.string(),
  intervalSeconds: z.number().check(z.describe('What was measured, really')),
  uptimeSeconds: z.number(),
  users: whole.check(z.describe('Logins; null where no utmp is kept')),
  loadAverage: z.nullable(z.array(z.number())),
  tasks: z
    .object({ total: z.int(), running: z.int(), sleeping: z.int(), stopped: z.int(), zombie: z.int() })
    .check(z.describe('Processes, or threads where these are shown')),
  cpu: z.object(cpuSplit).check(z.describe('Of all CPUs of the node')),
  cpus: z.array(z.object({ cpu: z.int(), ...cpuSplit })),
  memory: z.object({
    totalBytes: z.int(),
    usedBytes: z.int(),
    freeBytes: z.int(),
    buffCacheBytes: z.int(),
    availableBytes: z.int(),
  }),
  swap: z.object({ totalBytes: z.int(), usedBytes: z.int(), freeBytes: z.int() }),
  container: z.nullable(
    z.object({
      id: z.nullable(z.string()),
      name: z.nullable(z.string()),
      kind: z.enum(['self', 'container', 'pause', 'host', 'namespace', 'unknown']),
      memoryLimitBytes: limit.check(z.describe('max is no limit; null is not known')),
      memoryUsageBytes: whole,
      workingSetBytes: whole,
      cpuLimitCores: limit,
      cpuPercent: z.nullable(percent).check(z.describe('100 is one core')),
      throttledPercent: z.nullable(percent).check(z.describe('Of the periods in which it ran')),
    }),
  ),
  pidMax: z.int(),
  threads: z.boolean(),
  matching: z.int().check(z.describe('How many processes the selection has, before limit and offset')),
  offset: z.int(),
  shown: z.int().check(z.describe('How many of these follow')),
  found: z.optional(z.boolean()).check(z.describe('Where something was to be found: whether it was')),
})

const process = z.object({
  type: z.literal('process'),
  pid: z.int(),
  tid: z.optional(z.int()).check(z.describe('Where threads are shown')),
  ppid: z.int(),
  uid: z.int(),
  user: z.string(),
  priority: z.int(),
  nice: z.int(),
  virtBytes: z.int(),
  resBytes: z.int(),
  shrBytes: z.int(),
  state: z.string(),
  cpuPercent: percent.check(z.describe('Of the interval; 100 is one core')),
  memoryPercent: percent,
  cpuTimeMs: z.int(),
  threads: z.int(),
  processor: z.int(),
  fds: whole.check(z.describe('Open files; null where they may not be seen, or were not asked for')),
  readBytesPerSecond: z.nullable(z.number()).check(z.describe('From block devices')),
  writtenBytesPerSecond: z.nullable(z.number()),
  startTime: z.string(),
  comm: z.string(),
  args: z.string(),
  treeLevel: z.optional(z.int()),
  container,
})

const summary = z.object({
  type: z.literal('summary'),
  samples: z.int(),
  missing: z.array(z.int()).check(z.describe('Named, but not there when it ended')),
  notes: z.array(note),
})

export const event = z.discriminatedUnion('type', [sample, process, summary])

export type TopEvent = z.output<typeof event>
export type TopSample = z.output<typeof sample>
export type TopProcess = z.output<typeof process>
export type TopSummary = z.output<typeof summary>
export type CpuSplit = z.output<typeof sample>['cpu']
