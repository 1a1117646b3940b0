import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCertificates } from '../../../server/tools/os/certificates.ts'
import { findManagers, findShells } from '../../../server/tools/os/commands.ts'
import { readHints } from '../../../server/tools/os/hints.ts'
import { glibcVersion, muslVersion, readLibc } from '../../../server/tools/os/libc.ts'
import { readLocale } from '../../../server/tools/os/locale.ts'
import { readRelease } from '../../../server/tools/os/release.ts'
import { readRuntimes } from '../../../server/tools/os/runtime.ts'
import type { LibcEvent } from '../../../server/tools/os/schema.ts'
import { readTimezone } from '../../../server/tools/os/timezone.ts'
import { readUsers } from '../../../server/tools/os/users.ts'
import { denied, insideOf } from './memory-files.ts'

async function allOf<Value>(values: AsyncGenerator<Value>): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) all.push(value)
  return all
}

describe('release', () => {
  test('os-release is read as a shell would, through an absolute link', async () => {
    const inside = insideOf({
      '/etc/os-release': { link: '/usr/lib/os-release' },
      '/usr/lib/os-release': `# comment
NAME='It is'
PRETTY_NAME="Quoted \\"words\\" and \\$5"
ID=thing
ID_LIKE="rhel fedora"
VERSION_ID=9.4
EMPTY=
broken line
VARIANT_ID=container
`,
    })
    expect(await readRelease(inside)).toMatchObject({
      id: 'thing',
      idLike: ['rhel', 'fedora'],
      name: 'It is',
      version: '9.4',
      prettyName: 'Quoted "words" and $5',
      variant: 'container',
      evidence: '/etc/os-release',
    })
  })

  test.each([
    ['/etc/alpine-release', '3.19.1\n', { id: 'alpine', prettyName: 'Alpine Linux 3.19.1' }],
    ['/etc/debian_version', '8.11\n', { id: 'debian', prettyName: 'Debian GNU/Linux 8.11' }],
    [
      '/etc/redhat-release',
      'CentOS release 6.10 (Final)\n',
      { id: null, name: 'CentOS', version: '6.10', prettyName: 'CentOS release 6.10 (Final)' },
    ],
  ])('%s alone tells', async (path, text, expected) => {
    expect(await readRelease(insideOf({ [path]: text }))).toMatchObject({ ...expected, evidence: path })
  })

  test('nothing is told of an image from scratch, and a refused file is noted, not passed over', async () => {
    const inside = insideOf({ '/app': 'x', '/etc/os-release': denied })
    expect(await readRelease(inside)).toMatchObject({ prettyName: null, id: null, evidence: null })
    expect(inside.notes.all).toEqual([{ what: '/etc/os-release', why: 'UID 1 may not read it', remedy: 'be UID 0' }])
  })
})

const zones = '/usr/share/zoneinfo'
const shanghai = readFileSync(`${zones}/Asia/Shanghai`)
const berlin = readFileSync(`${zones}/Europe/Berlin`)

