import * as z from 'zod/mini'
import { socketStates } from '../../linux/sockets.ts'
import { note } from '../processes/schema.ts'
import { denied, maxWaitMs, result, sent } from '../signal/schema.ts'
import { targetField } from '../target.ts'

const words = (help: string) => z.optional(z.array(z.string().check(z.minLength(1)))).check(z.describe(help))
const flag = (help: string) => z._default(z.boolean(), false).check(z.describe(help))

export const input = z.strictObject({
  paths: words(
    'Who has these files open, under whatever name; a mount point or its device stands for its whole file system',
  ),
  pathsMean: z
    ._default(z.enum(['auto', 'file', 'filesystem']), 'auto')
    .check(
      z.describe('file: a mount point is a directory like others; filesystem: all of the file system of each path'),
    ),
  below: words('Files in these directories and anywhere below, by their names'),
  directlyBelow: words('Files in these directories, by their names, and the directories themselves'),
  ports: z
    .optional(z.array(z.union([z.int(), z.string().check(z.minLength(1))])))
    .check(
      z.describe(
        'Sockets with these ports at our end: 80, 80/tcp, domain/udp; 80,10.1.2.3,4711/tcp names the peer too',
      ),
    ),
  internet: words('TCP and UDP sockets as lsof -i names them: any, 4, 6tcp, tcp:80,443, udp@10.1.2.3:53'),
  protocol: z
    .optional(z.array(z.enum(['tcp', 'udp', 'unix'])))
    .check(z.describe('Sockets of these protocols: tcp, udp, unix')),
  states: z
    .optional(z.array(z.enum(socketStates)))
    .check(z.describe('Of TCP sockets only those in these states: LISTEN, ESTAB, …')),
  families: z
    .optional(z.array(z.enum(['inet', 'inet6'])))
    .check(z.describe('Of TCP and UDP sockets only those of these families: inet (IPv4), inet6')),
  pids: z.optional(z.array(z.int().check(z.minimum(1)))).check(z.describe('Of these processes')),
  exceptPids: z.optional(z.array(z.int().check(z.minimum(1)))).check(z.describe('Not of these processes')),
  pgids: z.optional(z.array(z.int().check(z.minimum(0)))).check(z.describe('Of these process groups')),
  commands: words('Of commands that begin so; ^NAME: of others; /NAME/: matched as a regular expression'),
  users: words('Of these users, by name or UID; ^USER: of others'),
  fds: words('Only these descriptors: 0-2, cwd, rtd (root), txt (executable), mem (mapped); ^mem: all but these'),
  deleted: flag('Files whose name is gone, but not their bytes'),
  linksBelow: z.optional(z.int().check(z.minimum(1))).check(z.describe('Files with fewer links than this')),
  writing: flag('Only files that are open for writing'),
  match: z
    ._default(z.enum(['all', 'any']), 'all')
    .check(z.describe('Whether all that is given has to be true of a file, or one thing of it')),
  services: flag('Add the names of ports from /etc/services'),
  lenient: flag('That something named was not found is no failure'),
  kill: z
    .optional(z.string())
    .check(z.describe('Send this signal to every process that was found, ditty itself excepted: TERM, KILL, 0, …')),
  waitMs: z
    ._default(z.int().check(z.minimum(0), z.maximum(maxWaitMs)), 1500)
    .check(z.describe('How long to watch what a signal does, in milliseconds; 0 not at all')),
  target: targetField,
})

export const view = z.strictObject({
  numericUsers: flag('UIDs in place of names'),
  pidsOnly: flag('Only pids, a line each'),
  fields: z
    .optional(z.string())
    .check(z.describe('Lines for programs, as lsof -F writes them: the letters of their fields; 0 ends them with NUL')),
  size: z
    ._default(z.enum(['auto', 'size', 'offset']), 'auto')
    .check(z.describe('Which of size and offset is shown: what each kind of file has, or always the same')),
  parents: flag("The parent's pid as well"),
  groups: flag('The process group as well'),
  links: flag('The number of links as well'),
  state: z._default(z.boolean(), true).check(z.describe('The state of TCP sockets')),
  queues: flag('What waits in the queues of TCP and UDP sockets'),
  commandWidth: z._default(z.int(), 9).check(z.describe('Letters of a command that are shown; 0: all')),
  warnings: z._default(z.boolean(), true).check(z.describe('Say what could not be looked at')),
  verbose: flag('A table, with user, access and command'),
  showAll: flag('Also what nobody has open'),
  silent: flag('Nothing but the exit status'),
  showUsers: flag('The owner behind each pid'),
})

const nullableInt = (help: string) => z.nullable(z.int()).check(z.describe(help))

