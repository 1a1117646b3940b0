import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, linkSync, mkdirSync, readSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errnoOf, linuxAt } from '../../../server/linux/linux.ts'
import type { Entry } from '../../../server/linux/root/calls.ts'
import { SpecialFileError } from '../../../server/linux/root/folder.ts'
import { type FileRoot, openRoot } from '../../../server/linux/root/root.ts'
import { trouble } from '../../../server/linux/root/trouble.ts'
import { type Jail, openJail } from './jail.ts'

const linux = linuxAt('/')
const bytes = (text: string) => Buffer.from(text, 'latin1')

let jail: Jail
beforeAll(async () => {
  jail = await openJail()
})
afterAll(() => jail[Symbol.asyncDispose]())

async function contentOf(root: FileRoot, path: string): Promise<string> {
  using file = await root.open(bytes(path))
  const buffer = Buffer.alloc(1 << 16)
  return buffer.toString('latin1', 0, readSync(file.fd, buffer, 0, buffer.length, 0))
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    error => errnoOf(error),
  )

async function namesIn(root: FileRoot, path: string): Promise<string[]> {
  using folder = await root.folder(bytes(path))
  const names: string[] = []
  for await (const slice of folder.entries()) names.push(...slice.map(({ name }) => name.toString('latin1')))
  return names.sort()
}