describe('time zone', () => {
  test.each([
    ['TZ of a zone that is installed', { TZ: 'Asia/Shanghai' }, ['Asia/Shanghai', '+08:00', 'CST', 'TZ']],
    ['TZ with a colon', { TZ: ':Asia/Shanghai' }, ['Asia/Shanghai', '+08:00', 'CST', 'TZ']],
    ['TZ in the form of POSIX', { TZ: 'CST-8' }, ['CST-8', '+08:00', 'CST', 'TZ']],
    ['an empty TZ', { TZ: '' }, ['UTC', '+00:00', 'UTC', 'TZ']],
    ['/etc/localtime without TZ', {}, ['Europe/Berlin', '+01:00', 'CET', '/etc/localtime']],
  ])('%s', async (_, environment, [name, offset, abbreviation, source]) => {
    const inside = insideOf(
      {
        [`${zones}/Asia/Shanghai`]: shanghai,
        [`${zones}/Europe/Berlin`]: berlin,
        '/etc/localtime': { link: '../usr/share/zoneinfo/Europe/Berlin' },
      },
      { environment },
    )
    expect(await readTimezone(inside)).toMatchObject({
      name,
      offset,
      abbreviation,
      source,
      problem: null,
      dataPath: zones,
    })
  })

  test('a zone without its data is UTC, and said so', async () => {
    const environment = { TZ: 'Asia/Shanghai' }
    const bare = await readTimezone(insideOf({ '/app': '' }, { environment }))
    expect(bare).toMatchObject({ name: null, offset: '+00:00', dataPath: null, source: 'TZ' })
    expect(bare.problem).toContain('no zone data is installed: C programs show UTC')
    const other = await readTimezone(insideOf({ [`${zones}/UTC`]: 'x' }, { environment }))
    expect(other.problem).toContain(`${zones} has no such zone`)
  })

  test('a copied file is named by its content; /etc/timezone is not gone by', async () => {
    const inside = insideOf({
      '/etc/localtime': shanghai,
      '/etc/timezone': 'Europe/Berlin\n',
      [`${zones}/Asia/Shanghai`]: shanghai,
      [`${zones}/Europe/Berlin`]: berlin,
    })
    expect(await readTimezone(inside)).toMatchObject({
      name: 'Asia/Shanghai',
      offset: '+08:00',
      etcTimezone: 'Europe/Berlin',
      problem: '/etc/timezone says Europe/Berlin, which programs do not go by',
    })
  })

  test('summer time, a link that leads nowhere, and a file that is no zone', async () => {
    const summer = insideOf({ '/etc/localtime': berlin }, { now: '2026-07-01T00:00:00Z' })
    expect(await readTimezone(summer)).toMatchObject({
      name: null,
      offset: '+02:00',
      abbreviation: 'CEST',
      isDst: true,
    })
    const lost = await readTimezone(insideOf({ '/etc/localtime': { link: '/usr/share/zoneinfo/Asia/Tokyo' } }))
    expect(lost).toMatchObject({ offset: '+00:00', source: 'default', problem: expect.stringContaining('Asia/Tokyo') })
    expect((await readTimezone(insideOf({ '/etc/localtime': 'TZif' }))).problem).toContain('no zone file')
  })
})

const libcOf = (family: 'glibc' | 'musl' | null, version: string | null): LibcEvent => ({
  type: 'libc',
  family,
  version,
  build: null,
  path: null,
  linked: 'dynamic',
  inUse: true,
})

