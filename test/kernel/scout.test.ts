import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { linuxAt } from '../../server/linux/linux.ts'
import { readPidStat } from '../../server/linux/procfs/pid-stat.ts'
import { mayHang } from '../../server/linux/scout/may-hang.ts'
import type { LookOptions } from '../../server/linux/scout/scouts.ts'
import { mountSilentFuse, type SilentFuse } from './fuse/silent-fuse.ts'

const linux = linuxAt('/')
const lookAt = linux.lookAt!

let folder = ''
const mounted: SilentFuse[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-scout-'))
})
afterEach(async () => {
  for (const fuse of mounted.splice(0)) await fuse[Symbol.asyncDispose]()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function silentMount(name: string, answerAfterMs?: number): Promise<string> {
  const mountPoint = join(folder, name)
  mkdirSync(mountPoint)
  mounted.push(await mountSilentFuse(mountPoint, answerAfterMs))
  return mountPoint
}

/** A run of its own that waits for long. */
const options = (more: Partial<LookOptions> = {}): LookOptions => ({
  device: '0:0',
  deadlineMs: 20_000,
  signal: new AbortController().signal,
  ...more,
})

test('sees what one would see oneself', async () => {
  const path = join(folder, 'seen')
  mkdirSync(path)
  writeFileSync(join(path, 'file'), 'some text')
  symlinkSync('/nowhere\n', join(path, 'link'))
  const signal = new AbortController().signal
  const look = async <Kind extends Parameters<typeof lookAt>[0]['kind']>(kind: Kind, name: string, limit?: number) => {
    const more = limit === undefined ? {} : { limit }
    const sight = await lookAt({ kind, path: join(path, name), ...more }, options({ signal }))
    return sight.outcome === 'seen' ? sight.view : sight
  }
  expect(await look('stat', 'file')).toMatchObject({ size: 9n, nlink: 1n })
  expect(await look('lstat', 'link')).toMatchObject({ size: 9n, mode: 0o120777n })
  expect(await look('stat', 'link')).toMatchObject({ outcome: 'failed', errno: 'ENOENT' })
  expect(await look('readlink', 'link')).toEqual(Buffer.from('/nowhere\n'))
  expect(await look('read', 'file', 4)).toEqual(Buffer.from('some'))
  expect(await look('read', 'file')).toEqual(Buffer.from('some text'))
  const { entries, more } = (await look('list', '.')) as {
    entries: { name: Uint8Array; kind: string }[]
    more: boolean
  }
  expect(more).toBe(false)
  expect(entries.map(({ name, kind }) => `${Buffer.from(name)} ${kind}`).sort()).toEqual(['file file', 'link link'])
  expect(await look('list', '.', 1)).toMatchObject({ more: true, entries: [{}] })
  const { blocks, frsize, files } = statfsSync(path, { bigint: true })
  expect(await look('statfs', '.')).toMatchObject({ blocks, frsize, files })
})

test('paths may be any bytes', async () => {
  const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x0a, 0xc3])])
  writeFileSync(path, 'x')
  expect(await lookAt({ kind: 'read', path }, options())).toEqual({ outcome: 'seen', view: Buffer.from('x') })
  const listing = await lookAt({ kind: 'list', path: folder }, options())
  const names =
    listing.outcome === 'seen' ? listing.view.entries.map(({ name }) => Buffer.from(name).toString('hex')) : []
  expect(names).toContain('ff0ac3')
})

test('a file system that never answers has hung after the deadline, and is not waited for again in the same run', async () => {
  const path = await silentMount('silent')
  const signal = new AbortController().signal
  const hung = { outcome: 'hung', afterMs: 300 }
  const look = (kind: 'stat' | 'statfs' | 'list', deadlineMs: number) =>
    lookAt({ kind, path }, options({ signal, device: '0:901', deadlineMs }))
  expect(await look('statfs', 300)).toEqual(hung)
  // Its deadline is longer than the test may take.
  expect(await look('list', 1_000_000)).toEqual(hung)
  const below = { signal, device: '0:902', through: ['0:901'], deadlineMs: 1_000_000 }
  expect(await lookAt({ kind: 'stat', path: join(path, 'below') }, options(below))).toEqual(hung)
  const elsewhere = await lookAt({ kind: 'stat', path: folder }, options({ signal }))
  expect(elsewhere).toMatchObject({ outcome: 'seen' })
})

test('where a scout is stuck another run sends no second one, until it is free', async () => {
  const path = await silentMount('again')
  const look = () => lookAt({ kind: 'stat', path }, options({ device: '0:903', deadlineMs: 200 }))
  expect(await look()).toEqual({ outcome: 'hung', afterMs: 200 })
  expect(await look()).toMatchObject({ outcome: 'hung' })
  expect(scouts().filter(({ ppid, state }) => ppid === process.pid && state === 'D')).toHaveLength(1)
  await mounted.pop()![Symbol.asyncDispose]()
  await expect.poll(look).toMatchObject({ outcome: 'seen' })
})

