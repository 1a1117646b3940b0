import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { linuxAt } from '../../../server/linux/linux.ts'
import { clockAt, parseZoneFile } from '../../../server/tools/os/zone/tzif.ts'
import { runOs } from '../../tools/os/run-os.ts'
import { busybox, endAll, makeTreeIn, start, startIn } from './roots.ts'

const linux = linuxAt('/')
const main = join(import.meta.dirname, '../../../server/main.ts')
const ask = (command: string, ...words: string[]) =>
  execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-os-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
const makeTree = (name: string, files: Record<string, string>) => makeTreeIn(join(folder, name), files)

afterEach(endAll)

describe("this machine's own root", () => {
  test('release, libc, build id, certificates and packages as the tools of the machine tell them', async () => {
    const pid = await start(['/bin/bash', '--norc', '-c', 'read -r line'], { TZ: 'Asia/Shanghai', LC_ALL: 'C.UTF-8' })
    const { one, all, error } = await runOs(linux, { target: pid })
    expect(error).toBeUndefined()
    expect(one('release')?.prettyName).toBe(ask('sh', '-c', '. /etc/os-release; echo "$PRETTY_NAME"'))
    expect(`${one('libc')?.family} ${one('libc')?.version}`).toBe(ask('getconf', 'GNU_LIBC_VERSION'))
    expect(one('kernel')).toMatchObject({ release: ask('uname', '-r'), machine: ask('uname', '-m') })
    const program = one('program')!
    expect(program).toMatchObject({
      comm: 'bash',
      machine: ask('uname', '-m'),
      isStatic: false,
      package: 'bash',
      user: 'root',
    })
    expect(program.buildId).toMatch(/^[0-9a-f]{40}$/)
    const bundle = all('certificates').find(({ path }) => path === '/etc/ssl/certs/ca-certificates.crt')
    expect(bundle?.certificates).toBe(readFileSync(bundle!.path, 'latin1').split('BEGIN CERTIFICATE').length - 1)
    const states = ask('dpkg-query', '-W', '-f', `\${db:Status-Status}\n`).split('\n')
    const installed = states.filter(state => state === 'installed')
    expect(one('packageDatabase')).toMatchObject({ format: 'dpkg', packages: installed.length, problem: null })
    expect(one('timezone')).toMatchObject({
      name: 'Asia/Shanghai',
      offset: '+08:00',
      abbreviation: 'CST',
      tz: 'Asia/Shanghai',
    })
    expect(one('locale')).toMatchObject({ name: 'C.UTF-8', charset: 'UTF-8', isInstalled: true })
    const locales = ask('locale', '-a')
      .split('\n')
      .filter(name => name !== 'C' && name !== 'POSIX')
    expect(one('locale')?.available).toEqual(locales.sort())
    expect(one('shell')?.path).toBe('/bin/sh')
  })

  test('expired certificates as openssl counts them', async () => {
    const pid = await start(['/bin/cat'])
    const { all } = await runOs(linux, { target: pid })
    const [store] = all('certificates')
    const listing = `openssl crl2pkcs7 -nocrl -certfile ${store!.path} | openssl pkcs7 -print_certs -text -noout`
    const ends = [...ask('sh', '-c', listing).matchAll(/Not After : (.*)/g)].map(([, time]) => Date.parse(time!))
    expect(ends).toHaveLength(store!.certificates!)
    expect(store?.expired).toBe(ends.filter(end => end < Date.now()).length)
  })

  test('zones at many moments as date shows them', () => {
    const names = [
      'Asia/Shanghai',
      'Europe/Dublin',
      'America/New_York',
      'Africa/Casablanca',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ]
    const moments = ['1930-06-01', '1988-07-01', '2026-01-15', '2026-03-29T01:00:01Z', '2026-07-01', '2050-10-30'].map(
      time => Date.parse(time) / 1000,
    )
    for (const name of names) {
      const zone = parseZoneFile(readFileSync(`/usr/share/zoneinfo/${name}`))!
      const dates = moments.map(moment => {
        const env = { TZ: name, PATH: process.env.PATH }
        return execFileSync('date', ['-d', `@${moment}`, '+%:::z %Z'], { encoding: 'utf8', env }).trim()
      })
      const own = moments.map(moment => {
        const { offsetSeconds, abbreviation } = clockAt(zone, moment)
        return [Math.abs(offsetSeconds), offsetSeconds < 0, abbreviation]
      })
      expect(own).toEqual(
        dates.map(date => {
          const [, sign, hours, minutes = '0', seconds = '0', abbreviation] =
            /^([+-])(\d+)(?::(\d+))?(?::(\d+))? (.*)$/.exec(date)!
          return [Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), sign === '-', abbreviation]
        }),
      )
    }
  })
})

