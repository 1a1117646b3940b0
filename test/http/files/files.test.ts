import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { linesOf, problemOf, token } from '../serve.ts'
import { noise } from '../transfers/shore.ts'
import { openFiles } from './ashore.ts'

type Info = Record<string, unknown> & { entries: Record<string, unknown>[] }
const infoOf = async (response: Response) => (await response.json()) as Info

test('a folder lists as JSON: types, owners by the names of the target, links and what they lead to, names of any bytes', async () => {
  const { jail, get } = await openFiles()
  const at = (name: string) => join(jail.inside, 'd', name)
  for (const name of ['etc', 'd/sub']) mkdirSync(join(jail.inside, name), { recursive: true })
  writeFileSync(join(jail.inside, 'etc/passwd'), 'zoe:x:4242:77::/:\n')
  writeFileSync(join(jail.inside, 'etc/group'), 'crew:x:77:\n')
  writeFileSync(at('file'), 'twelve bytes')
  chownSync(at('file'), 4242, 77)
  chmodSync(at('file'), 0o4640)
  symlinkSync('/etc/passwd', at('link'))
  symlinkSync('/nowhere', at('broken'))
  symlinkSync(jail.outside, at('out'))
  spawnSync('mkfifo', [at('fifo')])
  spawnSync('mknod', [at('null'), 'c', '1', '3'])
  writeFileSync(at('sparse'), 'x')
  truncateSync(at('sparse'), 2 ** 40)
  writeFileSync(Buffer.concat([Buffer.from(`${at('.')}/`), Buffer.from([0xff, 0x25])]), '')
  const answer = await get('/d')
  const list = await infoOf(answer)
  expect(list).toMatchObject({ path: '/d', type: 'directory', truncated: false, target: { pid: jail.pid } })
  const entries = new Map(list.entries.map(entry => [entry.name, entry]))
  expect([...entries.keys()]).toEqual(['%FF%25', 'broken', 'fifo', 'file', 'link', 'null', 'out', 'sparse', 'sub'])
  expect(entries.get('file')).toMatchObject({
    type: 'file',
    mode: '4640',
    uid: 4242,
    user: 'zoe',
    gid: 77,
    group: 'crew',
    sizeBytes: 12,
    links: 1,
    sparse: false,
  })
  expect(entries.get('link')).toMatchObject({ type: 'link', linkTarget: '/etc/passwd', linkType: 'file' })
  expect(entries.get('broken')).toMatchObject({ linkType: null })
  expect(entries.get('out')).toMatchObject({ linkType: null })
  expect(entries.get('null')).toMatchObject({ type: 'character', device: '1:3' })
  expect(entries.get('sparse')).toMatchObject({ sizeBytes: 2 ** 40, sparse: true })
  expect(entries.get('%FF%25')).toMatchObject({ nameBase64: Buffer.from([0xff, 0x25]).toString('base64') })
  expect(await infoOf(await get('/d/%ff%25', '&stat'))).toMatchObject({ type: 'file', path: '/d/%FF%25' })
  expect(await infoOf(await get('/d/link', '&stat'))).toMatchObject({ type: 'link', linkType: 'file' })
  expect(await problemOf(await get('/d/fifo'))).toMatchObject({
    status: 400,
    detail: '/d/fifo: neither a file nor a folder but a pipe',
  })
  expect(await problemOf(await get('/d/out/f'))).toMatchObject({ status: 404, code: 'not_found' })
  expect(await problemOf(await get('/d/file/x'))).toMatchObject({ status: 400 })
  expect(await infoOf(await get(''))).toMatchObject({ path: '/', name: '/' })
})

test('a folder of many lists up to a limit, and streams whole', async () => {
  const { jail, get } = await openFiles()
  execFileSync('sh', ['-c', 'seq 1 12000 | xargs touch'], { cwd: jail.inside })
  const list = await infoOf(await get('/'))
  expect([list.entries.length, list.truncated]).toEqual([10_000, true])
  const few = await infoOf(await get('/', '&limit=5'))
  expect([few.entries.length, few.truncated]).toEqual([5, true])
  for (const limit of ['0', 'x', '10001', '-1'])
    expect(await problemOf(await get('/', `&limit=${limit}`))).toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'limit' }],
    })
  const lines = await linesOf(await get('/', '', { Accept: 'application/x-ndjson' }))
  expect(lines[0]).toMatchObject({ record: 'folder', path: '/' })
  expect(lines.at(-1)).toEqual({ record: 'summary', entries: 12_000 })
  expect(new Set(lines.map(({ name }) => name)).size).toBe(12_002)
})

