import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { problemOf } from '../serve.ts'
import { serveApart } from './apart.ts'
import { digest, makeDirectory, noise, openShore, percentEncoded, type Shore } from './shore.ts'

const MiB = 1 << 20

async function shoreWith(name: string | Buffer, bytes: Uint8Array) {
  const shore = await openShore()
  writeFileSync(Buffer.concat([Buffer.from(`${shore.directory}/`), Buffer.from(name as string)]), bytes)
  return shore
}

/** What an independent reader finds in a zip: name, mode, size and digest, or for a link where it leads. */
function unzipped(bytes: Uint8Array): Record<string, { mode: string; size: number; digest?: string; link?: string }> {
  const script = `
import zipfile, sys, json, io, hashlib, stat
z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert z.testzip() is None
out = {}
for i in z.infolist():
    mode = i.external_attr >> 16
    data = z.read(i)
    out[i.filename] = {'mode': oct(mode & 0o7777), 'size': i.file_size}
    if stat.S_ISLNK(mode): out[i.filename]['link'] = data.decode()
    elif not i.is_dir(): out[i.filename]['digest'] = hashlib.sha256(data).hexdigest()
print(json.dumps(out))`
  return JSON.parse(execFileSync('python3', ['-c', script], { input: bytes, maxBuffer: 64 * MiB }).toString())
}

test('a file comes whole, to be saved under its name, with what a later request can go on from', async () => {
  const bytes = noise(3 * MiB + 1)
  const shore = await shoreWith('chart.bin', bytes)
  const answer = await shore.download('chart.bin')
  expect(answer.status).toBe(200)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-length': String(bytes.length),
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="chart.bin"; filename*=UTF-8''chart.bin`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    etag: expect.stringMatching(/^"[\da-z-]+"$/),
    'last-modified': expect.stringMatching(/GMT$/),
  })
  expect(digest(await answer.bytes())).toBe(digest(bytes))
  const head = await shore.api(`${shore.root}/files?path=chart.bin`, { method: 'HEAD' })
  expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(bytes.length)])
})

test.each([
  ['bytes=0-0', 0, 1],
  ['bytes=100-199', 100, 200],
  ['bytes=299990-', 299_990, 300_000],
  ['bytes=-5', 299_995, 300_000],
  ['bytes=-999999', 0, 300_000],
  ['bytes=1-999999', 1, 300_000],
])('of a range %s just those bytes come', async (range, from, to) => {
  const bytes = noise(300_000)
  const shore = await shoreWith('a', bytes)
  const answer = await shore.download('a', { Range: range })
  expect(answer.status).toBe(206)
  expect(answer.headers.get('Content-Range')).toBe(`bytes ${from}-${to - 1}/300000`)
  expect(Buffer.from(await answer.bytes()).equals(bytes.subarray(from, to))).toBe(true)
})

test('ranges go past what 32 bits count', async () => {
  const shore = await shoreWith('image', Buffer.of())
  const path = join(shore.directory, 'image')
  const size = 5 * 1024 * MiB
  truncateSync(path, size - 4)
  appendFileSync(path, 'last')
  for (const range of ['bytes=-4', `bytes=${size - 4}-`, `bytes=${size - 4}-${size - 1}`]) {
    const answer = await shore.download('image', { Range: range })
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${size - 4}-${size - 1}/${size}`)
    expect([answer.status, await answer.text()]).toEqual([206, 'last'])
  }
})

test.each(['bytes=300000-', 'bytes=5-2', 'bytes=-0'])('a range %s that holds nothing is 416', async range => {
  const shore = await shoreWith('a', noise(300_000))
  const answer = await shore.download('a', { Range: range })
  expect([answer.status, answer.headers.get('Content-Range')]).toEqual([416, 'bytes */300000'])
  expect(await problemOf(answer)).toMatchObject({ code: 'range_not_satisfiable' })
})

test.each(['bytes=0-1,3-4', 'lines=0-1', 'bytes=x'])(
  'a range %s that is not understood gets the whole',
  async range => {
    const shore = await shoreWith('a', Buffer.from('0123456789'))
    const answer = await shore.download('a', { Range: range })
    expect([answer.status, await answer.text()]).toEqual([200, '0123456789'])
  },
)

test('If-Range goes on with the same file, and begins anew with one that was changed', async () => {
  const shore = await shoreWith('a', noise(100_000))
  const { headers } = await shore.download('a')
  const [etag, modified] = [headers.get('ETag')!, headers.get('Last-Modified')!]
  for (const version of [etag, modified])
    expect((await shore.download('a', { Range: 'bytes=5-', 'If-Range': version })).status).toBe(206)
  appendFileSync(join(shore.directory, 'a'), 'more')
  utimesSync(join(shore.directory, 'a'), 1, 1)
  for (const version of [etag, modified])
    expect((await shore.download('a', { Range: 'bytes=5-', 'If-Range': version })).status).toBe(200)
})

