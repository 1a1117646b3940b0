import * as z from 'zod/mini'
import { targetField } from '../target.ts'

export const input = z.strictObject({
  paths: z
    .optional(z.array(z.string().check(z.minLength(1))))
    .check(z.describe('Only the mounts that hold these absolute paths, as the target has them')),
  target: targetField,
  types: z.optional(z.array(z.string())).check(z.describe('Only file systems of these types')),
  excludeTypes: z.optional(z.array(z.string())).check(z.describe('None of these types')),
  local: z._default(z.boolean(), false).check(z.describe('None that a server far away answers for')),
  find: z.optional(z.string()).check(z.describe('Only those whose source or mount point is this')),
  source: z.optional(z.string()).check(z.describe('Only those from this source, or with this major:minor')),
  mountPoint: z.optional(z.string()).check(z.describe('Only those mounted on exactly this')),
  options: z
    .optional(z.array(z.string()))
    .check(z.describe('Only those with all of these options; with no in front, without')),
  fileSystems: z
    ._default(z.enum(['all', 'real', 'pseudo', 'df']), 'all')
    .check(z.describe('Which, as findmnt divides them; df is the real ones and those in memory')),
  submounts: z._default(z.boolean(), false).check(z.describe('And all that hang below those')),
  first: z._default(z.boolean(), false).check(z.describe('Only the first')),
  space: z
    ._default(z.boolean(), true)
    .check(z.describe('Look at space and inodes of each; without it only what the kernel lists, and nothing can hang')),
  timeoutSeconds: z
    ._default(z.number().check(z.minimum(0.01), z.maximum(600)), 2)
    .check(z.describe('How long to wait for one that may hang')),
})

export type MountsInput = z.output<typeof input>

const whole = z.nullable(z.int())

const space = z.object({
  sizeBytes: z.number(),
  usedBytes: z.number(),
  availableBytes: z.number().check(z.describe('To others than root; below zero where its reserve is in use')),
  usedPercent: z.nullable(z.int()).check(z.describe('Of what others than root may use, rounded up, as df counts')),
  inodes: z.number(),
  inodesUsed: z.number(),
  inodesFree: z.number(),
  inodesUsedPercent: z.nullable(z.int()),
  blockBytes: z.number().check(z.describe('What blocks are counted in')),
  blocks: z.number(),
  blocksFree: z.number(),
  blocksAvailable: z.number(),
})

export type Space = z.output<typeof space>

export const kinds = [
  'root',
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'emptyDir',
  'persistentVolume',
  'hostPath',
  'podFile',
  'masked',
  'kernel',
  'memory',
  'network',
  'fuse',
  'bind',
  'disk',
] as const
export type Kind = (typeof kinds)[number]

const mount = z.object({
  type: z.literal('mount'),
  id: z.int(),
  parentId: z.int(),
  listedBelow: whole.check(z.describe('The nearest mount that it hangs below and that is listed as well')),
  device: z.string().check(z.describe('Major and minor number of the file system')),
  mountPoint: z.string().check(z.describe('In the target')),
  path: z.string().check(z.describe('Where ditty reaches it')),
  fsType: z.string(),
  source: z.string(),
  root: z.string().check(z.describe('The directory of the file system that is mounted')),
  kind: z
    .enum(kinds)
    .check(z.describe('What it is to a pod; podFile is a file like /etc/hosts, masked hides a part of /proc or /sys')),
  volume: z.nullable(z.string()).check(z.describe("The volume's name in the pod, where the kernel's paths tell it")),
  mountOptions: z.array(z.string()).check(z.describe('Of this mount')),
  superOptions: z.array(z.string()).check(z.describe('Of the file system, wherever it is mounted')),
  readOnly: z.boolean(),
  propagation: z.array(z.string()).check(z.describe('shared, slave, unbindable; private where none')),
  optionalFields: z.array(z.string()).check(z.describe('The same in the words of mountinfo: shared:7, master:3')),
  peerGroup: whole,
  masterGroup: whole,
  lowerLayers: whole.check(z.describe('Layers of an overlay below the one that is written to')),
  upperDirectory: z.nullable(z.string()),
  coveredBy: whole.check(z.describe('The mount that stands where its path leads')),
  remote: z.boolean().check(z.describe('A server far away answers for it')),
  space: z.nullable(space),
  why: z.nullable(z.string()).check(z.describe('Why there are no numbers: hung, covered, an errno, not looked at')),
  hungMs: z.nullable(z.number()).check(z.describe('Nobody answered for so long')),
})