test('a file comes whole, in ranges, and not at all when it is known; text is shown as text and nothing in it runs', async () => {
  const { jail, get } = await openFiles()
  const bytes = noise(300_000)
  writeFileSync(join(jail.inside, 'bytes'), bytes)
  writeFileSync(join(jail.inside, 'page.html'), '<script>alert(1)</script> 你')
  writeFileSync(join(jail.inside, 'cut.txt'), `${'x'.repeat(4095)}你`)
  const whole = await get('/bytes')
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  expect(whole.headers.get('Content-Type')).toBe('application/octet-stream')
  expect(whole.headers.get('Content-Disposition')).toContain('attachment')
  const etag = whole.headers.get('ETag')!
  const part = await get('/bytes', '', { Range: 'bytes=1000-1999', 'If-Range': etag })
  expect([part.status, part.headers.get('Content-Range')]).toEqual([206, 'bytes 1000-1999/300000'])
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true)
  expect((await get('/bytes', '', { 'If-None-Match': etag })).status).toBe(304)
  expect((await get('/bytes', '', { Range: 'bytes=300000-' })).status).toBe(416)
  expect((await infoOf(await get('/bytes', '&stat'))).etag).toBe(etag)
  const page = await get('/page.html')
  expect(page.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
  expect(page.headers.get('Content-Disposition')).toMatch(/^inline/)
  expect(page.headers.get('Content-Security-Policy')).toMatch(/^sandbox/)
  expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect((await get('/page.html', '&download')).headers.get('Content-Disposition')).toMatch(/^attachment/)
  expect((await get('/cut.txt')).headers.get('Content-Type')).toContain('text/plain')
})

test('HEAD tells without a body', async () => {
  const { jail, api, address } = await openFiles()
  writeFileSync(join(jail.inside, 'f'), 'x'.repeat(100_000))
  const answer = await api(address('/f'), { method: 'HEAD' })
  expect([answer.status, answer.headers.get('Content-Length'), await answer.text()]).toEqual([200, '100000', ''])
  expect((await api(address('/'), { method: 'HEAD' })).status).toBe(200)
  expect((await api(address('/none'), { method: 'HEAD' })).status).toBe(404)
})

test('a file that shrinks while it is read ends in a cut connection', async () => {
  const { jail, url, address } = await openFiles()
  const path = join(jail.inside, 'shrinks')
  writeFileSync(path, '')
  truncateSync(path, 1 << 30)
  const outcome = await new Promise(resolve => {
    const asked = request(url + address('/shrinks'), { headers: { Authorization: `Bearer ${token}` } }, response => {
      response.once('data', () => truncateSync(path, 0))
      response.on('data', () => undefined)
      response.on('end', () => resolve('whole'))
      response.on('error', () => resolve('cut'))
    })
    asked.on('error', () => resolve('cut')).end()
  })
  expect(outcome).toBe('cut')
})

