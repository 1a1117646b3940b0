import * as z from 'zod/mini'

export const container = z.object({
  id: z.nullable(z.string()),
  name: z.nullable(z.string()),
  runtime: z.nullable(z.string()),
  podUid: z.nullable(z.string()),
  kind: z.enum(['self', 'container', 'pause', 'host', 'namespace', 'unknown']),
  evidence: z.enum(['cgroup', 'mount namespace', 'mount ids', 'initial pid namespace', 'nothing']),
})

/** Comes first: what the processes are measured against. */
export const system = z.object({
  type: z.literal('system'),
  bootTime: z.string(),
  uptimeSeconds: z.number(),
  memTotalBytes: z.int(),
  pidMax: z.int(),
})

export const process = z.object({
  type: z.literal('process'),
  pid: z.int(),
  ppid: z.int(),
  pgid: z.int(),
  sid: z.int(),
  uid: z.int().check(z.describe('Effective')),
  gid: z.int(),
  realUid: z.int(),
  realGid: z.int(),
  user: z.string().check(z.describe("Its name in ditty's /etc/passwd, else the UID")),
  state: z.string().check(z.describe('R running, S sleeping, D in the kernel, Z zombie, T stopped, t traced, I idle')),
  stat: z.string().check(z.describe("procps' STAT: the state with < N L s l +")),
  tty: z.nullable(z.string()),
  tpgid: z.int(),
  nice: z.int(),
  priority: z.int(),
  threads: z.int(),
  processor: z.int(),
  rssBytes: z.int(),
  vszBytes: z.int(),
  memoryPercent: z.number(),
  cpuPercent: z.number().check(z.describe("CPU time over the process's whole life")),
  cpuTimeMs: z.int(),
  startTime: z.string(),
  elapsedSeconds: z.int(),
  comm: z.string(),
  args: z.string().check(z.describe('With spaces between; the comm in brackets where there are none')),
  argsTruncated: z.optional(z.literal(true)),
  cmdline: z.optional(z.array(z.string())).check(z.describe('The arguments as a list of words, where asked for')),
  treePrefix: z.optional(z.string()),
  container,
})

/** What a listing can't show. */
export const note = z.object({ what: z.string(), why: z.string(), remedy: z.string() })

export type ListedSystem = z.output<typeof system>
export type ListedProcess = z.output<typeof process>
export type ListedContainer = z.output<typeof container>
export type Note = z.output<typeof note>
