import * as z from 'zod/mini'
import { targetField } from '../target.ts'

const formats = ['dpkg', 'apk', 'rpm'] as const

const absolutePath = z
  .string()
  .check(z.regex(/^\//, 'must be an absolute path, as seen from inside of the container'), z.maxLength(4095))

export const input = z.strictObject({
  target: targetField,
  packages: z
    .optional(z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.minLength(1), z.maxLength(1000)))
    .check(z.describe('List packages alone, those with such names; * and ? stand for any characters')),
  ownerOf: z
    .optional(z.array(absolutePath).check(z.minLength(1), z.maxLength(1000)))
    .check(z.describe('Tell alone which packages brought these files')),
  format: z.optional(z.enum(formats)).check(z.describe('Only in the database of dpkg, apk or rpm')),
})

export type OsInput = z.output<typeof input>

export const view = z.strictObject({
  verbose: z._default(z.boolean(), false).check(z.describe('Versions as well, in apk info')),
  all: z._default(z.boolean(), false).check(z.describe('Nothing is said of a name that no package has, in rpm -qa')),
})
export type OsView = z.output<typeof view>

const text = z.nullable(z.string())
const whole = z.nullable(z.int())
const flag = z.nullable(z.boolean())

const target = z.object({
  type: z.literal('target'),
  pid: z.int().check(z.describe('The first process of the container, through whose root its files are read')),
  container: z.object({
    id: text,
    name: text,
    runtime: text,
    podUid: text,
    kind: z.enum(['self', 'container', 'pause', 'host', 'namespace', 'unknown']),
  }),
})

const kernel = z.object({
  type: z.literal('kernel'),
  release: text,
  version: text.check(z.describe('The whole of /proc/version')),
  machine: text.check(z.describe('As uname -m; null before Linux 6.1')),
  sandbox: z
    .nullable(z.enum(['gVisor', 'WSL', 'Docker Desktop', 'Kata Containers']))
    .check(z.describe('What stands between the container and the node; null where nothing tells of one')),
  flavour: text.check(z.describe("Whose kernel it is, by its release: the node's distribution")),
})

const program = z.object({
  type: z.literal('program'),
  pid: z.int().check(z.describe('Of the main process: what the container is for')),
  innerPid: z.int().check(z.describe('The same in its own pid namespace')),
  comm: z.string(),
  args: z.array(z.string()),
  uid: z.int(),
  gid: z.int(),
  user: text.check(z.describe("By the container's own passwd")),
  executable: text.check(z.describe('As seen from inside')),
  machine: text,
  isEmulated: flag.check(z.describe('Of another machine than the kernel: QEMU or the like runs it')),
  isStatic: flag,
  interpreter: text.check(z.describe('The dynamic loader')),
  buildId: text,
  package: text.check(z.describe('What brought the executable; null where no package did, or none is known')),
  init: z
    .nullable(z.object({ pid: z.int(), comm: z.string(), args: z.array(z.string()) }))
    .check(z.describe('What started the main process, as tini or a shell; null where it is the first itself')),
})

const release = z.object({
  type: z.literal('release'),
  id: text.check(z.describe('As in os-release: debian, alpine')),
  idLike: z.array(z.string()),
  name: text,
  version: text,
  prettyName: text.check(z.describe('null: the image has no release file, as one made from scratch')),
  codename: text,
  variant: text,
  pointRelease: text.check(z.describe('/etc/debian_version, of Debian')),
  evidence: text.check(z.describe('The file that says so')),
})

const root = z.object({
  type: z.literal('root'),
  isReadOnly: flag,
  fsType: text,
})

const libc = z.object({
  type: z.literal('libc'),
  family: z.nullable(z.enum(['glibc', 'musl'])).check(z.describe('null: there is none in the image')),
  version: text,
  build: text.check(z.describe('What the distribution calls it: Debian GLIBC 2.36-9+deb12u4')),
  path: text,
  linked: z.nullable(z.enum(['dynamic', 'static'])).check(z.describe('How the main executable is linked')),
  inUse: z.boolean().check(z.describe('By the main process; otherwise it merely lies there')),
})

const runtime = z.object({
  type: z.literal('runtime'),
  name: z.string().check(z.describe('Go, Rust, Java, Python, Node.js, …')),
  version: text,
  evidence: text.check(z.describe('The file, section or variable that says so')),
  details: z.record(z.string(), z.string()),
})

const timezone = z.object({
  type: z.literal('timezone'),
  source: z.enum(['TZ', '/etc/localtime', 'default']).check(z.describe('What decides')),
  name: text.check(z.describe('Asia/Shanghai; null where the data has no name')),
  offset: z.string().check(z.describe('Now: +08:00')),
  offsetSeconds: z.int(),
  abbreviation: z.string(),
  isDst: z.boolean(),
  tz: text.check(z.describe('TZ of the main process')),
  etcTimezone: text.check(z.describe('What /etc/timezone says')),
  dataPath: text.check(z.describe('Where zone data is installed; null for nowhere')),
  problem: text,
})

const locale = z.object({
  type: z.literal('locale'),
  name: text.check(z.describe('What LC_ALL, LC_CTYPE or LANG says, or else C; null where the environment is hidden')),
  variable: text,
  variables: z.record(z.string(), z.string()),
  isInstalled: flag,
  charset: text.check(z.describe('Of C programs; null where that is not known')),
  available: z.array(z.string()).check(z.describe('Those installed beside C and POSIX; musl needs none')),
  problem: text,
})

const certificates = z.object({
  type: z.literal('certificates'),
  path: z.string(),
  kind: z.enum(['file', 'directory', 'java']),
  variables: z.array(z.string()).check(z.describe('Those of the main process that name it')),
  certificates: whole.check(z.describe('null: not counted')),
  expired: whole,
  broken: whole.check(z.describe('Not to be parsed')),
  newestTime: text.check(z.describe('When the newest became valid: how old the store is')),
  nextExpiryTime: text,
  problem: text,
})

const users = z.object({
  type: z.literal('users'),
  isThere: z.boolean().check(z.describe('Whether there is an /etc/passwd')),
  count: z.int(),
  withShell: z.array(z.string()).check(z.describe('Who could log in')),
  uid: z.int().check(z.describe('Of the main process')),
  user: text,
  home: text,
})

const shell = z.object({
  type: z.literal('shell'),
  name: z.string(),
  path: z.string(),
  target: text.check(z.describe('Where it leads, if it is a link')),
})

const packageManager = z.object({ type: z.literal('packageManager'), name: z.string(), path: z.string() })

const packageDatabase = z.object({
  type: z.literal('packageDatabase'),
  format: z.enum(formats),
  backend: text.check(z.describe('Of rpm: sqlite, ndb or bdb')),
  path: z.string(),
  packages: z.int().check(z.describe('Installed; those read before the problem, if there is one')),
  installedBytes: z.int(),
  changedTime: text.check(z.describe('When packages were last installed or removed')),
  problem: text,
})

const packageEvent = z.object({
  type: z.literal('package'),
  format: z.enum(formats),
  name: z.string(),
  version: z.string(),
  architecture: text,
  sizeBytes: whole,
  source: text,
  installTime: text,
  summary: z.string(),
  state: z.string().check(z.describe("installed, or dpkg's other states")),
  selection: text.check(z.describe('What is wanted of it, as dpkg has it: install, hold')),
  multiArch: text,
})

const owner = z.object({
  type: z.literal('owner'),
  path: z.string(),
  package: z.string(),
  version: text.check(z.describe('null: the list of its files does not tell')),
  architecture: text,
  format: z.enum(formats),
})

const hint = z.object({
  type: z.literal('hint'),
  topic: z.enum(['engine', 'orchestrator', 'builder', 'init']),
  text: z.string(),
  evidence: z.string(),
})

const summary = z.object({
  type: z.literal('summary'),
  packages: z.int().check(z.describe('Installed, or listed')),
  databases: z.int().check(z.describe('Of packages')),
  owners: z.int(),
  unmatched: z.array(z.string()).check(z.describe('Names that no package has, and files that none brought')),
  problems: z.int().check(z.describe('Events with a problem')),
  notes: z
    .array(z.object({ what: z.string(), why: z.string(), remedy: z.string() }))
    .check(z.describe('What was not seen, and why')),
})

export const event = z.discriminatedUnion('type', [
  target,
  kernel,
  program,
  release,
  root,
  libc,
  runtime,
  timezone,
  locale,
  certificates,
  users,
  shell,
  packageManager,
  packageDatabase,
  packageEvent,
  owner,
  hint,
  summary,
])

export type OsEvent = z.output<typeof event>
export type TargetEvent = z.output<typeof target>
export type KernelEvent = z.output<typeof kernel>
export type ProgramEvent = z.output<typeof program>
export type ReleaseEvent = z.output<typeof release>
export type RootEvent = z.output<typeof root>
export type LibcEvent = z.output<typeof libc>
export type RuntimeEvent = z.output<typeof runtime>
export type TimezoneEvent = z.output<typeof timezone>
export type LocaleEvent = z.output<typeof locale>
export type CertificatesEvent = z.output<typeof certificates>
export type UsersEvent = z.output<typeof users>
export type ShellEvent = z.output<typeof shell>
export type PackageManagerEvent = z.output<typeof packageManager>
export type PackageDatabaseEvent = z.output<typeof packageDatabase>
export type PackageEvent = z.output<typeof packageEvent>
export type OwnerEvent = z.output<typeof owner>
export type HintEvent = z.output<typeof hint>
export type OsSummary = z.output<typeof summary>
export type Note = OsSummary['notes'][number]
