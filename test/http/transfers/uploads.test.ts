import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { problemOf, until } from '../serve.ts'
import { serveApart } from './apart.ts'
import { digest, makeDirectory, noise, openShore, type Shore, treeOf } from './shore.ts'

const MiB = 1 << 20

/** Sends the head of a PATCH and some bytes of the body it announces, then hangs up without a word. */
async function cutShort({ port, token }: Shore, location: string, offset: number, announced: number, bytes: Buffer) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    [
      `PATCH ${location} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/partial-upload',
      `Upload-Offset: ${offset}`,
      `Content-Length: ${announced}`,
      '',
      '',
    ].join('\r\n'),
  )
  await new Promise(resolve => socket.write(bytes, resolve))
  return socket
}

const offsetOf = async (shore: Shore, location: string) => {
  const answer = await shore.api(location, { method: 'HEAD' })
  expect(answer.status).toBe(204)
  return Number(answer.headers.get('Upload-Offset'))
}

test('a file arrives byte for byte where the shell stands, with its time, and nothing beside it', async () => {
  const shore = await openShore()
  const bytes = noise(5 * MiB + 3)
  const begun = await shore.begin({ path: 'chart.bin', sizeBytes: bytes.length, modifiedTime: 1_500_000_000_000 })
  expect(begun.status).toBe(201)
  expect(await begun.json()).toMatchObject({ path: join(shore.directory, 'chart.bin'), offset: 0, complete: false })
  const location = begun.headers.get('Location')!
  const answer = await shore.append(location, 0, bytes)
  expect(answer.status).toBe(204)
  expect(answer.headers.get('Upload-Complete')).toBe('?1')
  const path = join(shore.directory, 'chart.bin')
  expect(digest(readFileSync(path))).toBe(digest(bytes))
  expect(statSync(path).mtimeMs).toBe(1_500_000_000_000)
  expect(readdirSync(shore.directory)).toEqual(['chart.bin'])
})

test('it lands where the shell stands now, not where it began', async () => {
  const shore = await openShore({}, { command: undefined })
  mkdirSync(join(shore.directory, 'inner'))
  const client = await shore.stream(`${shore.root}/stream`).opened()
  client.type('cd inner; echo at$((1))home\r')
  await client.shows('at1home')
  expect((await shore.upload('a', Buffer.from('a'))).status).toBe(204)
  expect(await treeOf(shore.directory)).toEqual(['inner/', 'inner/a'])
})

test('it lands where the program in the foreground stands, inside its own root', async () => {
  const root = await makeDirectory()
  for (const name of ['bin', 'inner']) mkdirSync(join(root, name))
  const shore = await openShore({}, { command: undefined })
  execFileSync('cp', ['--parents', '/bin/busybox', root])
  const client = await shore.stream(`${shore.root}/stream`).opened()
  client.type(`chroot ${root} /bin/busybox sh -c 'cd /inner; echo in$((1))side; exec busybox sleep 60'\r`)
  await client.shows('in1side')
  expect((await shore.upload('a', Buffer.from('a'))).status).toBe(204)
  expect(readFileSync(join(root, 'inner/a'), 'utf8')).toBe('a')
  const down = await shore.download('/inner/a')
  expect(await down.text()).toBe('a')
})

test('files that belong together land in the place that was kept, wherever the shell goes meanwhile', async () => {
  const shore = await openShore({}, { command: undefined })
  mkdirSync(join(shore.directory, 'inner'))
  const kept = await shore.api(`${shore.root}/places`, { body: {} })
  const { place, directory } = (await kept.json()) as Record<string, string>
  expect([kept.status, directory]).toEqual([201, shore.directory])
  const client = await shore.stream(`${shore.root}/stream`).opened()
  client.type('cd inner; echo at$((1))home\r')
  await client.shows('at1home')
  expect((await shore.upload('a', Buffer.from('a'), { place })).status).toBe(204)
  expect(await treeOf(shore.directory)).toEqual(['a', 'inner/'])
  expect(await problemOf(await shore.begin({ path: 'b', place: 'none' }))).toMatchObject({ code: 'not_found' })
})

test('a cut upload goes on at the byte where it was cut', async () => {
  const shore = await openShore()
  const bytes = noise(4 * MiB)
  const location = (await shore.begin({ path: 'a', sizeBytes: bytes.length })).headers.get('Location')!
  const socket = await cutShort(shore, location, 0, bytes.length, bytes.subarray(0, MiB + 17))
  await until(() => readdirSync(shore.directory).some(name => statSync(join(shore.directory, name)).size > MiB))
  socket.resetAndDestroy()
  const offset = await offsetOf(shore, location)
  expect(offset).toBeLessThanOrEqual(MiB + 17)
  expect((await shore.append(location, offset, bytes.subarray(offset))).status).toBe(204)
  expect(digest(readFileSync(join(shore.directory, 'a')))).toBe(digest(bytes))
})

test('a request that hangs on a dead connection gives way to the one that resumes', async () => {
  const shore = await openShore()
  const bytes = noise(MiB)
  const location = (await shore.begin({ path: 'a', sizeBytes: bytes.length })).headers.get('Location')!
  const socket = await cutShort(shore, location, 0, bytes.length, bytes.subarray(0, 1000))
  onTestFinished(() => void socket.destroy())
  await until(() => readdirSync(shore.directory).some(name => statSync(join(shore.directory, name)).size === 1000))
  expect(await offsetOf(shore, location)).toBe(1000)
  expect((await shore.append(location, 1000, bytes.subarray(1000))).status).toBe(204)
  expect(digest(readFileSync(join(shore.directory, 'a')))).toBe(digest(bytes))
})

test('a wrong offset is refused with the right one', async () => {
  const shore = await openShore()
  const location = (await shore.begin({ path: 'a', sizeBytes: 10 })).headers.get('Location')!
  await shore.append(location, 0, 'abc')
  const answer = await shore.append(location, 5, 'fgh')
  expect([answer.status, answer.headers.get('Upload-Offset')]).toEqual([409, '3'])
  expect(await problemOf(answer)).toMatchObject({ code: 'offset_mismatch' })
})

test('the same file begun again after a while goes on where it was', async () => {
  const shore = await openShore({ uploadLimits: { takeUpMs: 0 } })
  const wish = { path: 'a', sizeBytes: 10, modifiedTime: 5 }
  const location = (await shore.begin(wish)).headers.get('Location')!
  await shore.append(location, 0, 'abc')
  await new Promise(resolve => setTimeout(resolve, 5))
  const again = await shore.begin(wish)
  expect(again.headers.get('Location')).toBe(location)
  expect(await again.json()).toMatchObject({ offset: 3 })
  expect((await shore.begin({ ...wish, modifiedTime: 6 })).headers.get('Location')).not.toBe(location)
})

test('more bytes than were announced are refused, and a finished upload is remembered', async () => {
  const shore = await openShore()
  const location = (await shore.begin({ path: 'a', sizeBytes: 3 })).headers.get('Location')!
  expect(await problemOf(await shore.append(location, 0, 'abcd'))).toMatchObject({ code: 'invalid_input' })
  expect((await shore.append(location, 3, '')).status).toBe(204)
  const head = await shore.api(location, { method: 'HEAD' })
  expect([head.headers.get('Upload-Offset'), head.headers.get('Upload-Complete')]).toEqual(['3', '?1'])
  expect(readFileSync(join(shore.directory, 'a'), 'utf8')).toBe('abc')
})

test('what is there already is replaced only when that is wished, and keeps its mode', async () => {
  const shore = await openShore()
  const path = join(shore.directory, 'run.sh')
  writeFileSync(path, 'old', { mode: 0o755 })
  const refused = await shore.begin({ path: 'run.sh', sizeBytes: 3 })
  expect([refused.status, (await problemOf(refused)).code]).toEqual([409, 'already_exists'])
  expect((await shore.upload('run.sh', Buffer.from('new'), { overwrite: true })).status).toBe(204)
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(statSync(path).mode & 0o777).toBe(0o755)
  expect(readdirSync(shore.directory)).toEqual(['run.sh'])
})

test('a file that comes into the way meanwhile is not lost, until the one who uploads says so', async () => {
  const shore = await openShore()
  const location = (await shore.begin({ path: 'a', sizeBytes: 3 })).headers.get('Location')!
  writeFileSync(join(shore.directory, 'a'), 'theirs')
  const answer = await shore.append(location, 0, 'abc')
  expect(await problemOf(answer)).toMatchObject({ code: 'already_exists', status: 409 })
  expect(readFileSync(join(shore.directory, 'a'), 'utf8')).toBe('theirs')
  expect((await shore.append(location, 3, '', { Overwrite: 'T' })).status).toBe(204)
  expect(readFileSync(join(shore.directory, 'a'), 'utf8')).toBe('abc')
})

test('a link in the place of the file is replaced, and not followed', async () => {
  const shore = await openShore()
  const outside = join(await makeDirectory(), 'secret')
  writeFileSync(outside, 'secret')
  symlinkSync(outside, join(shore.directory, 'a'))
  expect((await shore.begin({ path: 'a', sizeBytes: 3 })).status).toBe(409)
  expect((await shore.upload('a', Buffer.from('abc'), { overwrite: true })).status).toBe(204)
  expect(readFileSync(outside, 'utf8')).toBe('secret')
  expect(readFileSync(join(shore.directory, 'a'), 'utf8')).toBe('abc')
})

test.each([
  '',
  '/etc/x',
  '..',
  '../x',
  'a/../x',
  'a//x',
  'a/',
  './x',
  'a\0b',
  '\ud800',
  'x'.repeat(256),
  `${'x/'.repeat(3000)}x`,
])('the path %j is refused', async path => {
  const shore = await openShore()
  const answer = await shore.begin({ path, sizeBytes: 1 })
  expect(answer.status).toBe(400)
  expect(await problemOf(answer)).toMatchObject({ fields: [{ path: 'path' }] })
  expect(readdirSync(shore.directory)).toEqual([])
})

test('links on the way lead about below where the shell stands, and not out of it', async () => {
  const shore = await openShore()
  const outside = await makeDirectory()
  mkdirSync(join(shore.directory, 'real/deep'), { recursive: true })
  symlinkSync('../real', join(shore.directory, 'real/self'))
  symlinkSync(outside, join(shore.directory, 'absolute'))
  symlinkSync('../..', join(shore.directory, 'real/up'))
  symlinkSync('circle', join(shore.directory, 'circle'))
  expect((await shore.upload('real/self/deep/a', Buffer.from('a'))).status).toBe(204)
  for (const path of ['absolute/a', 'absolute/new/a', 'real/up/a', 'circle/a']) {
    expect(await problemOf(await shore.begin({ path, sizeBytes: 1 }))).toMatchObject({ code: 'invalid_input' })
  }
  expect(readdirSync(outside)).toEqual([])
  expect(readFileSync(join(shore.directory, 'real/deep/a'), 'utf8')).toBe('a')
})

test('a directory that is swapped for a link all the while never lets a file out', async () => {
  const shore = await openShore()
  const outside = await makeDirectory()
  const swap = `cd ${shore.directory}; mkdir d; while :; do mv d e; ln -s ${outside} d; rm d; mv e d; done`
  const { id } = await shore.create({ command: ['bash', '-c', swap] })
  for (let count = 0; count < 60; count++)
    await shore.upload(`d/${count}`, Buffer.from('a')).then(answer => answer.text())
  await shore.api(`/api/v1/terminals/${id}`, { method: 'DELETE' })
  expect(readdirSync(outside)).toEqual([])
})

test.each(['海图 第一张.txt', '🧭⚓', 'two\nlines', '-rf', ' edges ', '%2e%2e', 'a\\b', "it's", 'é', 'é'])(
  'a name like %j arrives as it is',
  async name => {
    const shore = await openShore()
    expect((await shore.upload(`文件夹/${name}`, Buffer.from(name))).status).toBe(204)
    expect(readdirSync(join(shore.directory, '文件夹'))).toEqual([name])
    const down = await shore.download(`文件夹/${name}`)
    expect(await down.text()).toBe(name)
  },
)

test('an empty file is there at once, and folders come with what they hold or empty', async () => {
  const shore = await openShore()
  expect(await (await shore.begin({ path: 'tree/empty' })).json()).toMatchObject({ complete: true })
  for (const path of ['tree/hollow/inner', 'tree']) {
    const made = await shore.begin({ path, directory: true })
    expect([made.status, await made.json()]).toMatchObject([201, { id: null, path: join(shore.directory, path) }])
  }
  await shore.upload('tree/one/two/three.txt', Buffer.from('3'))
  const expected = ['tree/', 'tree/empty', 'tree/hollow/', 'tree/hollow/inner/', 'tree/one/', 'tree/one/two/']
  expect(await treeOf(shore.directory)).toEqual([...expected, 'tree/one/two/three.txt'])
  expect(await problemOf(await shore.begin({ path: 'tree/empty/x', sizeBytes: 1 }))).toMatchObject({
    code: 'invalid_input',
  })
  expect(await problemOf(await shore.begin({ path: 'tree', overwrite: true }))).toMatchObject({ code: 'invalid_input' })
})

test('a cancelled upload leaves nothing behind', async () => {
  const shore = await openShore()
  const location = (await shore.begin({ path: 'a', sizeBytes: 10 })).headers.get('Location')!
  await shore.append(location, 0, 'abc')
  expect(readdirSync(shore.directory)).toHaveLength(1)
  expect((await shore.api(location, { method: 'DELETE' })).status).toBe(204)
  expect(readdirSync(shore.directory)).toEqual([])
  expect((await shore.api(location, { method: 'HEAD' })).status).toBe(404)
  expect((await shore.api(location, { method: 'DELETE' })).status).toBe(404)
})

test('an upload without a byte for its time is dropped, and so are all when the server stops', async () => {
  const shore = await openShore({ uploadLimits: { idleMs: 300 } })
  await shore.begin({ path: 'a', sizeBytes: 10 })
  await until(() => readdirSync(shore.directory).length === 0)
  const other = await openShore()
  await other.begin({ path: 'a', sizeBytes: 10 })
  expect(readdirSync(other.directory)).toHaveLength(1)
  await other.close()
  expect(readdirSync(other.directory)).toEqual([])
})

test('more uploads at once than allowed are refused', async () => {
  const shore = await openShore({ uploadLimits: { uploads: 2 } })
  const begun = await Promise.all(['a', 'b', 'c', 'd'].map(path => shore.begin({ path, sizeBytes: 1 })))
  expect(begun.map(({ status }) => status).sort()).toEqual([201, 201, 503, 503])
  const location = begun.find(({ status }) => status === 201)!.headers.get('Location')!
  await shore.append(location, 0, 'a')
  expect((await shore.begin({ path: 'e', sizeBytes: 1 })).status).toBe(201)
})

test('a terminal that ended, and one that is not there, take nothing; nor does one whose directory was removed', async () => {
  const shore = await openShore({}, { command: ['true'] })
  await until(async () => !((await (await shore.api(shore.root)).json()) as { running: boolean }).running)
  expect(await problemOf(await shore.begin({ path: 'a' }))).toMatchObject({ code: 'unavailable' })
  expect(await problemOf(await shore.api('/api/v1/terminals/none/uploads', { body: { path: 'a' } }))).toMatchObject({
    code: 'not_found',
  })
  const other = await openShore({}, { command: ['sh', '-c', 'd=$(mktemp -d); cd $d; rmdir $d; echo gone; exec cat'] })
  const client = await other.stream(`${other.root}/stream`).opened()
  await client.shows('gone')
  expect(await problemOf(await other.begin({ path: 'a' }))).toMatchObject({
    code: 'not_found',
    detail: expect.stringContaining('was removed'),
  })
})

test('what does not fit is refused before it is sent, and a disk that fills up is named', async () => {
  const shore = await openShore()
  const small = join(shore.directory, 'small')
  mkdirSync(small)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small])
  onTestFinished(() => void execFileSync('umount', [small]))
  const refused = await problemOf(await shore.begin({ path: 'small/a', sizeBytes: 2 * MiB }))
  expect(refused).toMatchObject({ code: 'unavailable', detail: expect.stringContaining("don't fit") })
  const location = (await shore.begin({ path: 'small/a', sizeBytes: 800_000 })).headers.get('Location')!
  writeFileSync(join(small, 'other'), noise(600_000))
  const full = await problemOf(await shore.append(location, 0, noise(800_000)))
  expect(full).toMatchObject({ code: 'unavailable', detail: `${join(small, 'a')}: no space left on the device` })
  await shore.api(location, { method: 'DELETE' })
  expect(readdirSync(small)).toEqual(['other'])
})

test('a read-only place is named', async () => {
  const shore = await openShore()
  const fixed = join(shore.directory, 'fixed')
  mkdirSync(fixed)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', fixed])
  onTestFinished(() => void execFileSync('umount', [fixed]))
  const problem = await problemOf(await shore.begin({ path: 'fixed/a', sizeBytes: 1 }))
  expect(problem).toMatchObject({ code: 'not_permitted', detail: `${join(fixed, 'a')}: the file system is read-only` })
})

test('where the user may not write, UID and path are named', async () => {
  const directory = await makeDirectory()
  chmodSync(directory, 0o755)
  const { json, terminal } = await serveApart({ uid: 65532, gid: 65532 })
  const problem = await problemOf(await json(`${await terminal(directory)}/uploads`, { path: 'a', sizeBytes: 1 }))
  expect(problem).toMatchObject({
    code: 'not_permitted',
    detail: `${directory}/a: UID 65532 may not write it`,
    remedy: expect.stringContaining('choose a directory that can be written'),
  })
})
