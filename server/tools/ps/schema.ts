import * as z from 'zod/mini'
import { container, type ListedProcess, note, process, system } from '../processes/schema.ts'
import { targetField } from '../target.ts'

/** Which processes are listed when none is named. */
export const scopes = ['all', 'own', 'terminals', 'terminalJobs', 'nonLeaders'] as const

const flag = (help: string) => z._default(z.boolean(), false).check(z.describe(help))

export const input = z.strictObject({
  pid: z.optional(z.int().check(z.minimum(1))).check(z.describe('One process in full')),
  pids: z.optional(z.array(z.int().check(z.minimum(1)))).check(z.describe('Only these processes')),
  ppids: z.optional(z.array(z.int().check(z.minimum(0)))).check(z.describe('Only children of these processes')),
  users: z.optional(z.array(z.string())).check(z.describe('Only of these users, by name or UID')),
  ttys: z.optional(z.array(z.string())).check(z.describe('Only on these terminals: pts/0, tty1, ? for none')),
  comms: z.optional(z.array(z.string())).check(z.describe('Only with these command names')),
  scope: z
    .optional(z.enum(scopes))
    .check(
      z.describe(
        'Without a name: all; own (your user on your terminal); terminals; terminalJobs and nonLeaders leave session leaders out',
      ),
    ),
  withoutTerminal: z
    ._default(z.boolean(), false)
    .check(z.describe('With the scopes own and terminals: also those without a terminal')),
  sort: z.optional(z.array(z.string())).check(z.describe('Fields to sort by, - before one for descending: -rssBytes')),
  forest: flag('Children under their parents'),
  descendants: flag('Also all that came from those that are chosen'),
  ancestors: flag('Also all that those that are chosen came from'),
  threads: flag('Also the threads of each beside its first'),
  cmdline: flag('Also the arguments of each as a list of words'),
  target: targetField,
})

export type PsInput = z.output<typeof input>

/** Column sets of procps; grouped is ditty's own. */
export const layouts = ['grouped', 'short', 'bsd', 'user', 'full', 'jobs', 'bsdJobs'] as const

export const view = z.strictObject({
  layout: z._default(z.enum(layouts), 'grouped').check(z.describe('Columns: by container, or a set of ps')),
  columns: z.optional(z.array(z.string())).check(z.describe('Columns by their ps names: pid,user,args=CMD')),
  wide: flag('Lines as long as they are'),
  noHeaders: flag('No line of column names'),
  lines: z
    ._default(z.enum(['ascii', 'unicode', 'vt100', 'auto']), 'auto')
    .check(z.describe('What trees are drawn with')),
  showArguments: flag('In a tree: the arguments too'),
  showPids: flag('In a tree: pids, which leaves nothing compacted'),
  showPgids: flag('In a tree: process groups'),
  showUsers: flag("In a tree: the user, where it isn't the parent's"),
  threadNames: flag('In a tree: each thread by a name of its own'),
  compact: z._default(z.boolean(), true).check(z.describe('In a tree: what is the same is drawn once')),
  byPid: flag('In a tree: in order of pid rather than of name'),
  highlight: z.optional(z.int()).check(z.describe('In a tree: this process and those it came from stand out')),
})

export type PsView = z.output<typeof view>

/** After its process; the first thread is the process itself. */
const thread = z.object({
  type: z.literal('thread'),
  pid: z.int(),
  tid: z.int(),
  comm: z.string(),
  state: z.string(),
  nice: z.int(),
  priority: z.int(),
  processor: z.int(),
  cpuTimeMs: z.int(),
})

const openFile = z.object({
  fd: z.int(),
  kind: z.string(),
  target: z.string(),
  position: z.nullable(z.int()).check(z.describe('Bytes from the beginning')),
  flags: z.nullable(z.array(z.string())).check(z.describe('Of open(2): O_RDWR, O_APPEND, …')),
  socket: z.optional(
    z.object({
      protocol: z.enum(['tcp', 'udp', 'unix']),
      state: z.string(),
      localAddress: z.nullable(z.string()),
      localPort: z.nullable(z.int()),
      peerAddress: z.nullable(z.string()),
      peerPort: z.nullable(z.int()),
      recvQ: z.nullable(z.int()),
      sendQ: z.nullable(z.int()),
      socketType: z.optional(z.string()),
      peerInode: z.optional(z.nullable(z.int())),
    }),
  ),
})