test.each([
  ['海图 🧭.txt', `attachment; filename="__ __.txt"; filename*=UTF-8''%E6%B5%B7%E5%9B%BE%20%F0%9F%A7%AD.txt`],
  ['two\nlines"', `attachment; filename="two_lines_"; filename*=UTF-8''two%0Alines%22`],
  ["it's (1)*", `attachment; filename="it's (1)*"; filename*=UTF-8''it%27s%20%281%29%2A`],
  [Buffer.from('a\xff%b', 'latin1'), `attachment; filename="a_FF_25b"; filename*=UTF-8''a%25FF%2525b`],
])('the name %j is told so that any client can keep it', async (name, disposition) => {
  const shore = await shoreWith(name, Buffer.from('x'))
  const answer = await shore.download(name)
  expect(await answer.text()).toBe('x')
  expect(answer.headers.get('Content-Disposition')).toBe(disposition)
})

test('paths are seen from where the shell stands, through links and upwards, also outside', async () => {
  const shore = await shoreWith('a', Buffer.from('x'))
  mkdirSync(join(shore.directory, 'inner'))
  symlinkSync(join(shore.directory, 'a'), join(shore.directory, 'inner/link'))
  for (const path of [
    'inner/../a',
    './inner/link',
    join(shore.directory, 'a'),
    `inner/../../${shore.directory.split('/').at(-1)}/a`,
  ])
    expect(await (await shore.download(path)).text()).toBe('x')
  expect(await (await shore.download('/etc/../../../etc/hostname')).text()).toBe(
    execFileSync('cat', ['/etc/hostname']).toString(),
  )
})

test('an empty file, and files of the kernel that tell a wrong length, come as they are', async () => {
  const shore = await shoreWith('empty', Buffer.alloc(0))
  const empty = await shore.download('empty')
  expect([empty.status, empty.headers.get('Content-Length'), await empty.text()]).toEqual([200, '0', ''])
  expect(await (await shore.download('/proc/version')).text()).toMatch(/^Linux version/)
  expect(await (await shore.download('/sys/kernel/mm/transparent_hugepage/enabled')).text()).toContain('madvise')
})

test('what is neither file nor folder, not there or not given is refused in words, and nothing waits for it', async () => {
  const shore = await openShore()
  execFileSync('mkfifo', [join(shore.directory, 'pipe')])
  expect(await problemOf(await shore.download('pipe'))).toMatchObject({
    status: 400,
    detail: expect.stringContaining('a pipe'),
  })
  expect(await problemOf(await shore.download('/dev/zero'))).toMatchObject({
    status: 400,
    detail: expect.stringContaining('a device'),
  })
  expect(await problemOf(await shore.download('none'))).toMatchObject({
    status: 404,
    detail: 'none: no such file or directory',
  })
  expect(await problemOf(await shore.api(`${shore.root}/files`))).toMatchObject({ fields: [{ path: 'path' }] })
  expect(await problemOf(await shore.download('a\0'))).toMatchObject({ fields: [{ path: 'path' }] })
  const folder = await problemOf(await shore.download('.'))
  expect(folder).toMatchObject({ status: 400, remedy: expect.stringContaining('archive=zip') })
})

test('a file of another user is refused, with UID and path', async () => {
  const directory = await makeDirectory()
  writeFileSync(join(directory, 'closed'), 'x', { mode: 0o600 })
  chmodSync(directory, 0o755)
  const { url, headers, terminal } = await serveApart({ uid: 65532, gid: 65532 })
  const answer = await fetch(`${url}${await terminal(directory)}/files?path=closed`, { headers })
  expect(await problemOf(answer)).toMatchObject({ code: 'not_permitted', detail: 'closed: UID 65532 may not read it' })
})

/** Asks and waits for the head alone, reading none of the body. */
async function held(shore: Shore, path: string) {
  const response = await new Promise<import('node:http').IncomingMessage>(resolve =>
    get(
      `${shore.url}${shore.root}/files?path=${percentEncoded(path)}`,
      { headers: { Authorization: `Bearer ${shore.token}` } },
      resolve,
    ),
  )
  response.pause()
  onTestFinished(() => void response.destroy())
  return response
}

test('a file that shrinks meanwhile cuts the answer, which nobody then takes for whole', async () => {
  const shore = await shoreWith('a', Buffer.alloc(0))
  truncateSync(join(shore.directory, 'a'), 64 * MiB)
  const response = await held(shore, 'a')
  truncateSync(join(shore.directory, 'a'), 100)
  let length = 0
  const ended = new Promise(resolve => response.on('error', resolve).on('end', resolve))
  response.on('data', bytes => (length += bytes.length)).resume()
  expect(await ended).toMatchObject({ code: 'ECONNRESET' })
  expect(length).toBeLessThan(64 * MiB)
})

