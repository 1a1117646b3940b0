import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busybox, endAll, makeTreeIn, start, startIn } from './roots.ts'
import { askRpm, makeRpmRoot } from './rpm-databases.ts'

const main = join(import.meta.dirname, '../../../server/main.ts')
const environment = { ...process.env, LC_ALL: 'C.UTF-8' }

function run(program: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env: environment })
  return { status, stdout, stderr }
}
const own = (...words: string[]) => run(process.execPath, main, ...words)

let folder = ''
const pids = { own: '', rpm: '', apk: '' }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-applets-'))
  pids.own = await start(['/bin/sleep', '1000'])
  const rpm = makeTreeIn(makeRpmRoot(folder), { 'bin/busybox': busybox })
  pids.rpm = await startIn(rpm, ['/bin/busybox', 'sleep', '1000'])
  const apk = makeTreeIn(join(folder, 'apk'), {
    'bin/busybox': busybox,
    'lib/apk/db/installed':
      'P:musl\nV:1.2.4-r2\nF:lib\nR:ld-musl-x86_64.so.1\n\nP:zlib\nV:1.3-r2\nF:lib\nR:libz.so.1\n\n',
  })
  pids.apk = await startIn(apk, ['/bin/busybox', 'sleep', '1000'])
})
afterAll(async () => {
  await endAll()
  rmSync(folder, { recursive: true })
})

describe('dpkg, beside the real one', () => {
  test.each([[['-l']], [['-l', 'libc-bin', 'bash']], [['--list', 'base-f*']], [['-l', 'nosuch*', 'bash']]])(
    '%j',
    words => {
      const real = run('dpkg', ...words)
      // What packages merely mention is no part of this.
      const lines = real.stdout.split('\n').filter(line => !line.startsWith('un '))
      const ours = own('dpkg', ...words, '--target', pids.own)
      expect(ours.stdout.split('\n')).toEqual(lines)
      expect(ours.stderr).toBe(real.stderr)
      if (!words.includes('nosuch*')) expect(ours.status).toBe(real.status)
      else expect([ours.status, real.status]).toEqual([1, 1])
    },
  )

  test('-S', () => {
    const words = ['-S', '/etc/passwd.none', '/usr/bin/dpkg', '/etc/adduser.conf']
    expect(own('dpkg', ...words, '--target', pids.own)).toEqual(run('dpkg', ...words))
  })

  test('what it does not know is refused, not passed over', () => {
    expect(own('dpkg', '-i', 'x.deb')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('-i') })
    expect(own('dpkg')).toMatchObject({ status: 2, stderr: expect.stringContaining('one of -l and -S') })
    expect(own('dpkg', '-l', '-S', '/x')).toMatchObject({ status: 2 })
    const none = own('dpkg', '-l', '--target', pids.rpm)
    expect(none).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('it has one of rpm') })
  })
})

describe('rpm, beside the real one', () => {
  const real = (...words: string[]) => askRpm(folder, join(folder, 'root/var/lib/rpm'), ...words).sort()
  const lines = (stdout: string) => stdout.split('\n').filter(Boolean).sort()

  test.each([[['-qa']], [['-qa', '*-1']], [['-q', 'ditty-test-0', 'ditty-test-1']], [['-q', '-a']]])('%j', words => {
    const { status, stdout, stderr } = own('rpm', ...words, '--target', pids.rpm)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(lines(stdout)).toEqual(real(...words))
    expect(lines(stdout).length).toBeGreaterThan(0)
  })

  test('what is not there, in the words of rpm', () => {
    expect(own('rpm', '-q', 'nosuch', '--target', pids.rpm)).toEqual({
      status: 1,
      stdout: 'package nosuch is not installed\n',
      stderr: '',
    })
    expect(own('rpm', '-qf', '/usr/bin/ditty-test-1', '/bin/busybox', '--target', pids.rpm)).toEqual({
      status: 1,
      stdout: 'ditty-test-1-1.1-1.noarch\nfile /bin/busybox is not owned by any package\n',
      stderr: '',
    })
    expect(own('rpm', '-i', 'x.rpm')).toMatchObject({ status: 2, stdout: '' })
    expect(own('rpm', '-q')).toMatchObject({ status: 2, stderr: expect.stringContaining('no name is given') })
  })
})

test('apk: names, versions and owners', () => {
  const apk = (...words: string[]) => own('apk', ...words, '--target', pids.apk)
  expect(apk('info')).toEqual({ status: 0, stdout: 'musl\nzlib\n', stderr: '' })
  expect(apk('info', '-v')).toEqual({ status: 0, stdout: 'musl-1.2.4-r2\nzlib-1.3-r2\n', stderr: '' })
  expect(apk('info', '-W', '/lib/libz.so.1', '/x')).toEqual({
    status: 1,
    stdout: '/lib/libz.so.1 is owned by zlib-1.3-r2\n',
    stderr: 'ERROR: /x: Could not find owner package\n',
  })
  expect(apk('add', 'curl')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining("'add' is not known"),
  })
})
