import * as z from 'zod/mini'
import { targetField } from '../target.ts'

export const parts = ['memory', 'cpu', 'cpuset', 'pids', 'pressure', 'io'] as const
export type Part = (typeof parts)[number]

export const input = z.strictObject({
  target: targetField,
  parts: z
    ._default(z.array(z.enum(parts)), [...parts])
    .check(z.describe("What to look at beside the node's own numbers: memory, cpu, cpuset, pids, pressure, io")),
  container: z
    ._default(z.boolean(), true)
    .check(z.describe("Look at the container; without, the node's own numbers alone")),
  intervalSeconds: z
    .optional(z.number().check(z.minimum(0.001), z.maximum(86_400)))
    .check(z.describe('Look again each so many seconds')),
  count: z
    .optional(z.int().check(z.minimum(0), z.maximum(1_000_000)))
    .check(z.describe('How often to look; 0 is until stopped (default 1)')),
})

export type LimitsInput = z.output<typeof input>

/** As free(1) names them; auto is the shortest that fits. */
export const units = [
  'auto',
  'bytes',
  'kibi',
  'mebi',
  'gibi',
  'tebi',
  'pebi',
  'kilo',
  'mega',
  'giga',
  'tera',
  'peta',
] as const
export type Unit = (typeof units)[number]

export const view = z.strictObject({
  unit: z._default(z.enum(units), 'auto').check(z.describe('Unit of memory')),
  human: z._default(z.boolean(), false).check(z.describe('The shortest unit that fits, whatever unit says')),
  si: z._default(z.boolean(), false).check(z.describe('Powers of 1000 rather than 1024')),
  wide: z._default(z.boolean(), false).check(z.describe('Buffers and cache in columns of their own')),
  lohi: z._default(z.boolean(), false).check(z.describe('Low and high memory as well')),
  total: z._default(z.boolean(), false).check(z.describe('Memory and swap together as well')),
  committed: z._default(z.boolean(), false).check(z.describe('Committed memory and its limit as well')),
  pretty: z._default(z.boolean(), false).check(z.describe('Uptime in words')),
  since: z._default(z.boolean(), false).check(z.describe('When the system booted')),
})

export type LimitsView = z.output<typeof view>

const number = z.nullable(z.number())
const whole = z.nullable(z.int())
const limit = z.nullable(z.union([z.number(), z.literal('max')]))
const limitedBy = z.nullable(z.string())

const target = z.object({
  type: z.literal('target'),
  pid: z.int().check(z.describe('Whose cgroup it is')),
  container: z.object({
    id: z.nullable(z.string()),
    name: z.nullable(z.string()),
    runtime: z.nullable(z.string()),
    podUid: z.nullable(z.string()),
    kind: z.enum(['self', 'container', 'pause', 'host', 'namespace', 'unknown']),
  }),
  startTime: z.nullable(z.string()).check(z.describe('When its first process started')),
  uptimeSeconds: number,
  cgroup: z.object({
    layout: z.enum(['v1', 'v2', 'hybrid', 'none']),
    places: z.array(
      z.object({
        version: z.union([z.literal(1), z.literal(2)]),
        controllers: z.array(z.string()),
        path: z.string(),
        directory: z.nullable(z.string()).check(z.describe('Where its files are read; null: see the notes')),
      }),
    ),
  }),
})

const stall = z.object({ avg10: z.number(), avg60: z.number(), avg300: z.number(), totalMs: z.number() })
const pressures = {
  cpu: z.nullable(z.object({ some: stall, full: z.nullable(stall) })),
  memory: z.nullable(z.object({ some: stall, full: z.nullable(stall) })),
  io: z.nullable(z.object({ some: stall, full: z.nullable(stall) })),
}