test('of a file that grows meanwhile comes what was promised', async () => {
  const bytes = noise(16 * MiB)
  const shore = await shoreWith('a', bytes)
  const response = await held(shore, 'a')
  appendFileSync(join(shore.directory, 'a'), 'more')
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  expect(digest(Buffer.concat(pieces))).toBe(digest(bytes))
})

test('a folder comes as a zip: names of any script, modes, empty folders, links as links', async () => {
  const shore = await openShore()
  const tree = join(shore.directory, '船上文件')
  mkdirSync(join(tree, 'empty'), { recursive: true })
  mkdirSync(join(tree, 'deep/er'), { recursive: true })
  const bytes = noise(MiB)
  writeFileSync(join(tree, 'deep/er/海图.bin'), bytes)
  writeFileSync(join(tree, 'run.sh'), 'x', { mode: 0o755 })
  writeFileSync(join(tree, '🧭 back\\slash'), '')
  writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from('a\xff', 'latin1')]), 'y')
  symlinkSync('deep/er', join(tree, 'link'))
  symlinkSync('/nowhere', join(tree, 'dangling'))
  const answer = await shore.download('船上文件', {}, '&archive=zip')
  expect(answer.headers.get('Content-Disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('船上文件.zip')}`)
  const found = unzipped(await answer.bytes())
  expect(
    Object.keys(found)
      .map(name => name.replace(/^船上文件\//, ''))
      .sort(),
  ).toEqual(
    [
      '',
      'a%FF',
      'dangling',
      'deep/',
      'deep/er/',
      'deep/er/海图.bin',
      'empty/',
      'link',
      'run.sh',
      '🧭 back%5Cslash',
    ].sort(),
  )
  expect(found['船上文件/deep/er/海图.bin']).toMatchObject({ size: MiB, digest: digest(bytes) })
  expect(found['船上文件/run.sh']).toMatchObject({ mode: '0o755' })
  expect(found['船上文件/link']).toMatchObject({ link: 'deep/er' })
  expect(found['船上文件/dangling']).toMatchObject({ link: '/nowhere' })
})

test('what a folder holds and no zip can is named in it: pipes, sockets, what may not be read', async () => {
  const directory = await makeDirectory()
  chmodSync(directory, 0o755)
  execFileSync('mkfifo', [join(directory, 'pipe')])
  writeFileSync(join(directory, 'closed'), 'x', { mode: 0o600 })
  writeFileSync(join(directory, 'open'), 'x')
  mkdirSync(join(directory, 'closed folder'), { mode: 0o700 })
  const { url, headers, terminal } = await serveApart({ uid: 65532, gid: 65532 })
  const answer = await fetch(`${url}${await terminal(directory)}/files?path=.&archive=zip`, { headers })
  const zip = await answer.bytes()
  const name = directory.split('/').at(-1)!
  expect(Object.keys(unzipped(zip)).sort()).toEqual([`${name}/`, `${name}/_not-included.txt`, `${name}/open`])
  const script = `import zipfile,sys,io;print(zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).read('${name}/_not-included.txt').decode())`
  const report = execFileSync('python3', ['-c', script], { input: zip }).toString()
  expect(report.trim().split('\n').sort()).toEqual([
    'closed folder: Permission denied',
    'closed: Permission denied',
    'pipe: a pipe',
  ])
})

test('a zip of a folder with the kernel’s own file systems in it comes to an end', async () => {
  const shore = await openShore()
  mkdirSync(join(shore.directory, 'proc'))
  execFileSync('mount', ['-t', 'proc', 'proc', join(shore.directory, 'proc')])
  onTestFinished(() => void execFileSync('umount', [join(shore.directory, 'proc')]))
  const found = unzipped(await (await shore.download('.', {}, '&archive=zip')).bytes())
  expect(Object.keys(found)).toHaveLength(2)
})

test('a client that hangs up in the middle of a zip or a file leaves no descriptor open', async () => {
  const shore = await openShore()
  const tree = join(shore.directory, 'tree')
  mkdirSync(tree)
  for (let count = 0; count < 5; count++) writeFileSync(join(tree, `${count}`), noise(8 * MiB))
  const mine = () =>
    execFileSync('ls', ['-l', `/proc/${process.pid}/fd`])
      .toString()
      .split(shore.directory).length - 1
  const before = mine()
  for (const path of ['tree&archive=zip', 'tree/0']) {
    const ended = new AbortController()
    const answer = await fetch(`${shore.url}${shore.root}/files?path=${path}`, {
      headers: { Authorization: `Bearer ${shore.token}` },
      signal: ended.signal,
    })
    await answer.body!.getReader().read()
    ended.abort()
  }
  await expect.poll(mine, { timeout: 5000 }).toBe(before)
})