export type MountEvent = z.output<typeof mount>

const path = z.object({
  type: z.literal('path'),
  path: z.string().check(z.describe('As it was named')),
  mountId: whole.check(z.describe('The mount that holds it')),
  why: z.nullable(z.string()).check(z.describe('hung, or the errno of what stopped the search')),
})

export type PathEvent = z.output<typeof path>

const finding = z.object({
  type: z.literal('finding'),
  finding: z.enum(['hung', 'dead', 'full', 'inodes']),
  id: z.int(),
  mountPoint: z.string(),
  message: z.string(),
})

export type FindingEvent = z.output<typeof finding>

const summary = z.object({
  type: z.literal('summary'),
  pid: z.int().check(z.describe('Whose mounts these are')),
  container: z.nullable(z.string()),
  mounts: z.int(),
  hung: z.int(),
  dead: z.int().check(z.describe('Answered with an error: a stale handle, a server that is gone')),
  full: z.int().check(z.describe('File systems with 95 % or more of their space or inodes in use')),
  notSeen: z.int().check(z.describe('Not permitted, or not to be looked at')),
  missingPaths: z.array(z.string()),
  notes: z.array(z.object({ what: z.string(), why: z.string(), remedy: z.string() })),
})

export type MountsSummary = z.output<typeof summary>

export const event = z.discriminatedUnion('type', [mount, path, finding, summary])
export type MountsEvent = z.output<typeof event>

const flag = (help: string) => z._default(z.boolean(), false).check(z.describe(help))

export const dfFields = [
  'source',
  'fstype',
  'itotal',
  'iused',
  'iavail',
  'ipcent',
  'size',
  'used',
  'avail',
  'pcent',
  'file',
  'target',
] as const
export type DfField = (typeof dfFields)[number]

export const findmntColumns = [
  'TARGET',
  'SOURCE',
  'FSTYPE',
  'OPTIONS',
  'VFS-OPTIONS',
  'FS-OPTIONS',
  'OPT-FIELDS',
  'PROPAGATION',
  'MAJ:MIN',
  'FSROOT',
  'ID',
  'PARENT',
  'TID',
  'SIZE',
  'USED',
  'AVAIL',
  'USE%',
] as const
export type FindmntColumn = (typeof findmntColumns)[number]

export const view = z.strictObject({
  all: flag('Those of the kernel too: proc, sysfs, cgroup, and those that are covered'),
  inodes: flag('Inodes in place of space'),
  human: z.optional(z.enum(['1024', '1000'])).check(z.describe('The shortest unit, in powers of this')),
  blockSize: z.optional(z.int().check(z.minimum(1))).check(z.describe('Bytes of a block')),
  blockSuffix: z.optional(z.string()).check(z.describe('The unit behind each number')),
  posix: flag('The form of POSIX'),
  printType: flag('With the type'),
  total: flag('A last line with the sum'),
  fields: z.optional(z.array(z.enum(dfFields))).check(z.describe('These columns')),
  columns: z.optional(z.array(z.enum(findmntColumns))).check(z.describe('These columns')),
  form: z._default(z.enum(['tree', 'list', 'raw', 'pairs']), 'tree').check(z.describe('How it is laid out')),
  headings: z._default(z.boolean(), true).check(z.describe('A first line that names the columns')),
  bytes: flag('Sizes in bytes'),
  fsRoot: z._default(z.boolean(), true).check(z.describe('What is mounted of a file system, behind its source')),
  truncate: z._default(z.boolean(), true).check(z.describe('Cut what is wider than the terminal')),
})

export type MountsView = z.output<typeof view>