describe.each(['openat2', 'steps'] as const)('by %s', by => {
  let root: FileRoot
  beforeAll(async () => {
    root = await openRoot(linux, jail.pid, { by })
  })
  afterAll(() => root.close())

  test('what stands in a folder is told at once as it is told when it is waited for', async () => {
    const { inside } = jail
    const name = `now-${by}`
    mkdirSync(join(inside, name))
    for (let at = 0; at < 200; at++) writeFileSync(join(inside, name, `f${at}`), 'x'.repeat(at))
    using folder = await root.folder(bytes(name))
    for (const slice of folder.slices() as Iterable<Entry[]>)
      for (const { name, latin1 } of slice) {
        expect(name.toString('latin1')).toBe(latin1)
        expect(folder.statusNow(latin1)?.size).toBe(Number(latin1.slice(1)))
        expect(folder.statusNow(latin1)?.isSame(await folder.status(name))).toBe(true)
      }
    expect(() => folder.statusNow('nothing')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })

  test('no path leads out: dots, links absolute and relative, chains of links, bind mounts', async () => {
    const { inside, outside } = jail
    writeFileSync(join(outside, 'f'), 'outside')
    mkdirSync(join(inside, outside), { recursive: true })
    mkdirSync(join(inside, 'a/b'), { recursive: true })
    writeFileSync(join(inside, 'f'), 'inside')
    writeFileSync(join(inside, outside, 'f'), 'inside')
    const links = { absolute: `${outside}/f`, dots: '../../../../../../f', chain: 'a/b/up', folder: outside }
    for (const [name, target] of Object.entries(links)) execFileSync('ln', ['-sfn', target, join(inside, name)])
    execFileSync('ln', ['-sfn', '../../../absolute', join(inside, 'a/b/up')])
    const paths = ['absolute', 'dots', 'chain', 'folder/f', '../../f', '/../f', 'a/../../f', 'a/b/../../../f', './/f']
    for (const path of paths) expect([path, await contentOf(root, path)]).toEqual([path, 'inside'])
    expect(await namesIn(root, '/..')).toEqual(await namesIn(root, '/'))
    expect(await codeOf(root.open(bytes(`${outside}/../nothing`)))).toBe('ENOENT')
  })

  test('links in circles, files as folders, names too long, NUL', async () => {
    const { inside } = jail
    execFileSync('ln', ['-sfn', 'circle', join(inside, 'circle')])
    writeFileSync(join(inside, 'plain'), '')
    expect(await codeOf(root.open(bytes('circle')))).toBe('ELOOP')
    expect(await codeOf(root.open(bytes('plain/x')))).toBe('ENOTDIR')
    expect(await codeOf(root.open(bytes('plain/')))).toBe('ENOTDIR')
    expect(await codeOf(root.folder(bytes('plain')))).toBe('ENOTDIR')
    expect(await codeOf(root.open(bytes('n'.repeat(300))))).toBe('ENAMETOOLONG')
    expect((await root.status(bytes('circle'), { follow: false })).type).toBe('link')
    expect((await root.readlink(bytes('circle'))).toString()).toBe('circle')
    expect(await codeOf(root.readlink(bytes('plain')))).toBe('EINVAL')
  })

  test('links of /proc to what a process holds are refused, the others followed', async () => {
    const proc = join(jail.inside, 'proc')
    mkdirSync(proc, { recursive: true })
    execFileSync('mount', ['-t', 'proc', 'proc', proc])
    try {
      for (const path of [
        'proc/self/root/etc/passwd',
        `proc/${process.pid}/root`,
        'proc/self/fd/0',
        'proc/self/cwd/x',
        `proc/${process.pid}/exe`,
        'proc/self/ns/net',
      ])
        expect([path, await codeOf(root.place(bytes(path)))]).toEqual([path, 'ELOOP'])
      expect(await contentOf(root, 'proc/mounts')).toContain('proc')
      expect((await root.readlink(bytes('proc/self/root'))).toString()).toBe('/')
    } finally {
      execFileSync('umount', [proc])
    }
  })

  test('a bind mount inside is part of it, and dots lead back into it', async () => {
    const { inside, outside } = jail
    const mount = join(inside, 'volume')
    mkdirSync(mount, { recursive: true })
    mkdirSync(join(outside, 'volume/deep'), { recursive: true })
    writeFileSync(join(outside, 'volume/deep/v'), 'of the volume')
    execFileSync('mount', ['--bind', join(outside, 'volume'), mount])
    try {
      expect(await contentOf(root, 'volume/deep/v')).toBe('of the volume')
      expect(await contentOf(root, 'volume/deep/../../f')).toBe('inside')
      expect(await codeOf(root.status(bytes('volume/../outside')))).toBe('ENOENT')
    } finally {
      execFileSync('umount', [mount])
    }
  })

  test('what is special is named and never opened', async () => {
    const { inside } = jail
    const [fifo, socket] = [join(inside, 'fifo'), join(inside, 'socket')]
    spawnSync('mkfifo', [fifo])
    spawnSync('mknod', [join(inside, 'null'), 'c', '1', '3'])
    const server = createServer().listen(socket)
    try {
      await expect.poll(() => namesIn(root, '/')).toContain('socket')
      for (const [name, type] of [
        ['fifo', 'fifo'],
        ['null', 'character'],
        ['socket', 'socket'],
        ['a', 'directory'],
      ]) {
        const error = await root.open(bytes(name!)).catch(error => error)
        expect(error).toBeInstanceOf(SpecialFileError)
        expect(error.type).toBe(type)
      }
      const { code, message } = await trouble(
        { linux, root },
        await root.open(bytes('fifo')).catch(e => e),
        'read',
        bytes('fifo'),
      )
      expect([code, message]).toEqual(['invalid_input', 'fifo: neither a file nor a folder but a pipe'])
      expect((await root.status(bytes('null'))).special).toEqual({ major: 1, minor: 3 })
    } finally {
      server.close()
    }
  })

  test('a process that has ended, a root without names', async () => {
    await expect(openRoot(linux, 4_000_000)).rejects.toMatchObject({ code: 'not_found' })
    expect(await root.names()).toEqual({ users: new Map(), groups: new Map() })
  })
})

test('status is that of stat(1), field by field', async () => {
  using root = await openRoot(linux, 'self')
  const file = join(jail.inside, 'status')
  writeFileSync(file, 'x'.repeat(5000))
  linkSync(file, `${file}-2`)
  chownSync(file, 1234, 2345)
  chmodSync(file, 0o4751)
  for (const path of [file, '/dev/null', '/proc/self/status', '/', '/etc'])
    for (const by of ['openat2', 'steps'] as const) {
      using other = await openRoot(linux, 'self', { by })
      const status = await (by === 'steps' ? other : root).status(bytes(path))
      const found = [
        status.mode.toString(16),
        status.links,
        status.uid,
        status.gid,
        status.size,
        status.inode,
        status.blocks,
        status.modified.seconds,
        status.changed.seconds,
        status.special.major,
      ]
      const format = '%f %h %u %g %s %i %b %Y %Z %Hr'
      const expected = execFileSync('stat', ['-c', format, path], { encoding: 'utf8' }).trim()
      if (path !== '/proc/self/status') expect([path, found.join(' ')]).toEqual([path, expected])
    }
  const { nanoseconds, seconds } = (await root.status(bytes(file))).modified
  const fraction = execFileSync('stat', ['-c', '%.9Y', file], { encoding: 'utf8' }).trim()
  expect(`${seconds}.${String(nanoseconds).padStart(9, '0')}`).toBe(fraction)
})

test('names of any bytes, thirty thousand of them, each with its status', async () => {
  const folder = join(jail.inside, 'many')
  mkdirSync(folder)
  execFileSync('sh', ['-c', 'seq 1 30000 | xargs touch'], { cwd: folder })
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x0a, 0x1b])]), '')
  using root = await openRoot(linux, jail.pid)
  using open = await root.folder(bytes('many'))
  const names = new Set<string>()
  let statuses = 0
  for await (const slice of open.entries(true)) {
    expect(slice.length).toBeLessThan(3000)
    for (const { name, status, type } of slice) {
      names.add(name.toString('latin1'))
      if (status?.type === 'file' && type === 'file') statuses++
    }
  }
  expect(names.size).toBe(30_001)
  expect(statuses).toBe(30_001)
  expect(names).toContain('\xff\n\x1b')
})

