import { expect, test } from 'vitest'
import { bytesIn, piecesOf } from '../../../server/linux/byte-source.ts'
import { findApk } from '../../../server/tools/os/packages/apk.ts'
import { aliasesOf, findDatabases } from '../../../server/tools/os/packages/databases.ts'
import { findDpkg } from '../../../server/tools/os/packages/dpkg.ts'
import { insideOf, memoryFiles } from './memory-files.ts'
import { listed, ownersIn } from './package-lists.ts'

const installed = `C:Q1eVpkasfqZAukAXFYbgwt4xAMZWU=
P:musl
V:1.2.4_git20230717-r4
A:x86_64
S:407278
I:667648
T:the musl c library (libc) implementation
o:musl
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
R:libc.musl-x86_64.so.1

P:busybox-binsh
V:1.36.1-r15
A:x86_64
I:8192
T:busybox ash /bin/sh
o:busybox
F:
R:top
F:bin
R:sh

`

test.each(['/lib/apk/db/installed', '/usr/lib/apk/db/installed'])('apk: %s', async path => {
  const [database] = await findApk(memoryFiles({ [path]: installed }))
  expect(await listed(database!)).toEqual([
    {
      name: 'musl',
      version: '1.2.4_git20230717-r4',
      architecture: 'x86_64',
      sizeBytes: 667_648,
      source: null,
      installTime: null,
      summary: 'the musl c library (libc) implementation',
      state: 'installed',
      selection: null,
      multiArch: null,
    },
    expect.objectContaining({ name: 'busybox-binsh', version: '1.36.1-r15', source: 'busybox' }),
  ])
  expect(await ownersIn(database!, '/lib/libc.musl-x86_64.so.1')).toEqual(['musl'])
  expect(await ownersIn(database!, '/bin/sh')).toEqual(['busybox-binsh'])
  expect(await ownersIn(database!, '/top')).toEqual(['busybox-binsh'])
  expect(await ownersIn(database!, '/lib')).toEqual([])
})

test('dpkg: states, epochs and sources; what was never installed is no package', async () => {
  const status = `Package: one
Status: install ok installed
Installed-Size: 12
Architecture: amd64
Source: src (1.0)
Version: 2:1.0-1+b1
Description: first line
 Version: not this one
 .

Package: gone
Status: deinstall ok config-files
Version: 1

Package: never
Status: unknown ok not-installed

broken
`
  const [database] = await findDpkg(memoryFiles({ '/var/lib/dpkg/status': status }))
  expect(await listed(database!)).toMatchObject([
    { name: 'one', version: '2:1.0-1+b1', sizeBytes: 12_288, source: 'src', summary: 'first line', state: 'installed' },
    { name: 'gone', version: '1', sizeBytes: null, state: 'config-files' },
  ])
})

test('dpkg: a distroless image has a file for each package, and the sums of its files', async () => {
  const directory = '/var/lib/dpkg/status.d'
  const files = memoryFiles({
    [`${directory}/libc6`]: 'Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\nInstalled-Size: 100\n',
    [`${directory}/libc6.md5sums`]: 'd41d8cd98f00b204e9800998ecf8427e  lib/x86_64-linux-gnu/libc.so.6\n',
    [`${directory}/base-files`]: 'Package: base-files\nVersion: 12\n',
  })
  const [database] = await findDpkg(files)
  expect(await listed(database!)).toMatchObject([
    { name: 'base-files', state: 'installed' },
    { name: 'libc6', version: '2.36-9', state: 'installed' },
  ])
  expect(await ownersIn(database!, '/lib/x86_64-linux-gnu/libc.so.6')).toEqual(['libc6'])
  expect(await ownersIn(database!, '/lib/x86_64-linux-gnu/libc.so')).toEqual([])
})

test('an image from scratch has no database, and a refused one is noted', async () => {
  const { files, notes } = insideOf({ '/app': '' })
  expect(await findDatabases(files, notes)).toEqual([])
  expect(notes.all).toEqual([])
})

test('a merged /usr gives a file two paths', () => {
  expect(aliasesOf('/usr/bin/ls')).toEqual(['/usr/bin/ls', '/bin/ls'])
  expect(aliasesOf('/lib64/ld-linux-x86-64.so.2')).toEqual([
    '/lib64/ld-linux-x86-64.so.2',
    '/usr/lib64/ld-linux-x86-64.so.2',
  ])
  expect(aliasesOf('/usr/share/doc/x')).toEqual(['/usr/share/doc/x'])
})

test('pieces of a text, also of one that is longer than allowed', async () => {
  const pieces = async (text: string, limit: number) => {
    const found: string[] = []
    for await (const piece of piecesOf(bytesIn(Buffer.from(text)), '\n\n', limit)) found.push(piece)
    return found
  }
  expect(await pieces('a\nb\n\nc\n\n', 10)).toEqual(['a\nb', 'c'])
  expect(await pieces('a\n\nb', 10)).toEqual(['a', 'b'])
  expect(await pieces(`a\n\n${'x'.repeat(3 << 20)}\n\nb\n\n${'y'.repeat(3 << 20)}`, 1000)).toEqual(['a', 'b'])
  expect(await pieces('', 10)).toEqual([])
})
