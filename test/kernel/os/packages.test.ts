import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesIn } from '../../../server/linux/byte-source.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { findDpkg } from '../../../server/tools/os/packages/dpkg.ts'
import { BrokenDatabase } from '../../../server/tools/os/packages/package.ts'
import { findRpm } from '../../../server/tools/os/packages/rpm/database.ts'
import { sqliteBlobs } from '../../../server/tools/os/packages/rpm/sqlite.ts'
import { openRootFiles } from '../../../server/tools/os/root-files.ts'
import { memoryFiles } from '../../tools/os/memory-files.ts'
import { listed, ownersIn } from '../../tools/os/package-lists.ts'
import { askRpm, makeBdb, makeNdb, makeRpmRoot, withLog } from './rpm-databases.ts'

const databases: Record<string, { path: string; content: Buffer }> = {}
let folder = ''
let sqlite = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-packages-'))
  sqlite = join(makeRpmRoot(folder), 'var/lib/rpm/rpmdb.sqlite')
  mkdirSync(join(folder, 'bdb'))
  await makeBdb(sqlite, join(folder, 'bdb/Packages'))
  databases.sqlite = { path: '/var/lib/rpm/rpmdb.sqlite', content: readFileSync(sqlite) }
  databases.bdb = { path: '/var/lib/rpm/Packages', content: readFileSync(join(folder, 'bdb/Packages')) }
  databases.ndb = { path: '/usr/lib/sysimage/rpm/Packages.db', content: await makeNdb(sqlite) }
})
afterAll(() => rmSync(folder, { recursive: true }))

const kinds = ['sqlite', 'bdb', 'ndb']

async function openRpm(kind: string, content = databases[kind]!.content) {
  const [database] = await findRpm(memoryFiles({ [databases[kind]!.path]: content }))
  return database!
}

const format = '%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SIZE}\t%{INSTALLTIME}\t%{SUMMARY}\n'

describe.each(kinds)('rpm in %s', kind => {
  test('every package as rpm itself tells it', async () => {
    const found = await listed(await openRpm(kind))
    const lines = found.map(({ name, version, architecture, sizeBytes, installTime, summary }) =>
      [name, version, architecture, sizeBytes, Date.parse(installTime!) / 1000, summary].join('\t'),
    )
    expect(lines.sort()).toEqual(askRpm(folder, join(sqlite, '..'), '-qa', '--qf', format).sort())
    expect(lines).toHaveLength(3)
    expect((await openRpm(kind)).backend).toBe(kind)
  })

  test('every file has the owner that rpm names', async () => {
    const database = await openRpm(kind)
    for (const n of [0, 1, 2]) {
      const files = askRpm(folder, join(sqlite, '..'), '-ql', `ditty-test-${n}`)
      for (const file of [files[1]!, files.at(-2)!, files.at(-1)!])
        expect(await ownersIn(database, file)).toEqual([`ditty-test-${n}`])
    }
    expect(await ownersIn(database, '/opt/t1/a-rather-long-name-of-a-file')).toEqual([])
  })

  test('cut or overwritten anywhere it ends in a finding, and never later than the whole', async () => {
    const { content } = databases[kind]!
    const random = generator(kind.length)
    let broken = 0
    for (let round = 0; round < 400; round++) {
      const isCut = round % 2 === 0
      const damaged = isCut ? content.subarray(0, random(content.length)) : Buffer.from(content)
      if (!isCut) for (let byte = 0; byte < 64; byte++) damaged[random(damaged.length)] = random(256)
      try {
        expect((await listed(await openRpm(kind, damaged))).length).toBeLessThanOrEqual(8)
      } catch (error) {
        expect(error).toBeInstanceOf(BrokenDatabase)
        broken++
      }
    }
    expect(broken).toBeGreaterThan(100)
  })
})

test("Berkeley DB: rpm's own reader sees the same in the file that the test made", () => {
  const names = askRpm(folder, join(folder, 'bdb'), '--define', '_db_backend bdb_ro', '-qa', '--qf', '%{NAME}\n')
  expect(names.sort()).toEqual(['ditty-test-0', 'ditty-test-1', 'ditty-test-2'])
})

const sumOf = (blob: Buffer) => createHash('sha256').update(blob).digest('hex')

describe('a write-ahead log', () => {
  const sumsOf = async (file: Buffer, log?: Buffer) => {
    const sums: string[] = []
    for await (const blob of sqliteBlobs(bytesIn(file), log && bytesIn(log), 'Packages')) sums.push(sumOf(blob))
    return sums
  }

  test('what is committed to it counts, as in the library of SQLite', async () => {
    const { file, log, blobs } = withLog(sqlite, folder)
    expect(blobs).toHaveLength(52)
    expect(await sumsOf(file)).toHaveLength(3)
    expect(await sumsOf(file, log)).toEqual(blobs.map(sumOf))
  })

  test('cut within its last frames, the commits before stand; after a wrong checksum nothing does', async () => {
    const { file, log } = withLog(sqlite, folder)
    const less = await sumsOf(file, log.subarray(0, log.length - 5000))
    expect(less.length).toBeGreaterThan(3)
    expect(less.length).toBeLessThanOrEqual(53)
    const damaged = Buffer.from(log)
    damaged[40]! ^= 1
    expect(await sumsOf(file, damaged)).toHaveLength(3)
  })
})

describe("dpkg: this machine's own", () => {
  const dpkg = (...words: string[]) =>
    execFileSync('dpkg-query', words, { encoding: 'utf8' }).split('\n').filter(Boolean)
  const own = async () => {
    const files = await openRootFiles(linuxAt('/'), process.pid, new AbortController().signal)
    return { files, database: (await findDpkg(files))[0]! }
  }

  test('every package as dpkg-query tells it', async () => {
    const { files, database } = await own()
    using _ = files
    const found = await listed(database)
    const lines = found.map(({ name, version, architecture, sizeBytes, state }) =>
      [name, version, architecture, (sizeBytes ?? 0) / 1024, state].join('\t'),
    )
    const fields = ['Package', 'Version', 'Architecture', 'Installed-Size', 'db:Status-Status']
    const expected = `${fields.map(field => `\${${field}}`).join('\t')}\n`
    expect(lines.sort()).toEqual(dpkg('-W', '-f', expected).sort())
  })

  test('owners as dpkg -S names them', async () => {
    const { files, database } = await own()
    using _ = files
    for (const path of ['/bin/ls', '/usr/bin/dpkg', '/etc/passwd', '/etc/adduser.conf', '/usr/share/doc/base-files']) {
      const owners = execFileSync('sh', ['-c', 'dpkg -S "$1" 2>/dev/null || true', 'sh', path], { encoding: 'utf8' })
      const names = owners
        .split('\n')
        .flatMap(line => (line.endsWith(`: ${path}`) ? line.split(': ')[0]!.split(', ') : []))
      expect((await ownersIn(database, path)).sort()).toEqual(names.map(name => name.split(':')[0]).sort())
    }
  })
})

/** The same numbers in every run: mulberry32. */
function generator(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