test('one name in a folder is one step', async () => {
  using root = await openRoot(linux, jail.pid)
  using folder = await root.folder(bytes('/'))
  for (const name of ['..', '.', '', 'a/b', '/'])
    for (const call of [
      'status',
      'place',
      'enter',
      'open',
      'unlink',
      'makeFolder',
      'removeFolder',
      'readlink',
    ] as const)
      expect([call, name, await codeOf(folder[call](bytes(name)))]).toEqual([call, name, 'EXDEV'])
  expect(await codeOf(folder.rename(bytes('f'), folder, bytes('../f')))).toBe('EXDEV')
  expect(await codeOf(folder.enter(bytes('folder')))).toBe('ENOTDIR')
  await expect(folder.open(bytes('absolute'))).rejects.toThrow(SpecialFileError)
})

test('writing by a folder', async () => {
  using root = await openRoot(linux, jail.pid)
  using top = await root.folder(bytes('/'))
  await top.makeFolder(bytes('made'), 0o750)
  using made = await top.enter(bytes('made'))
  await top.rename(bytes('plain'), made, bytes('moved'))
  expect(await namesIn(root, 'made')).toEqual(['moved'])
  expect(await codeOf(top.removeFolder(bytes('made')))).toBe('ENOTEMPTY')
  await made.unlink(bytes('moved'))
  await top.removeFolder(bytes('made'))
  expect(await codeOf(root.status(bytes('made')))).toBe('ENOENT')
  const { folder, name } = await root.parent(bytes('/a//b/'))
  using _ = folder
  expect(name.toString()).toBe('b')
})

test('a sparse file is known as one', async () => {
  const file = join(jail.inside, 'sparse')
  writeFileSync(file, 'x')
  truncateSync(file, 2 ** 40)
  using root = await openRoot(linux, jail.pid)
  const status = await root.status(bytes('sparse'))
  expect([status.size, status.isSparse]).toEqual([2 ** 40, true])
  expect((await root.status(bytes('f'))).isSparse).toBe(false)
})

test('names of users are those of the root', async () => {
  mkdirSync(join(jail.inside, 'etc'), { recursive: true })
  writeFileSync(join(jail.inside, 'etc/passwd'), 'zoe:x:4242:7:::\n')
  symlinkSync('/etc/passwd', join(jail.inside, 'etc/group'))
  using root = await openRoot(linux, jail.pid)
  const { users, groups } = await root.names()
  expect([users.get(4242), groups.get(4242), users.size]).toEqual(['zoe', 'zoe', 1])
})

test.each([
  ['EPERM', 1],
  ['ENOSYS', 38],
])('where a filter answers openat2 with %s, paths are followed step by step', (name, errno) => {
  const { pid, inside } = jail
  writeFileSync(join(inside, 'filtered'), 'inside')
  symlinkSync('/../filtered', join(inside, `to-filtered-${name}`))
  const words = [join(import.meta.dirname, 'filtered.ts'), String(pid), `to-filtered-${name}`, String(errno)]
  expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe(`${name}: inside\n`)
})