test.each(['tar', 'zip'])(
  'a folder comes as a %s that others unpack; what could not be read is named in it',
  async format => {
    const { jail, get } = await openFiles()
    const at = (name: string) => join(jail.inside, 'tree', name)
    mkdirSync(at('deep/empty'), { recursive: true })
    writeFileSync(at('file'), 'content')
    chmodSync(at('file'), 0o751)
    const long = 'long'.repeat(40)
    mkdirSync(at(`deep/${long}`))
    writeFileSync(at(`deep/${long}/${long}你`), noise(100_000))
    symlinkSync('../file', at('deep/link'))
    spawnSync('mkfifo', [at('pipe')])
    writeFileSync(at('holes'), '')
    truncateSync(at('holes'), 2 ** 40)
    if (format === 'tar') {
      writeFileSync(Buffer.concat([Buffer.from(`${at('.')}/`), Buffer.from([0xff, 0x0a])]), 'any')
      writeFileSync(
        Buffer.concat([Buffer.from(`${at('.')}/`), Buffer.from([0xfe]), Buffer.from('x'.repeat(200))]),
        'any',
      )
      chownSync(at('file'), 3_000_000, 12)
    }
    const answer = await get('/tree', `&archive=${format}`)
    expect(answer.headers.get('Content-Disposition')).toContain(`tree.${format}`)
    const into = join(jail.outside, 'into')
    mkdirSync(into)
    writeFileSync(join(into, 'a'), Buffer.from(await answer.arrayBuffer()))
    execFileSync(
      ...((format === 'tar' ? ['tar', ['-xpf', 'a']] : ['python3', ['-m', 'zipfile', '-e', 'a', '.']]) as [
        string,
        string[],
      ]),
      { cwd: into },
    )
    expect(readFileSync(join(into, 'tree/file'), 'utf8')).toBe('content')
    expect(readFileSync(join(into, 'tree/deep', long, `${long}你`))).toEqual(noise(100_000))
    expect(existsSync(join(into, 'tree/deep/empty'))).toBe(true)
    const note = readFileSync(join(into, 'tree/_not-included.txt'), 'utf8')
    expect(note).toContain('pipe: a pipe\n')
    expect(note).toMatch(/holes: sparse: 1099511627776 bytes, of which \d+ are there\n/)
    if (format !== 'tar') return
    const { mode, uid, gid } = statSync(join(into, 'tree/file'))
    expect([mode & 0o7777, uid, gid]).toEqual([0o751, 3_000_000, 12])
    expect(lstatSync(join(into, 'tree/deep/link')).isSymbolicLink()).toBe(true)
    expect(execFileSync('stat', ['-c', '%.9Y', join(into, 'tree/file')]).toString()).toBe(
      execFileSync('stat', ['-c', '%.9Y', at('file')]).toString(),
    )
    const names = readdirSync(join(into, 'tree'), { encoding: 'latin1' })
    expect(names).toContain('\xff\n')
    expect(names).toContain(`\xfe${'x'.repeat(200)}`)
    const list = execFileSync('python3', [
      '-c',
      'import tarfile,sys;print(len(tarfile.open(sys.argv[1]).getnames()))',
      join(into, 'a'),
    ])
    expect(Number(list)).toBe(10)
  },
)

test('PUT makes a file and replaces one, whose owner and mode it keeps; a link leads on', async () => {
  const { jail, send } = await openFiles()
  const at = (name: string) => join(jail.inside, name)
  const made = await send('PUT', '/new', { body: 'first' })
  expect([made.status, readFileSync(at('new'), 'utf8')]).toEqual([201, 'first'])
  chownSync(at('new'), 4242, 77)
  chmodSync(at('new'), 0o640)
  symlinkSync('/new', at('link'))
  const replaced = await send('PUT', '/link', { body: 'second' })
  expect([replaced.status, readFileSync(at('new'), 'utf8')]).toEqual([200, 'second'])
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  const { uid, gid, mode } = statSync(at('new'))
  expect([uid, gid, mode & 0o7777]).toEqual([4242, 77, 0o640])
  expect((await send('PUT', '/folder', {}, '&directory')).status).toBe(201)
  expect((await send('PUT', '/folder', {}, '&directory')).status).toBe(409)
  expect((await send('PUT', '/folder', { body: 'x' })).status).toBe(400)
  expect((await send('PUT', '/none/x', { body: 'x' })).status).toBe(404)
  expect((await send('PUT', '/', { body: 'x' })).status).toBe(400)
  const chunked = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('in '))
      controller.enqueue(Buffer.from('pieces'))
      controller.close()
    },
  })
  expect((await send('PUT', '/pieces', { body: chunked })).status).toBe(201)
  expect(readFileSync(at('pieces'), 'utf8')).toBe('in pieces')
  expect(readdirSync(jail.inside).filter(name => name.includes('ditty'))).toEqual([])
})