describe('locale', () => {
  const installed = { '/usr/lib/locale/en_US.utf8/LC_CTYPE': '', '/usr/lib/locale/remnant/README': '' }

  test.each([
    [{ LANG: 'en_US.UTF-8' }, 'glibc', '2.31', { isInstalled: true, charset: 'UTF-8', variable: 'LANG' }],
    [
      { LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.utf8' },
      'glibc',
      '2.31',
      { isInstalled: false, charset: 'ASCII', variable: 'LC_ALL' },
    ],
    [{ LANG: 'C.UTF-8' }, 'glibc', '2.35', { isInstalled: true, charset: 'UTF-8' }],
    [{ LANG: 'C.UTF-8' }, 'glibc', '2.31', { isInstalled: false, charset: 'ASCII' }],
    [{}, 'glibc', '2.36', { name: 'C', isInstalled: true, charset: 'ASCII', variable: null }],
    [{}, 'musl', '1.2.4', { name: 'C', isInstalled: true, charset: 'UTF-8' }],
    [{ LC_ALL: 'POSIX' }, 'musl', '1.2.4', { charset: 'ASCII' }],
  ] as const)('%j in %s %s', async (environment, family, version, expected) => {
    const locale = await readLocale(insideOf(installed, { environment }), libcOf(family, version))
    expect(locale).toMatchObject(expected)
    expect(locale.problem === null).toBe(locale.charset === 'UTF-8' || family === 'musl')
    if (family === 'glibc') expect(locale.available).toEqual(['en_US.utf8'])
  })

  test('a hidden environment or a closed directory is not known rather than no', async () => {
    const hidden = await readLocale(insideOf({}, { environment: null }), libcOf('glibc', '2.36'))
    expect(hidden).toMatchObject({ name: null, isInstalled: null, charset: null, problem: null })
  })
})

describe('C library', () => {
  test('the version by the words in it', () => {
    const debian = 'xx\0GNU C Library (Debian GLIBC 2.36-9+deb12u4) stable release version 2.36.\nCopyright'
    expect(glibcVersion(Buffer.from(debian))).toEqual({ version: '2.36', build: 'Debian GLIBC 2.36-9+deb12u4' })
    const plain = 'GNU C Library stable release version 2.17, by Roland McGrath et al.'
    expect(glibcVersion(Buffer.from(plain))).toEqual({ version: '2.17', build: null })
    expect(glibcVersion(Buffer.from('GNU C Libr'))).toBeUndefined()
    expect(muslVersion(Buffer.from('musl libc (x86_64)\nVersion %s\0a\x001.2.4_git20230717\0'))?.version).toBe(
      '1.2.4_git20230717',
    )
    expect(muslVersion(Buffer.from('\x001.2.4\0'))).toBeUndefined()
  })

  test('one that merely lies there is told apart from one in use', async () => {
    const inside = insideOf({ '/lib/aarch64-linux-gnu/libc.so.6': 'GNU C Library stable release version 2.28.' })
    const elf = { interpreter: null } as Parameters<typeof readLibc>[1]
    expect(await readLibc(inside, elf, [])).toMatchObject({
      family: 'glibc',
      version: '2.28',
      path: '/lib/aarch64-linux-gnu/libc.so.6',
      linked: 'static',
      inUse: false,
    })
    expect(await readLibc(insideOf({ '/app': '' }), elf, [])).toMatchObject({
      family: null,
      path: null,
      linked: 'static',
    })
  })
})

describe('runtime', () => {
  const executable = (path: string, compilers: string[] = []) =>
    ({ path, elf: { sections: [] }, go: undefined, compilers }) as unknown as Parameters<typeof readRuntimes>[1]

  test.each([
    [
      '/opt/java/bin/java',
      { '/opt/java/release': 'JAVA_VERSION="17.0.9"\nIMPLEMENTOR="Eclipse Adoptium"\n' },
      {},
      'Java',
      '17.0.9',
    ],
    [
      '/usr/lib/jvm/8/jre/bin/java',
      { '/usr/lib/jvm/8/release': 'JAVA_VERSION="1.8.0_392"\n' },
      {},
      'Java',
      '1.8.0_392',
    ],
    ['/usr/bin/python3.11', {}, {}, 'Python', '3.11'],
    ['/usr/local/bin/python3.12', {}, { PYTHON_VERSION: '3.12.1' }, 'Python', '3.12.1'],
    ['/usr/bin/python3.11', {}, { PYTHON_VERSION: '3.12.1' }, 'Python', '3.11'],
    ['/usr/bin/python3', { '/usr/lib/python3.9/os.py': '' }, {}, 'Python', '3.9'],
    [
      '/usr/local/bin/python3.11',
      { '/usr/local/include/python3.11/patchlevel.h': '#define PY_VERSION      \t"3.11.7"\n' },
      {},
      'Python',
      '3.11.7',
    ],
    [
      '/usr/local/bin/node',
      {
        '/usr/local/include/node/node_version.h':
          '#define NODE_MAJOR_VERSION 22\n#define NODE_MINOR_VERSION 1\n#define NODE_PATCH_VERSION 0\n',
      },
      { NODE_VERSION: '20.0.0' },
      'Node.js',
      '22.1.0',
    ],
    ['/usr/bin/node', {}, { NODE_VERSION: '20.11.1' }, 'Node.js', '20.11.1'],
    ['/usr/bin/ruby3.2', { '/usr/lib/ruby/3.2.0/x': '', '/usr/lib/ruby/gems/x': '' }, {}, 'Ruby', '3.2.0'],
    ['/usr/sbin/php-fpm8.2', {}, {}, 'PHP', '8.2'],
    ['/usr/share/dotnet/dotnet', { '/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/x': '' }, {}, '.NET', '8.0.1'],
    ['/usr/lib/erlang/erts-13.2/bin/beam.smp', { '/usr/lib/erlang/releases/25/x': '' }, {}, 'Erlang/OTP', '25'],
    ['/usr/local/bin/node (deleted)', {}, {}, 'Node.js', null],
  ])('%s', async (path, tree, environment, name, version) => {
    const found = await readRuntimes(insideOf(tree, { environment }), executable(path))
    expect(found).toMatchObject([{ type: 'runtime', name, version }])
    expect(found[0]!.evidence === null).toBe(version === null)
  })

  test('Rust by what its compiler left; a program of C has none', async () => {
    const rust = executable('/app', ['GCC: (GNU) 9.5.0', 'rustc version 1.75.0 (82e1608df 2023-12-21)'])
    expect(await readRuntimes(insideOf({}), rust)).toMatchObject([{ name: 'Rust', version: '1.75.0' }])
    expect(await readRuntimes(insideOf({}), executable('/usr/sbin/nginx', ['GCC: (Debian 12.2.0-14) 12.2.0']))).toEqual(
      [],
    )
  })
})

describe('certificates', () => {
  test('a variable that names nothing is a problem; the same store by two variables is one', async () => {
    const environment = {
      SSL_CERT_FILE: '/none.pem',
      NODE_EXTRA_CA_CERTS: '/none.pem',
      REQUESTS_CA_BUNDLE: '/empty.pem',
    }
    const found = await allOf(readCertificates(insideOf({ '/empty.pem': 'nothing' }, { environment }), undefined))
    expect(found).toMatchObject([
      {
        path: '/none.pem',
        variables: ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
        certificates: null,
        problem: 'named by SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, but it is not there',
      },
      { path: '/empty.pem', certificates: 0, problem: 'there is no certificate in it' },
    ])
  })

  test('what is no certificate is counted as broken, a JKS store by its header', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    const jks = Buffer.from('feedfeed00000002000000890000', 'hex')
    const tree = { '/etc/ssl/cert.pem': broken, '/opt/java/lib/security/cacerts': jks }
    expect(await allOf(readCertificates(insideOf(tree), '/opt/java'))).toMatchObject([
      { path: '/etc/ssl/cert.pem', certificates: 1, broken: 1, expired: 0, problem: null },
      { path: '/opt/java/lib/security/cacerts', kind: 'java', certificates: 137 },
    ])
  })

  test('a store that is refused is not counted, and noted', async () => {
    const inside = insideOf({ '/secret.pem': denied }, { environment: { SSL_CERT_FILE: '/secret.pem' } })
    expect(await allOf(readCertificates(inside, undefined))).toMatchObject([{ certificates: null, problem: null }])
    expect(inside.notes.all).toMatchObject([{ what: '/secret.pem', remedy: 'be UID 0' }])
  })
})