/** Comes last in each round: what /proc says, of the whole node. */
const host = z.object({
  type: z.literal('host'),
  time: z.string(),
  bootTime: z.string(),
  uptimeSeconds: z.number(),
  users: whole.check(z.describe('Logins; null where no utmp is kept')),
  loadAverage: z.nullable(z.array(z.number())).check(z.describe('Over 1, 5 and 15 minutes')),
  runnableTasks: whole,
  tasks: whole,
  cpus: z.int().check(z.describe('Online')),
  memory: z.object({
    totalBytes: z.int(),
    usedBytes: z.int().check(z.describe('What is not available')),
    freeBytes: z.int(),
    sharedBytes: z.int(),
    buffersBytes: z.int(),
    cachedBytes: z.int(),
    availableBytes: z.int(),
    lowTotalBytes: z.int(),
    lowFreeBytes: z.int(),
    highTotalBytes: z.int(),
    highFreeBytes: z.int(),
    commitLimitBytes: z.int(),
    committedBytes: z.int(),
    emulated: z.boolean().check(z.describe("/proc/meminfo isn't the kernel's own: lxcfs shows the container's")),
  }),
  swap: z.object({ totalBytes: z.int(), usedBytes: z.int(), freeBytes: z.int() }),
  pressure: z.object(pressures),
})

const memory = z.object({
  type: z.literal('memory'),
  limitBytes: limit.check(z.describe('max is no limit; null is not known')),
  effectiveLimitBytes: limit.check(z.describe('The tightest of its own and those above it')),
  limitedBy: limitedBy.check(z.describe('The cgroup that sets the tightest')),
  usageBytes: whole,
  peakBytes: whole,
  workingSetBytes: whole.check(z.describe('usage - inactive file cache, as kubelet counts')),
  cacheBytes: whole,
  inactiveFileBytes: whole,
  anonBytes: whole,
  shmemBytes: whole,
  kernelBytes: whole,
  swapBytes: whole,
  swapLimitBytes: limit,
  highBytes: limit.check(z.describe('memory.high: above it tasks are slowed down')),
  highEvents: whole,
  maxEvents: whole.check(z.describe('How often usage came up to the limit')),
  oomKills: whole,
  oomGroup: z.nullable(z.boolean()).check(z.describe('An OOM kill takes all its tasks')),
})

const cpu = z.object({
  type: z.literal('cpu'),
  quotaMs: limit,
  periodMs: number,
  limitCores: limit.check(z.describe('quota / period')),
  effectiveLimitCores: limit,
  limitedBy,
  weight: whole.check(z.describe('cpu.weight of v2, 1 to 10000')),
  shares: whole.check(z.describe('cpu.shares of v1, 1024 for each requested core')),
  usageMs: number,
  userMs: number,
  systemMs: number,
  periods: whole,
  throttledPeriods: whole,
  throttledMs: number,
})

const cpuset = z.object({
  type: z.literal('cpuset'),
  cpus: z.nullable(z.string()).check(z.describe('0-3,8')),
  cpuCount: whole,
  mems: z.nullable(z.string()),
})

const pids = z.object({
  type: z.literal('pids'),
  current: whole.check(z.describe('Threads count too')),
  limit,
  effectiveLimit: limit,
  limitedBy,
  peak: whole,
  maxEvents: whole.check(z.describe('Forks that failed on the limit')),
})

const pressure = z.object({ type: z.literal('pressure'), ...pressures })

const device = z.object({
  type: z.literal('device'),
  device: z.string().check(z.describe('major:minor')),
  name: z.nullable(z.string()),
  readBytes: z.int(),
  writtenBytes: z.int(),
  readOperations: z.int(),
  writeOperations: z.int(),
})

const summary = z.object({
  type: z.literal('summary'),
  rounds: z.int(),
  trust: z.array(
    z.object({
      what: z.enum(['memory', 'cpu', 'load', 'uptime']),
      trust: z.enum(['container', 'node', 'neither']),
      why: z.string(),
    }),
  ),
  notes: z.array(z.object({ what: z.string(), why: z.string(), remedy: z.string() })),
})

export const event = z.discriminatedUnion('type', [target, host, memory, cpu, cpuset, pids, pressure, device, summary])

export type LimitsEvent = z.output<typeof event>
export type TargetEvent = z.output<typeof target>
export type HostEvent = z.output<typeof host>
export type MemoryEvent = z.output<typeof memory>
export type CpuEvent = z.output<typeof cpu>
export type CpusetEvent = z.output<typeof cpuset>
export type PidsEvent = z.output<typeof pids>
export type PressureEvent = z.output<typeof pressure>
export type DeviceEvent = z.output<typeof device>
export type LimitsSummary = z.output<typeof summary>
export type Note = LimitsSummary['notes'][number]
export type Trust = LimitsSummary['trust'][number]