test("nobody's change is lost unseen: If-Match and If-None-Match", async () => {
  const { jail, send, get } = await openFiles()
  const path = join(jail.inside, 'conf')
  const put = (body: string, headers: Record<string, string>) => send('PUT', '/conf', { body, headers })
  expect((await put('x', { 'If-Match': '*' })).status).toBe(412)
  expect((await put('one', { 'If-None-Match': '*' })).status).toBe(201)
  const again = await put('two', { 'If-None-Match': '*' })
  expect(await problemOf(again)).toMatchObject({ status: 412, code: 'precondition_failed' })
  const etag = (await get('/conf')).headers.get('ETag')!
  const changed = await put('three', { 'If-Match': etag })
  expect(changed.status).toBe(200)
  expect(changed.headers.get('ETag')).toBe((await get('/conf')).headers.get('ETag'))
  expect((await put('four', { 'If-Match': etag })).status).toBe(412)
  expect((await send('DELETE', '/conf', { headers: { 'If-Match': etag } })).status).toBe(412)
  expect(readFileSync(path, 'utf8')).toBe('three')
})

test('an upload in parts goes on after a cut, and one whose file changed meanwhile is refused', async () => {
  const { jail, send, url, address, get } = await openFiles()
  const bytes = noise(3_000_000)
  const part = (from: number, to: number, headers: Record<string, string> = {}) =>
    send('PUT', '/big', {
      body: bytes.subarray(from, to),
      headers: { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}`, ...headers },
    })
  const asked = () => send('PUT', '/big', { headers: { 'Content-Range': `bytes */${bytes.length}` } })
  expect((await asked()).headers.get('Upload-Offset')).toBe('0')
  const first = await part(0, 1_000_000)
  expect([first.status, first.headers.get('Upload-Offset'), first.headers.get('Upload-Complete')]).toEqual([
    202,
    '1000000',
    '?0',
  ])
  expect((await part(500, 600)).status).toBe(409)
  // A connection that is cut in the middle of its part.
  await new Promise<void>(resolve => {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Range': `bytes 1000000-2999999/${bytes.length}`,
      'Content-Length': '2000000',
    }
    const cut = request(url + address('/big'), { method: 'PUT', headers })
    cut.on('error', () => resolve())
    cut.write(bytes.subarray(1_000_000, 1_500_000), () => setTimeout(() => cut.destroy(new Error('cut')), 100))
  })
  const offset = Number((await asked()).headers.get('Upload-Offset'))
  expect(offset).toBeGreaterThanOrEqual(1_000_000)
  expect(existsSync(join(jail.inside, 'big'))).toBe(false)
  expect((await part(offset, bytes.length)).status).toBe(201)
  expect(readFileSync(join(jail.inside, 'big')).equals(bytes)).toBe(true)
  expect((await asked()).headers.get('Upload-Complete')).toBe('?1')
  const etag = (await get('/big')).headers.get('ETag')!
  expect((await part(0, 1000, { 'If-Match': etag })).status).toBe(202)
  writeFileSync(join(jail.inside, 'big'), 'somebody else was here')
  expect((await part(1000, bytes.length, { 'If-Match': etag })).status).toBe(412)
  expect(readFileSync(join(jail.inside, 'big'), 'utf8')).toBe('somebody else was here')
  expect(readdirSync(jail.inside)).toEqual(['big'])
  for (const range of ['bytes 5-1/10', 'bytes 0-10/10', 'x', 'bytes */x'])
    expect((await send('PUT', '/big', { body: '', headers: { 'Content-Range': range } })).status).toBe(400)
})

test('an upload in parts that is no longer wanted leaves nothing behind, and one beside it goes on', async () => {
  const { jail, send } = await openFiles()
  const part = (name: string) =>
    send('PUT', `/${name}`, { body: noise(1000), headers: { 'Content-Range': 'bytes 0-999/5000' } })
  expect([(await part('wanted')).status, (await part('unwanted')).status]).toEqual([202, 202])
  expect(readdirSync(jail.inside)).toHaveLength(2)
  const asked = { headers: { 'Content-Range': 'bytes */5000' } }
  expect((await send('DELETE', '/unwanted', asked)).status).toBe(204)
  expect(readdirSync(jail.inside)).toHaveLength(1)
  expect((await send('PUT', '/unwanted', asked)).headers.get('Upload-Offset')).toBe('0')
  expect((await send('PUT', '/wanted', asked)).headers.get('Upload-Offset')).toBe('1000')
  expect((await send('DELETE', '/wanted', asked)).status).toBe(204)
  expect(readdirSync(jail.inside)).toEqual([])
})

test('a file that is mounted by itself is written where it is', async () => {
  const { jail, send } = await openFiles()
  const [hosts, source] = [join(jail.inside, 'hosts'), join(jail.outside, 'hosts')]
  writeFileSync(hosts, '')
  writeFileSync(source, 'a longer text than what comes')
  execFileSync('mount', ['--bind', source, hosts])
  try {
    expect((await send('PUT', '/hosts', { body: '1.2.3.4 here' })).status).toBe(200)
    expect(readFileSync(source, 'utf8')).toBe('1.2.3.4 here')
    expect(readdirSync(jail.inside)).toEqual(['hosts'])
  } finally {
    execFileSync('umount', [hosts])
  }
})

test('DELETE removes a file, a link itself, an empty folder; more when it is said', async () => {
  const { jail, send } = await openFiles()
  const at = (name: string) => join(jail.inside, name)
  mkdirSync(at('tree/a/b/c'), { recursive: true })
  for (let i = 0; i < 3000; i++) writeFileSync(at(`tree/a/${i}`), '')
  symlinkSync(jail.outside, at('tree/a/out'))
  symlinkSync('../../../outside', at('tree/a/up'))
  symlinkSync('tree', at('link'))
  writeFileSync(join(jail.outside, 'kept'), '')
  expect((await send('DELETE', '/link')).status).toBe(204)
  expect(existsSync(at('tree/a'))).toBe(true)
  expect(await problemOf(await send('DELETE', '/tree'))).toMatchObject({
    status: 409,
    code: 'conflict',
    remedy: expect.stringContaining('recursive=true'),
  })
  expect((await send('DELETE', '/none')).status).toBe(404)
  expect((await send('DELETE', '/', {}, '&recursive=true')).status).toBe(400)
  const mounted = at('tree/a/b')
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mounted])
  try {
    writeFileSync(join(mounted, 'in the mount'), '')
    expect(await problemOf(await send('DELETE', '/tree', {}, '&recursive=true'))).toMatchObject({
      detail: expect.stringMatching(/^\/tree\/a\/b: A file system is mounted there \(3002 removed/),
    })
    expect(readdirSync(mounted)).toEqual(['in the mount'])
  } finally {
    execFileSync('umount', [mounted])
  }
  expect((await send('DELETE', '/tree', {}, '&recursive=true')).status).toBe(204)
  expect(readdirSync(jail.inside)).toEqual([])
  expect(readdirSync(jail.outside)).toEqual(['kept'])
})

test('whose files: a pid, self, and clear words where there is none', async () => {
  const { api } = await openFiles()
  expect(await problemOf(await api('/api/v1/files/etc?target=none-such'))).toMatchObject({
    code: 'not_found',
    remedy: expect.stringContaining('there are'),
  })
  expect(await infoOf(await api('/api/v1/files/etc?target=self'))).toMatchObject({
    path: '/etc',
    target: { pid: null, name: 'self' },
  })
  expect(await problemOf(await api('/api/v1/files/etc?target=self&archive=rar'))).toMatchObject({
    fields: [{ path: 'archive' }],
  })
  expect((await api('/api/v1/files/etc?target=self', { method: 'POST' })).status).toBe(405)
  expect((await api('/api/v1/files/a%00b?target=self')).status).toBe(400)
  expect((await api('/api/v1/files/etc?target=self', { headers: { Authorization: '' } })).status).toBe(401)
})

test('openapi.json tells of it', async () => {
  const { api } = await openFiles()
  const document = (await (await api('/openapi.json')).json()) as { paths: Record<string, object> }
  expect(await new Validator().validate(document)).toEqual({ valid: true })
  expect(Object.keys(document.paths['/api/v1/files/{path}']!)).toEqual(['parameters', 'get', 'put', 'delete'])
})