test('more dead mounts than scouts, and looks at good ones among them, all end', async () => {
  const paths = [await silentMount('one'), await silentMount('two'), folder, folder, folder]
  const looks = [...paths, ...paths].map((path, at) =>
    lookAt({ kind: 'stat', path }, options({ device: `0:${910 + at}`, deadlineMs: 1_500 })),
  )
  const outcomes = (await Promise.all(looks)).map(({ outcome }) => outcome)
  const expected = ['hung', 'hung', 'seen', 'seen', 'seen']
  expect(outcomes).toEqual([...expected, ...expected])
})

test('one that answers late, but in time, is seen', async () => {
  const path = await silentMount('late', 150)
  expect(await lookAt({ kind: 'statfs', path }, options())).toMatchObject({
    outcome: 'seen',
    view: { blocks: 1000n, bfree: 300n, bavail: 250n, bsize: 131_072n, frsize: 1024n, files: 100n, ffree: 40n },
  })
  expect(await lookAt({ kind: 'list', path }, options())).toEqual({
    outcome: 'seen',
    view: { entries: [], more: false },
  })
})

test('a look ends with its run, wherever it stands', async () => {
  const path = await silentMount('aborted')
  const reasons = [1, 2, 3, 4, 5, 6].map(async at => {
    const run = new AbortController()
    const look = lookAt({ kind: 'stat', path }, options({ device: `0:${930 + at}`, signal: run.signal }))
    setTimeout(() => run.abort(new Error(`over ${at}`)), 100 + 10 * at)
    return look.catch((error: Error) => error.message)
  })
  expect(await Promise.all(reasons)).toEqual([1, 2, 3, 4, 5, 6].map(at => `over ${at}`))
  expect(await lookAt({ kind: 'stat', path: folder }, options())).toMatchObject({ outcome: 'seen' })
  await expect(
    lookAt({ kind: 'stat', path: folder }, options({ signal: AbortSignal.abort(new Error('before')) })),
  ).rejects.toThrow('before')
})

test('a process exits at once while a look is under way, and by itself after one that hung, and leaves none behind', async () => {
  const path = await silentMount('exit')
  const module = new URL('../../server/linux/scout/scouts.ts', import.meta.url).href
  const script = `
    const { lookAt } = await import(${JSON.stringify(module)})
    const [path, how] = process.argv.slice(1)
    const look = deadlineMs => lookAt({ kind: 'stat', path }, { device: '0:1', deadlineMs, signal: new AbortController().signal })
    if (how === 'exit') {
      look(1e6)
      setTimeout(() => process.exit(7), 500)
    } else console.log((await look(200)).outcome)`
  const run = (how: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script, path, how], { encoding: 'utf8', timeout: 60_000 })
  expect(run('exit')).toMatchObject({ status: 7, signal: null })
  expect(run('wait')).toMatchObject({ status: 0, stdout: 'hung\n', stderr: '' })
  await mounted.pop()![Symbol.asyncDispose]()
  const isOrphan = ({ ppid }: { ppid: number }) => !readlinkSync(`/proc/${ppid}/exe`).includes('node')
  await expect.poll(() => scouts().filter(isOrphan)).toEqual([])
})

const scouts = () =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const isScout = linux.read(`/proc/${pid}/cmdline`).includes('scout/program.ts')
        return isScout ? [readPidStat(linux, Number(pid))] : []
      } catch {
        return []
      }
    })

test('it is sent by the loader too, where Node was started by it', async () => {
  const module = new URL('../../server/linux/scout/own-node.ts', import.meta.url).href
  const script = `console.log(JSON.stringify((await import(${JSON.stringify(module)})).ownNode()))`
  const loader = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].find(path => existsSync(path))!
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main']
  const start = [loader, '--library-path', '/usr/lib', process.execPath, ...flags]
  const wordsOf = ([file = '', ...words]: string[]) => {
    const { stdout } = spawnSync(file, [...words, '--input-type=module', '-e', script], { encoding: 'utf8' })
    return JSON.parse(stdout)
  }
  expect(wordsOf(start)).toEqual(start)
  expect(wordsOf([process.execPath])).toEqual([process.execPath])
})

test('what somebody else answers for may hang, and what is not known', () => {
  expect(
    ['nfs', 'nfs4', 'cifs', 'fuse.sshfs', 'fuse', '9p', 'virtiofs', 'ceph', 'autofs', 'lustre'].filter(
      type => !mayHang(type),
    ),
  ).toEqual([])
  expect(['ext4', 'xfs', 'overlay', 'tmpfs', 'proc', 'sysfs', 'cgroup2', 'mqueue', 'devpts'].filter(mayHang)).toEqual(
    [],
  )
})
