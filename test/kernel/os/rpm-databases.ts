import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bytesIn } from '../../../server/linux/byte-source.ts'
import { sqliteBlobs } from '../../../server/tools/os/packages/rpm/sqlite.ts'

const spec = `Name: ditty-test-%{n}
Version: 1.%{n}
Release: %{n}
%{?with_epoch:Epoch: 7}
Summary: Test package %{n}
License: MIT
BuildArch: noarch
%description
.
%install
mkdir -p %{buildroot}/opt/t%{n} %{buildroot}/usr/bin
cd %{buildroot}/opt/t%{n}
seq -f a-rather-long-name-of-a-file-%%g %{count} | xargs touch %{buildroot}/usr/bin/ditty-test-%{n}
%files
/opt/t%{n}
/usr/bin/ditty-test-%{n}
`

/** rpm writes to the home of whoever calls it. */
function rpmIn(folder: string, command: string, ...words: string[]): string {
  const env = { ...process.env, HOME: folder }
  return execFileSync(command, words, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
}

/** A root with an rpm database in SQLite that rpm itself made: small packages, and one of many files. */
export function makeRpmRoot(folder: string): string {
  writeFileSync(join(folder, 'test.spec'), spec)
  const top = join(folder, 'top')
  for (const [n, count] of [2, 40, 4000].entries()) {
    const defines = [
      `n ${n}`,
      `count ${count}`,
      `_topdir ${top}`,
      '_build_id_links none',
      ...(n === 1 ? ['with_epoch 1'] : []),
    ]
    rpmIn(folder, 'rpmbuild', '-bb', ...defines.flatMap(define => ['--define', define]), join(folder, 'test.spec'))
  }
  const root = join(folder, 'root')
  mkdirSync(join(root, 'var/lib/rpm'), { recursive: true })
  const packages = [0, 1, 2].map(n => `${top}/RPMS/noarch/ditty-test-${n}-1.${n}-${n}.noarch.rpm`)
  rpmIn(
    folder,
    'rpm',
    '--root',
    root,
    '--dbpath',
    '/var/lib/rpm',
    '-i',
    '--justdb',
    '--nodeps',
    '--nosignature',
    ...packages,
  )
  return root
}

/** What rpm says of a database, a line for each package. */
export function askRpm(folder: string, directory: string, ...words: string[]): string[] {
  const answer = rpmIn(folder, 'rpm', '--dbpath', directory, ...words)
  return answer.split('\n').filter(Boolean)
}

/** The same headers in a hash database of Berkeley DB, made by its own tool. */
export async function makeBdb(sqlite: string, to: string): Promise<void> {
  const key = (number: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(number)
    return bytes.toString('hex')
  }
  const blobs = await blobsOf(sqlite)
  const pairs = blobs.flatMap((blob, at) => [` ${key(at + 1)}`, ` ${blob.toString('hex')}`])
  const head = ['VERSION=3', 'format=bytevalue', 'type=hash', 'db_pagesize=4096', 'HEADER=END']
  const all = [...head, ` ${key(0)}`, ` ${key(blobs.length)}`, ...pairs, 'DATA=END', '']
  execFileSync('db5.3_load', [to], { input: all.join('\n') })
}

/** The same in ndb, which Debian's rpm can't write: by the layout of lib/backend/ndb/rpmpkg.c. A slot in between is free. */
export async function makeNdb(sqlite: string): Promise<Buffer> {
  const blobs = await blobsOf(sqlite)
  const slots = Buffer.alloc(4096)
  for (let at = 0; at < slots.length; at += 16) slots.write('Slot', at)
  slots.fill(0, 0, 32)
  slots.write('RpmP', 0)
  slots.writeUInt32LE(1, 12)
  slots.writeUInt32LE(blobs.length + 1, 16)
  const parts: Buffer[] = [slots]
  let block = 4096 / 16
  for (const [at, blob] of blobs.entries()) {
    const length = Math.ceil((16 + blob.length + 12) / 16) * 16
    const part = Buffer.alloc(length)
    part.write('BlbS', 0)
    part.writeUInt32LE(at + 1, 4)
    part.writeUInt32LE(blob.length, 12)
    blob.copy(part, 16)
    part.writeUInt32LE(blob.length, length - 8)
    part.write('BlbE', length - 4)
    const slot = 32 + at * 32
    slots.writeUInt32LE(at + 1, slot + 4)
    slots.writeUInt32LE(block, slot + 8)
    slots.writeUInt32LE(length / 16, slot + 12)
    block += length / 16
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The database and its log as they stand while a change is committed to the log alone, with what SQLite's library reads of them. */
export function withLog(sqlite: string, folder: string) {
  const path = join(folder, 'log.sqlite')
  copyFileSync(sqlite, path)
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA foreign_keys=OFF; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0')
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    for (let copy = 0; copy < 50; copy++)
      database.exec('INSERT INTO Packages (blob) SELECT blob FROM Packages WHERE hnum = 1')
    database.exec('DELETE FROM Packages WHERE hnum = 2')
    const rows = database.prepare('SELECT blob FROM Packages ORDER BY hnum').all()
    return {
      file: readFileSync(path),
      log: readFileSync(`${path}-wal`),
      blobs: rows.map(({ blob }) => Buffer.from(blob as Uint8Array)),
    }
  } finally {
    database.close()
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  }
}

async function blobsOf(sqlite: string): Promise<Buffer[]> {
  const blobs: Buffer[] = []
  for await (const blob of sqliteBlobs(bytesIn(readFileSync(sqlite)), undefined, 'Packages')) blobs.push(blob)
  return blobs
}