const bytes = z.nullable(z.int())

/** Null is "not checked": `denied` says why and how to grant it. */
const details = z.object({
  type: z.literal('details'),
  pid: z.int(),
  cmdline: z.nullable(z.array(z.string())),
  exe: z.nullable(z.string()),
  cwd: z.nullable(z.string()),
  root: z.nullable(z.string()),
  environ: z.nullable(z.array(z.string())),
  limits: z.nullable(
    z.array(
      z.object({ name: z.string(), soft: z.nullable(z.number()), hard: z.nullable(z.number()), unit: z.string() }),
    ),
  ),
  uids: z.nullable(z.object({ real: z.int(), effective: z.int(), saved: z.int(), filesystem: z.int() })),
  gids: z.nullable(z.object({ real: z.int(), effective: z.int(), saved: z.int(), filesystem: z.int() })),
  groups: z.nullable(z.array(z.int())),
  capabilities: z.nullable(
    z.object({
      effective: z.array(z.string()),
      permitted: z.array(z.string()),
      inheritable: z.array(z.string()),
      bounding: z.array(z.string()),
      ambient: z.array(z.string()),
    }),
  ),
  seccomp: z.nullable(z.enum(['disabled', 'strict', 'filter'])),
  noNewPrivs: z.nullable(z.boolean()),
  pidsInNamespaces: z.nullable(z.array(z.int())).check(z.describe('From this pid namespace inwards')),
  namespaces: z.nullable(z.record(z.string(), z.int())),
  cgroup: z.nullable(z.array(z.object({ hierarchy: z.int(), controllers: z.array(z.string()), path: z.string() }))),
  openFiles: z.nullable(z.object({ total: z.int(), files: z.array(openFile) })),
  oomScore: z.nullable(z.int()).check(z.describe('The highest in a cgroup is killed first, 0 to about 1000')),
  oomScoreAdj: z.nullable(z.int()).check(z.describe('Added to it; -1000 is never killed')),
  mounts: z.nullable(
    z.object({
      total: z.int(),
      root: z.nullable(z.object({ fsType: z.string(), readOnly: z.boolean() })),
    }),
  ),
  memory: z.nullable(
    z.object({
      rssBytes: bytes,
      pssBytes: bytes.check(z.describe('Each page divided by how many processes share it')),
      pssAnonBytes: bytes,
      pssFileBytes: bytes,
      pssShmemBytes: bytes,
      sharedCleanBytes: bytes,
      sharedDirtyBytes: bytes,
      privateCleanBytes: bytes,
      privateDirtyBytes: bytes,
      anonymousBytes: bytes,
      anonHugePagesBytes: bytes,
      swapBytes: bytes,
      swapPssBytes: bytes,
      lockedBytes: bytes,
    }),
  ),
  signals: z.nullable(
    z.object({
      pending: z.array(z.string()),
      blocked: z.array(z.string()),
      ignored: z.array(z.string()),
      caught: z.array(z.string()).check(z.describe('Those it has a handler for')),
    }),
  ),
  waitChannel: z
    .nullable(z.string())
    .check(z.describe("The kernel's function that its first thread sleeps in; null while it runs")),
  syscall: z.nullable(z.string()).check(z.describe('The system call that it waits in; null in none')),
  threads: z.nullable(
    z.object({
      total: z.int(),
      threads: z.array(
        z.object({ tid: z.int(), comm: z.string(), state: z.string(), processor: z.int(), cpuTimeMs: z.int() }),
      ),
    }),
  ),
  denied: z.record(z.string(), z.object({ reason: z.string(), remedy: z.string() })),
})

const summary = z.object({
  type: z.literal('summary'),
  processes: z.int(),
  threads: z.int(),
  containers: z.array(z.extend(container, { processes: z.int() })),
  vanished: z.int().check(z.describe('Ended while they were read')),
  missing: z.array(z.int()).check(z.describe('Named, but not there')),
  notes: z.array(note),
})

export const event = z.discriminatedUnion('type', [system, process, thread, details, summary])

export type PsEvent = z.output<typeof event>
export type PsProcess = ListedProcess
export type PsThread = z.output<typeof thread>
export type PsOpenFile = z.output<typeof openFile>
export type PsDetails = z.output<typeof details>
export type PsSummary = z.output<typeof summary>