describe('other roots', () => {
  test('an image from scratch: a static program and nothing else', async () => {
    const root = makeTree('scratch', { 'app/busybox': busybox })
    execFileSync('chmod', ['755', join(root, 'app/busybox')])
    const pid = await startIn(root, ['/app/busybox', 'sleep', '1000'], { TZ: 'Asia/Shanghai' })
    const { one, all, error } = await runOs(linux, { target: pid })
    expect(error).toBeUndefined()
    expect(one('release')).toMatchObject({ prettyName: null })
    expect(one('program')).toMatchObject({
      executable: '/app/busybox',
      isStatic: true,
      interpreter: null,
      package: null,
    })
    expect(one('libc')).toMatchObject({ family: null, linked: 'static' })
    expect(one('timezone')).toMatchObject({ offset: '+00:00', problem: expect.stringContaining('no zone data') })
    expect(one('users')).toMatchObject({ isThere: false })
    for (const type of ['shell', 'packageManager', 'packageDatabase', 'certificates', 'runtime'] as const)
      expect(all(type)).toEqual([])
    const packages = await runOs(linux, { target: pid, packages: ['*'] })
    expect(packages.error).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no package database'),
    })
  })

  test('musl: the version that its loader prints, a libc that any locale is UTF-8 to', async () => {
    const loader = ask('sh', '-c', 'ls /lib/ld-musl-*.so.1')
    const said = execFileSync('sh', ['-c', `${loader} 2>&1 || true`], { encoding: 'utf8' })
    const root = makeTree('musl', {
      [loader.slice(1)]: `copy ${loader}`,
      'etc/alpine-release': '3.19.1\n',
      'bin/sh': '-> /bin/busybox',
      'bin/busybox': busybox,
      'lib/apk/db/installed': 'P:musl\nV:1.2.3-r0\nA:x86_64\nI:100\nF:lib\nR:ld-musl-x86_64.so.1\n\n',
    })
    execFileSync('chmod', ['755', join(root, loader), join(root, 'bin/busybox')])
    // The loader is a program that runs another; by itself it ends at once.
    const pid = await startIn(root, ['/bin/busybox', 'sleep', '1000'])
    const { one, all } = await runOs(linux, { target: pid })
    expect(one('libc')).toMatchObject({
      family: 'musl',
      version: /Version (\S+)/.exec(said)![1],
      path: loader,
      inUse: false,
    })
    expect(one('release')).toMatchObject({ id: 'alpine', version: '3.19.1' })
    expect(one('locale')).toMatchObject({ charset: 'UTF-8' })
    expect(all('shell')).toMatchObject([{ path: '/bin/sh', target: '/bin/busybox' }, { path: '/bin/busybox' }])
    expect(one('packageDatabase')).toMatchObject({ format: 'apk', packages: 1, installedBytes: 100 })
    expect((await runOs(linux, { target: pid, ownerOf: [loader] })).all('owner')).toMatchObject([{ package: 'musl' }])
  })

  test('links of the target lead to its own files and never to ours; what is no file is not read', async () => {
    const root = makeTree('links', {
      'bin/busybox': busybox,
      'etc/os-release': '-> /usr/lib/os-release',
      'usr/lib/os-release': 'ID=inner\nPRETTY_NAME="The inner one"\n',
      'etc/debian_version': '-> ../../../../../../etc/debian_version',
      'etc/localtime': '-> /usr/share/zoneinfo/Asia/Tokyo',
      'etc/passwd': '-> /proc/self/root/etc/passwd',
    })
    execFileSync('chmod', ['755', join(root, 'bin/busybox')])
    mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true })
    execFileSync('mkfifo', [join(root, 'var/lib/dpkg/status'), join(root, 'etc/timezone')])
    const pid = await startIn(root, ['/bin/busybox', 'sleep', '1000'])
    const { one, error } = await runOs(linux, { target: pid })
    expect(error).toBeUndefined()
    expect(one('release')).toMatchObject({ id: 'inner', prettyName: 'The inner one', pointRelease: null })
    expect(one('timezone')).toMatchObject({ offset: '+00:00', problem: expect.stringContaining('Asia/Tokyo') })
    expect(one('users')).toMatchObject({ isThere: false })
    expect(one('packageDatabase')).toBeUndefined()
    expect(one('summary')?.notes).toMatchObject([{ what: '/etc/timezone', why: expect.stringContaining('pipe') }])
  })

  test('behind a launcher stands the program that it started', async () => {
    const pid = await start(['/bin/bash', '--norc', '-c', '/bin/sleep 1000; :'])
    await expect.poll(async () => (await runOs(linux, { target: pid })).one('program')?.comm).toBe('sleep')
    const { one } = await runOs(linux, { target: pid })
    expect(one('program')).toMatchObject({ args: ['/bin/sleep', '1000'], init: { pid: Number(pid), comm: 'bash' } })
  })
})

