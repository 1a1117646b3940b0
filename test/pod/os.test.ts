import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inside, must, restricted, startPod } from './podman.ts'
import { buildAll, idOf, kinds, type TargetKind, targets, treeOf } from './targets.ts'
import { toolboxIn, untilReady } from './toolbox.ts'

const id = `ditty-test-${randomBytes(4).toString('hex')}`
const [ditty, confined] = [`${id}-ditty`, `${id}-confined`]
let pod: Awaited<ReturnType<typeof startPod>>

const nameOf = (kind: TargetKind) => `${id}-${kinds.indexOf(kind)}`

beforeAll(async () => {
  await buildAll()
  pod = await startPod(id)
  for (const kind of kinds)
    await must('run', '--detach', '--pod', id, '--name', nameOf(kind), '--env', 'TZ=Asia/Shanghai', ...targets[kind])
  await must('run', '--detach', '--pod', id, '--name', ditty, '--user', '0', '--cap-add', 'SYS_PTRACE', 'ditty')
  await must('run', '--detach', '--pod', id, '--name', confined, ...restricted, 'ditty')
  await untilReady(ditty)
  await untilReady(confined)
}, 600_000)
afterAll(() => pod[Symbol.asyncDispose]())

const isScratch = (kind: TargetKind) => kind.startsWith('a scratch') || kind.startsWith('another UID')

describe.each(kinds)('%s', kind => {
  test('tells what it is made of, and stays as it was', async () => {
    const target = await idOf(nameOf(kind))
    const before = await treeOf(nameOf(kind))
    const events = await toolboxIn(ditty).events('ditty', 'os', target)
    expect(await treeOf(nameOf(kind))).toBe(before)
    const one = (type: string) => events.find(event => event.type === type)
    expect(one('target').container).toMatchObject({ id: target, kind: 'container' })
    expect(one('summary').notes).toEqual([])
    expect(one('program')).toMatchObject({ uid: kind.startsWith('another UID') ? 1000 : 0, isEmulated: false })
    expect(one('root')).toMatchObject({ isReadOnly: kind.endsWith('on a read-only root') })
    if (isScratch(kind)) {
      expect(one('release')).toMatchObject({ prettyName: null })
      expect(one('libc')).toMatchObject({ family: null, linked: 'static' })
      expect(one('timezone')).toMatchObject({ offset: '+00:00', problem: expect.stringContaining('Asia/Shanghai') })
      expect(one('packageDatabase')).toBeUndefined()
      expect(one('shell')).toBeUndefined()
    }
    if (kind.startsWith('Debian')) {
      expect(one('release')).toMatchObject({ id: 'debian', version: '12' })
      expect(one('program')).toMatchObject({ comm: 'sleep', package: 'coreutils', isStatic: false })
      expect(one('libc')).toMatchObject({ family: 'glibc', version: '2.36', inUse: true })
      expect(one('packageDatabase')).toMatchObject({ format: 'dpkg', problem: null })
      expect(events.map(({ path }) => path)).toEqual(expect.arrayContaining(['/bin/bash', '/bin/dpkg']))
      const listing = await must('exec', nameOf(kind), 'dpkg-query', '-W', '-f', `\${Package} \${Version}\n`)
      const packages = (await toolboxIn(ditty).events('ditty', 'os', target, '--packages'))
        .filter(({ type }) => type === 'package')
        .map(({ name, version }) => `${name} ${version}`)
      expect(packages.sort()).toEqual(listing.split('\n').sort())
    }
    if (kind.startsWith('musl')) expect(one('libc')).toMatchObject({ family: 'musl', inUse: true, linked: 'dynamic' })
    if (kind === 'busybox') expect(one('shell')).toMatchObject({ path: '/bin/sh' })
  })
})

test('confined, what /proc shows of a root container is told, and who could see the rest', async () => {
  const { status, stdout, stderr } = await inside(confined, 'ditty', 'os', await idOf(nameOf('busybox')))
  expect(status).toBe(2)
  expect(stdout).toMatch(/^Kernel .*\nMain process /m)
  expect(stderr).toMatch(/runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE/)
})

test('confined, its own container is told whole', async () => {
  const events = await toolboxIn(confined).events('ditty', 'os', await idOf(confined))
  const one = (type: string) => events.find(event => event.type === type)
  expect(one('target')).toMatchObject({ container: { kind: 'self' } })
  expect(one('program')).toMatchObject({ uid: 65_532, isStatic: false })
  expect(one('libc')).toMatchObject({ family: 'glibc', inUse: true })
  expect(one('root')).toMatchObject({ isReadOnly: true })
  expect(one('locale')).toMatchObject({ charset: 'UTF-8', isInstalled: true })
  expect(one('summary').notes).toEqual([])
})