test('shells and package managers by their places, a merged /bin once', async () => {
  const inside = insideOf({
    '/bin': { link: 'usr/bin' },
    '/usr/bin/sh': { link: 'dash' },
    '/usr/bin/dash': '',
    '/usr/bin/dpkg': '',
    '/sbin/apk': '',
    '/busybox/busybox': '',
  })
  expect(await allOf(findShells(inside))).toMatchObject([
    { name: 'sh', path: '/bin/sh', target: 'dash' },
    { name: 'dash', path: '/bin/dash', target: null },
    { name: 'busybox', path: '/busybox/busybox' },
  ])
  expect((await allOf(findManagers(inside))).map(({ path }) => path)).toEqual(['/bin/dpkg', '/sbin/apk'])
})

test('users: who could log in, and the name of the process that has none', async () => {
  const inside = insideOf({
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/ash\nbroken\nnobody:x:65534:65534::/:/sbin/nologin\n',
  })
  expect(await readUsers(inside, 1000)).toMatchObject({ count: 2, withShell: ['root'], user: null })
  expect(await readUsers(inside, 0)).toMatchObject({ user: 'root', home: '/root' })
  expect(await readUsers(insideOf({}), 0)).toMatchObject({ isThere: false, count: 0 })
})

test('hints by what builders and engines leave', async () => {
  const inside = insideOf(
    {
      '/run/.containerenv': 'engine="podman-4.3.1"\nname="x"\nimage="docker.io/library/nginx:1.25"\n',
      '/root/buildinfo/Dockerfile-ubi9-9.4-1181': '',
      '/root/buildinfo/content_manifests/x.json': '',
      '/var/lib/dpkg/status.d/base': '',
      '/opt/bitnami/nginx/x': '',
    },
    { environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } },
  )
  const texts = (await allOf(readHints(inside))).map(({ text }) => text)
  expect(texts).toEqual(
    expect.arrayContaining([
      'started by Podman: podman-4.3.1, image docker.io/library/nginx:1.25',
      'a layer of ubi9-9.4-1181',
      'runs in Kubernetes',
      expect.stringContaining('distroless'),
      expect.stringContaining('Bitnami'),
    ]),
  )
  expect(texts).toHaveLength(5)
})
