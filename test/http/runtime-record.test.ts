import { existsSync, rmSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readRecords, runtimeBases, writeRecord } from '../../server/http/runtime-record.ts'
import { linuxAt } from '../../server/linux/linux.ts'

const uid = process.getuid?.() ?? 0
const content = { instance: 'abc123', url: 'http://127.0.0.1:7681', port: 7681, token: 'secret' }

async function place() {
  const base = await mkdtemp(join(tmpdir(), 'records-'))
  onTestFinished(() => rm(base, { recursive: true }))
  return { linux: linuxAt('/'), uid, bases: [base], base, own: join(base, `ditty-${uid}`) }
}

test('a record is found by the same user until it is taken away', async () => {
  const here = await place()
  const written = writeRecord(here, content)
  expect(written.base).toBe(here.base)
  expect(readRecords(here)).toMatchObject([{ ...content, pid: process.pid }])
  written.remove()
  expect(readRecords(here)).toEqual([])
  written.remove()
})

test('only its user can read it', async () => {
  const here = await place()
  writeRecord(here, content)
  expect(statSync(here.own).mode & 0o777).toBe(0o700)
  expect(statSync(join(here.own, 'abc123.json')).mode & 0o777).toBe(0o600)
})

test('the first directory that can be written is taken, and reading looks in all', async () => {
  const here = await place()
  const bases = ['/proc/none', '/no/such', here.base]
  expect(writeRecord({ ...here, bases }, content).base).toBe(here.base)
  expect(readRecords({ ...here, bases: [...bases].reverse() })).toHaveLength(1)
})

test('with nothing to write to, each directory says why', () => {
  const nowhere = { linux: linuxAt('/'), uid, bases: ['/no/such', '/proc'] }
  expect(() => writeRecord(nowhere, content)).toThrow(
    expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('/no/such: ENOENT; /proc: ') }),
  )
  expect(readRecords(nowhere)).toEqual([])
})

test('a link or an open directory in place of ours is not used', async () => {
  const linked = await place()
  const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'))
  onTestFinished(() => rm(elsewhere, { recursive: true }))
  await symlink(elsewhere, linked.own)
  expect(() => writeRecord(linked, content)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  expect(await readdir(elsewhere)).toEqual([])

  const open = await place()
  await mkdir(open.own)
  await chmod(open.own, 0o777)
  expect(() => writeRecord(open, content)).toThrow(/open to other users/)
})

test("another user's directory is not used", async () => {
  const here = await place()
  writeRecord(here, content)
  const other = { ...here, uid: uid + 1 }
  await mkdir(join(here.base, `ditty-${uid + 1}`), { mode: 0o700 })
  expect(() => writeRecord(other, content)).toThrow(/open to other users/)
  expect(readRecords(other)).toEqual([])
})

test('a record whose process is gone, or whose pid is another process now, is ignored, and swept by the next', async () => {
  const here = await place()
  writeRecord(here, content)
  const path = join(here.own, 'abc123.json')
  const record = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...record, startTicks: record.startTicks + 1 }))
  expect(readRecords(here)).toEqual([])
  await writeFile(path, JSON.stringify({ ...record, pid: 4_000_000 }))
  expect(readRecords(here)).toEqual([])
  writeRecord(here, { ...content, instance: 'def456' })
  expect(existsSync(path)).toBe(false)
})

test('a stale record that another one sweeps at the same time is no fault', async () => {
  const here = await place()
  writeRecord(here, content)
  const path = join(here.own, 'abc123.json')
  const record = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...record, pid: 4_000_000 }))
  const swept: typeof here.linux = {
    ...here.linux,
    peek: (asked, limit) => {
      if (asked.includes('4000000')) rmSync(path)
      return here.linux.peek(asked, limit)
    },
  }
  expect(writeRecord({ ...here, linux: swept }, { ...content, instance: 'def456' }).base).toBe(here.base)
  expect(existsSync(path)).toBe(false)
})

test("another pid namespace's record is ignored and left alone", async () => {
  const here = await place()
  writeRecord(here, content)
  const path = join(here.own, 'abc123.json')
  const record = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...record, pidNamespace: 'pid:[1]' }))
  expect(readRecords(here)).toEqual([])
  writeRecord(here, { ...content, instance: 'def456' })
  expect(existsSync(path)).toBe(true)
})

test.each(['', '{', '[]', '{"instance": "../x"}', 'x'.repeat(5000)])(
  'what is no record is ignored: %.20s',
  async text => {
    const here = await place()
    writeRecord(here, content)
    await writeFile(join(here.own, 'bad.json'), text)
    await symlink('/etc/passwd', join(here.own, 'link.json'))
    await mkdir(join(here.own, 'directory.json'))
    expect(readRecords(here)).toHaveLength(1)
  },
)

test('directories are tried in the order of their privacy, each once', () => {
  expect(runtimeBases({ XDG_RUNTIME_DIR: '/run/user/1', TMPDIR: '/dev/shm' })).toEqual([
    '/run/user/1',
    '/dev/shm',
    '/tmp',
  ])
  expect(runtimeBases({ TMPDIR: 'relative' })).toEqual(['/dev/shm', '/tmp'])
})