const file = z.object({
  type: z.literal('file'),
  pid: z.int(),
  ppid: z.int(),
  pgid: z.int(),
  comm: z.string(),
  uid: z.int().check(z.describe('Effective')),
  user: z.string(),
  container: z.nullable(z.string()).check(z.describe('Its name, else the first digits of its id, else what it is')),
  fd: z
    .union([z.int(), z.enum(['cwd', 'rtd', 'txt', 'mem'])])
    .check(z.describe('A descriptor; or directory, root, executable, mapped into memory')),
  kind: z.string().check(z.describe('REG, DIR, CHR, BLK, FIFO, IPv4, IPv6, unix, netlink, a_inode, …; unknown')),
  access: z.nullable(z.enum(['r', 'w', 'u'])).check(z.describe('Read, write, both')),
  flags: z.optional(z.int()).check(z.describe('Of open(2)')),
  lock: z
    .optional(z.enum(['R', 'r', 'W', 'w']))
    .check(z.describe('Held through it: shared or exclusive, on the whole file or, small, a part')),
  device: z.nullable(z.string()).check(z.describe('major,minor of what it lies on')),
  rdev: z.optional(z.string()).check(z.describe('major,minor of the device it is')),
  sizeBytes: nullableInt('null: it has none, or it is not known'),
  offset: nullableInt('Where the next read or write begins'),
  inode: nullableInt('null: not known'),
  links: nullableInt('Names it has; null: not known'),
  path: z.nullable(z.string()).check(z.describe('null: it has none')),
  pathBase64: z.optional(z.string()).check(z.describe('The path in bytes, where these are no UTF-8')),
  name: z.optional(z.string()).check(z.describe('What is known instead of a path: pipe, [eventpoll:12]')),
  deleted: z.boolean().check(z.describe('Its last name is gone')),
  allocatedBytes: z.optional(z.int()).check(z.describe('Of a deleted file: what it takes until it is closed')),
  protocol: z.optional(z.string()).check(z.describe('tcp, udp, unix; of other sockets its name')),
  socketType: z.optional(z.enum(['stream', 'dgram', 'seqpacket'])),
  state: z.optional(z.enum(socketStates)),
  localAddress: z.optional(z.nullable(z.string())),
  localPort: z.optional(z.int()),
  peerAddress: z.optional(z.string()),
  peerPort: z.optional(z.int()).check(z.describe('0: it has no peer')),
  peerInode: z.optional(z.nullable(z.int())).check(z.describe('Of a unix socket: its other end')),
  recvQ: z.optional(z.nullable(z.int())),
  sendQ: z.optional(z.nullable(z.int())),
  localService: z.optional(z.string()),
  peerService: z.optional(z.string()),
  asked: z
    .optional(z.array(z.string()))
    .check(z.describe('Which of the paths and ports that were named it stands for')),
  why: z.optional(z.string()).check(z.describe('Why something of it is not known')),
})

/** A file system that did not answer in time. */
const hung = z.object({
  type: z.literal('hung'),
  mountPoint: z.nullable(z.string()),
  fsType: z.nullable(z.string()),
  afterMs: z.int(),
})

const namedThings = ['process', 'group', 'command', 'path', 'port', 'socket'] as const

/** A path that was named is where this is mounted, or lies on it and stands for all of it. */
const mounted = z.object({
  type: z.literal('mounted'),
  asked: z.string(),
  mountPoint: z.string(),
  fsType: z.string(),
  device: z.string(),
})

const summary = z.object({
  type: z.literal('summary'),
  files: z.int(),
  processes: z.int().check(z.describe('That hold one of these files')),
  examined: z.int().check(z.describe('Processes that were looked into')),
  denied: z.int().check(z.describe('Processes whose open files may not be read')),
  vanished: z.int().check(z.describe('Ended while they were read')),
  deletedFiles: z.int().check(z.describe('Of the listed: different files without a name')),
  deletedBytes: z.int().check(z.describe('What these still take until they are closed')),
  unknown: z.int().check(z.describe('Listed files of which size and inode are not known')),
  missing: z
    .array(z.object({ what: z.enum(namedThings), name: z.string(), why: z.nullable(z.string()) }))
    .check(z.describe('What was named and not found')),
  signalled: z
    .nullable(z.object({ signal: z.nullable(z.string()), sent: z.int(), denied: z.int(), ineffective: z.int() }))
    .check(z.describe('null: no signal was asked for')),
  notes: z.array(note),
})

export const event = z.discriminatedUnion('type', [mounted, file, hung, sent, denied, result, summary])

export type Input = z.output<typeof input>
export type View = z.output<typeof view>
export type Event = z.output<typeof event>
export type FileEvent = z.output<typeof file>
export type Summary = z.output<typeof summary>

export type Missing = Summary['missing'][number]