describe('as UID 65532 without capabilities', () => {
  const asNobody = [
    'setpriv',
    '--reuid=65532',
    '--regid=65532',
    '--clear-groups',
    '--bounding-set=-all',
    '--inh-caps=-all',
  ]

  function dittyAsNobody(...words: string[]) {
    const [program = '', ...rest] = [...asNobody, process.execPath, main, 'os', ...words]
    return new Promise<{ status: number | null; stdout: string; stderr: string }>(resolve => {
      const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
      const out = { stdout: '', stderr: '' }
      child.stdout.on('data', data => (out.stdout += data))
      child.stderr.on('data', data => (out.stderr += data))
      child.on('close', status => resolve({ status, ...out }))
    })
  }

  test("root's container is closed: what /proc tells all the same, and what would open the rest", async () => {
    const pid = await start(['/bin/sleep', '1000'])
    const { status, stdout, stderr } = await dittyAsNobody('--target', pid)
    expect(status).toBe(2)
    expect(stdout).toMatch(/^Main process {6}\/bin\/sleep 1000/m)
    expect(stderr).toContain('CAP_SYS_PTRACE')
    expect(stderr).toContain('runs as UID 0, ditty as UID 65532')
  })

  test('the same UID sees all but what the file modes refuse, and that is named', async () => {
    const root = makeTree('closed', {
      'bin/busybox': busybox,
      'etc/os-release': 'ID=x\n',
      'lib/apk/db/installed': 'P:x\nV:1\n',
    })
    execFileSync('chmod', ['755', join(root, 'bin/busybox')])
    execFileSync('chmod', ['0600', join(root, 'etc/os-release'), join(root, 'lib/apk/db/installed')])
    execFileSync('chmod', ['755', folder])
    const pid = await startIn(root, ['/bin/busybox', 'sleep', '1000'], {}, ['--userspec=65532:65532'])
    const { status, stdout, stderr } = await dittyAsNobody('--target', pid)
    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(stdout).toMatch(/^Packages .*\n.*may not be read|UID 65532 may not read it/m)
    expect(stderr).toContain('/etc/os-release: UID 65532 may not read it: has mode 0600 and is owned by 0:0')
  })
})
