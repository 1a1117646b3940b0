import { expect, test } from 'vitest'
import type { Renderer } from '../../../server/core/tool.ts'
import type { OsEvent } from '../../../server/tools/os/schema.ts'
import { os } from '../../../server/tools/os/tool.ts'
import { printOs } from './run-os.ts'

const container = { id: 'a'.repeat(64), name: 'app', runtime: 'containerd', podUid: null, kind: 'container' as const }
const summary: OsEvent = {
  type: 'summary',
  packages: 14,
  databases: 1,
  owners: 0,
  problems: 1,
  unmatched: [],
  notes: [],
}
const store = { expired: 2, broken: 0, nextExpiryTime: null, newestTime: '2024-03-01T00:00:00.000Z' }

const page: OsEvent[] = [
  { type: 'target', pid: 7, container },
  {
    type: 'kernel',
    release: '5.14.0-362.el9',
    version: 'x',
    machine: 'x86_64',
    sandbox: null,
    flavour: 'Enterprise Linux',
  },
  {
    type: 'release',
    id: 'alpine',
    idLike: [],
    name: 'Alpine Linux',
    version: '3.19.1',
    prettyName: 'Alpine Linux v3.19',
    codename: null,
    variant: null,
    pointRelease: null,
    evidence: '/etc/os-release',
  },
  { type: 'root', isReadOnly: true, fsType: 'overlay' },
  {
    type: 'program',
    pid: 9,
    innerPid: 6,
    comm: 'server',
    args: ['/app/server', '--name', '\x1b[31mred'],
    uid: 1000,
    gid: 1000,
    user: null,
    executable: '/app/server',
    machine: 'aarch64',
    isEmulated: true,
    isStatic: true,
    interpreter: null,
    buildId: null,
    package: null,
    init: { pid: 7, comm: 'tini', args: ['/sbin/tini', '--', '/app/server'] },
  },
  {
    type: 'libc',
    family: 'musl',
    version: '1.2.4',
    build: null,
    path: '/lib/ld-musl-x86_64.so.1',
    linked: 'static',
    inUse: false,
  },
  {
    type: 'runtime',
    name: 'Go',
    version: 'go1.22.3',
    evidence: '.go.buildinfo',
    details: { path: 'example.com/server' },
  },
  {
    type: 'timezone',
    source: 'TZ',
    name: null,
    offset: '+00:00',
    offsetSeconds: 0,
    abbreviation: 'UTC',
    isDst: false,
    tz: 'Asia/Shanghai',
    etcTimezone: null,
    dataPath: null,
    problem:
      'TZ is Asia/Shanghai, but no zone data is installed: C programs show UTC (Java, Node.js and Go may bring their own data)',
  },
  {
    type: 'locale',
    name: 'C',
    variable: null,
    variables: {},
    isInstalled: true,
    charset: 'UTF-8',
    available: [],
    problem: null,
  },
  {
    type: 'certificates',
    path: '/etc/ssl/cert.pem',
    kind: 'file',
    variables: [],
    certificates: 140,
    ...store,
    problem: null,
  },
  { type: 'users', isThere: true, count: 3, withShell: ['root'], uid: 1000, user: null, home: null },
  { type: 'shell', name: 'sh', path: '/bin/sh', target: '/bin/busybox' },
  { type: 'shell', name: 'busybox', path: '/bin/busybox', target: null },
  { type: 'packageManager', name: 'apk', path: '/sbin/apk' },
  {
    type: 'packageDatabase',
    format: 'apk',
    backend: null,
    path: '/lib/apk/db/installed',
    packages: 14,
    installedBytes: 8 << 20,
    changedTime: '2024-03-02T00:00:00.000Z',
    problem: null,
  },
  { type: 'hint', topic: 'orchestrator', text: 'runs in Kubernetes', evidence: 'KUBERNETES_SERVICE_HOST=10.0.0.1' },
  summary,
]

test('a page that fits 80 columns, with no control character of the target in it', () => {
  const { stdout, stderr } = printOs(page)
  expect(stdout).toBe(`\
Container         app (containerd, pid 7)
Kernel            5.14.0-362.el9 x86_64 (Enterprise Linux)
Release           Alpine Linux v3.19 (id alpine, /etc/os-release)
Root              read-only, overlay
Main process      /app/server --name ?[31mred (pid 6, here 9, uid 1000)
  started by      /sbin/tini -- /app/server
  executable      /app/server (aarch64, emulated, static)
C library         musl 1.2.4 (/lib/ld-musl-x86_64.so.1, not used: the executable
                  is static)
Runtime           Go go1.22.3 (path example.com/server, by .go.buildinfo)
Time zone         unnamed, now +00:00 UTC (by TZ=Asia/Shanghai, no zone data)
                  ! TZ is Asia/Shanghai, but no zone data is installed: C
                  programs show UTC (Java, Node.js and Go may bring their own
                  data)
Locale            C, UTF-8 (none set)
Certificates      /etc/ssl/cert.pem: 140 (2 expired, newest of 2024-03-01)
Users             3, with a login shell: root (uid 1000 has no name)
Shells            /bin/sh → /bin/busybox, /bin/busybox
Package managers  /sbin/apk
Packages          14 of apk, 8.0 MiB (/lib/apk/db/installed, changed 2024-03-02)
Hint              runs in Kubernetes (KUBERNETES_SERVICE_HOST=10.0.0.1)
`)
  expect(stderr).toBe('')
  expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
})

test('what was not seen stands on standard error, with what to do', () => {
  const notes = [{ what: '/etc/os-release', why: 'UID 1 may not read it', remedy: 'run ditty as UID 0' }]
  expect(printOs([{ ...summary, notes }]).stderr).toBe('/etc/os-release: UID 1 may not read it; run ditty as UID 0\n')
})

const one: OsEvent = {
  type: 'package',
  format: 'dpkg',
  name: 'libc6',
  version: '2.36-9+deb12u4',
  architecture: 'amd64',
  sizeBytes: 13_000_000,
  source: 'glibc',
  installTime: null,
  summary: 'GNU C Library: Shared libraries',
  state: 'config-files',
  selection: 'deinstall',
  multiArch: 'same',
}
const broken = { ...(page.find(({ type }) => type === 'packageDatabase') as object), problem: 'damaged' } as OsEvent

test('packages are lines; damage of their database stands beside them', () => {
  const { stdout, stderr } = printOs([one, broken, { ...summary, packages: 1 }], { packages: ['*'] })
  expect(stdout).toBe(
    'libc6                            2.36-9+deb12u4               amd64     12.4 MiB  (config-files) GNU C Library: Shared libraries\n',
  )
  expect(stderr).toBe('/lib/apk/db/installed: damaged\n')
})

test('nothing found is said in words', () => {
  const none: OsEvent = { ...summary, packages: 0 }
  expect(printOs([{ ...none, unmatched: ['x*'] }], { packages: ['x*'] })).toEqual({
    stdout: '',
    stderr: 'no package is named like x*\n',
  })
  expect(printOs([{ ...none, unmatched: ['/x'] }], { ownerOf: ['/x'] })).toEqual({
    stdout: '',
    stderr: 'no package brought /x\n',
  })
  const owner: OsEvent = {
    type: 'owner',
    path: '/bin/ls',
    package: 'coreutils',
    version: null,
    architecture: null,
    format: 'dpkg',
  }
  expect(printOs([owner, { ...none, owners: 1 }], { ownerOf: ['/bin/ls'] }).stdout).toBe('coreutils: /bin/ls\n')
})

test('on a terminal with colours labels are bold and problems yellow', () => {
  const render = os.text({}, os.view.parse({}), { colour: true, columns: 200, isTerminal: true }) as Renderer<OsEvent>
  const lines = String(render(page.find(({ type }) => type === 'timezone')!)).split('\n')
  expect(lines[0]).toMatch(/^\x1b\[1mTime zone {9}\x1b\[0munnamed/)
  expect(lines[1]).toMatch(/\x1b\[33m! TZ is Asia\/Shanghai.*\x1b\[0m$/)
})
