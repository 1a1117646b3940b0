import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority, closedPort, Servers } from '../tools/fetch/servers.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const servers = new Servers()
const directory = mkdtempSync(join(tmpdir(), 'ditty-curl-'))
let authority: Authority
let plain: number
let secure: number
let closed: number

interface Ended {
  status: number
  stdout: Buffer
  stderr: string
}

function ran(program: string, words: string[], cwd = directory): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', maxBuffer: 64 << 20, cwd } as const
    execFile(program, words, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ status: Number(error?.code ?? 0), stdout, stderr: stderr.toString() })
    })
  })
}

const ours = (word: string, words: string[], cwd?: string) => ran(process.execPath, [main, word, ...words], cwd)

const binary = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) & 0xff))

beforeAll(async () => {
  authority = new Authority()
  plain = await servers.http(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    response.sendDate = false
    if (request.url === '/binary') response.end(binary)
    else if (request.url === '/missing') response.writeHead(404, { 'X-A': ['1', '2'] }).end('not here')
    else if (request.url === '/moved') response.writeHead(302, { Location: '/binary' }).end('moved')
    else if (request.url === '/loop') response.writeHead(302, { Location: '/loop' }).end()
    else if (request.url === '/slow') setTimeout(() => response.end('late'), 5000).unref()
    else {
      const { 'user-agent': _agent, ...headers } = request.headers
      const sorted = Object.fromEntries(Object.entries(headers).sort())
      const { method, url } = request
      response.end(JSON.stringify({ method, url, headers: sorted, body: body.toString('latin1') }))
    }
  })
  secure = await servers.https(authority.issue('DNS:localhost'), (_request, response) => response.end('sealed'))
  closed = await closedPort()
  writeFileSync(join(directory, 'data'), Buffer.from('a=1\r\nb=\xff\0\n', 'latin1'))
})

afterAll(async () => {
  await servers.close()
  authority[Symbol.dispose]()
  rmSync(directory, { recursive: true, force: true })
})

describe('curl and ours agree on exit status and stdout', () => {
  const url = (path: string) => `http://127.0.0.1:${plain}${path}`
  const sealed = () => `https://localhost:${secure}/`
  const cases: [name: string, words: () => string[]][] = [
    ['a body', () => [url('/binary')]],
    ['without a scheme', () => [`127.0.0.1:${plain}/x`]],
    ['headers with the body', () => ['-i', url('/missing')]],
    ['headers alone', () => ['-I', url('/missing')]],
    ['a bad status', () => [url('/missing')]],
    ['a bad status with -f', () => ['-f', url('/missing')]],
    ['a redirect', () => ['-w', '%{redirect_url} %{num_redirects}', url('/moved')]],
    ['a redirect followed', () => ['-L', '-w', '%{url_effective} %{num_redirects}', url('/moved')]],
    ['a redirect loop', () => ['-L', '--max-redirs', '3', url('/loop')]],
    ['data', () => ['-d', 'a=1', '--data', 'b=@x', url('/echo')]],
    ['data from a file', () => ['-d', '@data', url('/echo')]],
    ['data from a file as it is', () => ['--data-binary', '@data', '-H', 'Content-Type: x/y', url('/echo')]],
    ['data with an @ of its own', () => ['--data-raw', '@data', url('/echo')]],
    ['data encoded in the query', () => ['-G', '--data-urlencode', 'q=a b&c', '-d', 'x=1', url('/echo')]],
    ['data encoded from a file', () => ['--data-urlencode', 'f@data', url('/echo')]],
    ['another method', () => ['-X', 'DELETE', url('/echo')]],
    ['own headers', () => ['-H', 'X-A: 1', '-H', 'X-E;', '-H', 'Accept:', '-H', 'Host: h.example', url('/echo')]],
    ['credentials', () => ['-u', 'me:pä:ss', url('/echo')]],
    ['credentials in the address', () => [`http://me:p%40ss@127.0.0.1:${plain}/echo`]],
    ['a cookie, a referer and a range', () => ['-b', 'a=1', '-e', 'http://r.example/', '-r', '0-9', url('/echo')]],
    ['facts', () => ['-o', '/dev/null', '-w', facts, url('/binary')]],
    ['facts of a failure', () => ['-w', '%{http_code} %{exitcode} %{size_download}', `http://127.0.0.1:${closed}/`]],
    [
      'a name sent elsewhere',
      () => ['--resolve', `far.example:${plain}:127.0.0.1`, `http://far.example:${plain}/echo`],
    ],
    ['TLS that is trusted', () => ['--cacert', authority.caPath, sealed()]],
    ['TLS that is not', () => [sealed()]],
    ['TLS that is not, insisted upon', () => ['-k', sealed()]],
    [
      'TLS for another name',
      () => [
        '--cacert',
        authority.caPath,
        '--resolve',
        `o.example:${secure}:127.0.0.1`,
        `https://o.example:${secure}/`,
      ],
    ],
    ['TLS spoken to plain HTTP', () => [`https://127.0.0.1:${plain}/`]],
    ['certificates that are not there', () => ['--cacert', '/nowhere', sealed()]],
    ['a refused port', () => [`http://127.0.0.1:${closed}/`]],
    ['an unknown name', () => ['http://ditty.invalid/']],
    ['a slow answer', () => ['-m', '0.5', url('/slow')]],
    ['a port over the limit', () => ['http://127.0.0.1:70000/']],
    ['an unknown scheme', () => ['gopherx://127.0.0.1/']],
    ['no address', () => []],
    ['an unknown flag', () => ['--bogus', url('/')]],
    ['-O without a name', () => ['-O', url('/')]],
    ['a file that can not be written', () => ['-o', '/nowhere/x', url('/binary')]],
  ]
  const facts =
    '%{http_code} %{size_download} %{num_redirects} %{remote_ip} %{remote_port} %{http_version} %{ssl_verify_result}\\n'

  test.each(cases)('%s', async (_name, words) => {
    const [peer, own] = await Promise.all([ran('curl', ['-sS', ...words()]), ours('curl', ['-sS', ...words()])])
    expect(own.status, own.stderr).toBe(peer.status)
    expect(own.stdout.toString('latin1')).toBe(peer.stdout.toString('latin1'))
    expect(own.stderr === '').toBe(peer.stderr === '')
  })
})

test('failures carry curl’s number and words', async () => {
  expect((await ours('curl', ['-s', 'http://ditty.invalid/'])).stderr).toBe('')
  expect((await ours('curl', ['http://ditty.invalid/'])).stderr).toMatch(
    /^curl: \(6\) Could not resolve host: ditty.invalid/,
  )
  const refused = (await ours('curl', [`http://127.0.0.1:${closed}/`])).stderr
  expect(refused).toMatch(
    new RegExp(`^curl: \\(7\\) Failed to connect to 127.0.0.1 port ${closed} after \\d+ ms: Connection refused`),
  )
})

test('the conversation of -v is on stderr in curl’s marks, without secrets', async () => {
  const { stderr } = await ours('curl', ['-v', '-u', 'me:secret', `http://127.0.0.1:${plain}/missing`])
  const lines = stderr.split('\n')
  expect(lines).toContain(`*   Trying 127.0.0.1:${plain}...`)
  expect(lines).toContain('> GET /missing HTTP/1.1')
  expect(lines).toContain('> Authorization: Basic [redacted]')
  expect(lines).toContain('< HTTP/1.1 404 Not Found')
  expect(lines).toContain('< X-A: 2')
})

test('the times of -w are in order and in seconds', async () => {
  const format = '%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}'
  const words = ['-s', '-o', '/dev/null', '-w', format, '--cacert', authority.caPath, `https://localhost:${secure}/`]
  for (const { stdout } of [await ran('curl', words), await ours('curl', words)]) {
    const times = stdout.toString().split(' ')
    expect(times.every(time => /^\d+\.\d{6}$/.test(time))).toBe(true)
    expect(times.map(Number)).toEqual(times.map(Number).toSorted((a, b) => a - b))
  }
})

test('-O writes the file that the address names, and stdin can be sent', async () => {
  const cwd = mkdtempSync(join(directory, 'o-'))
  expect((await ours('curl', ['-sO', `http://127.0.0.1:${plain}/binary`], cwd)).status).toBe(0)
  expect(readFileSync(join(cwd, 'binary'))).toEqual(binary)
  const piped = `printf 'from\\nstdin' | "$@" -s -d @- http://127.0.0.1:${plain}/echo`
  const sent = await ran('sh', ['-c', piped, 'sh', process.execPath, main, 'curl'], cwd)
  expect(JSON.parse(sent.stdout.toString())).toMatchObject({ method: 'POST', body: 'fromstdin' })
})

describe('wget and ours agree on exit status and on the files they leave', () => {
  const cases: [name: string, words: () => string[]][] = [
    ['a file', () => [`http://127.0.0.1:${plain}/binary`]],
    ['a redirect', () => [`http://127.0.0.1:${plain}/moved`]],
    ['a directory', () => [`http://127.0.0.1:${plain}/`]],
    ['a query', () => [`http://127.0.0.1:${plain}/x?y=1`]],
    ['a missing file', () => [`http://127.0.0.1:${plain}/missing`]],
    ['a file elsewhere', () => ['-O', 'other', `http://127.0.0.1:${plain}/binary`]],
    ['a spider', () => ['--spider', `http://127.0.0.1:${plain}/binary`]],
    ['a spider of nothing', () => ['--spider', `http://127.0.0.1:${plain}/missing`]],
    ['a refused port', () => [`http://127.0.0.1:${closed}/`]],
    ['an unknown name', () => ['http://ditty.invalid/']],
    ['a certificate that is not trusted', () => [`https://localhost:${secure}/`]],
    ['a certificate that need not be', () => ['--no-check-certificate', `https://localhost:${secure}/`]],
    ['data', () => ['--post-data', 'a=1', '--header', 'X-A: 1', `http://127.0.0.1:${plain}/posted`]],
    ['no address', () => []],
    ['an unknown flag', () => ['--bogus', 'http://127.0.0.1/']],
  ]
  const left = (folder: string) =>
    readdirSync(folder).map(name => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ])

  test.each(cases)('%s', async (name, words) => {
    const folders = [mkdtempSync(join(directory, 'w-')), mkdtempSync(join(directory, 'w-'))] as const
    const peer = await ran('wget', ['-t', '1', ...words()], folders[0])
    const own = await ours('wget', words(), folders[1])
    expect(own.status, own.stderr).toBe(peer.status)
    const names = (folder: string) => left(folder).map(([file]) => file)
    // The two send different headers, so a page that echoes them differs; files of bytes must not.
    if (/file|redirect|spider/.test(name)) expect(left(folders[1])).toEqual(left(folders[0]))
    else expect(names(folders[1])).toEqual(names(folders[0]))
  })

  test('a name that is taken is never overwritten', async () => {
    const cwd = mkdtempSync(join(directory, 'w-'))
    writeFileSync(join(cwd, 'binary'), 'mine')
    await ours('wget', ['-q', `http://127.0.0.1:${plain}/binary`], cwd)
    expect(readFileSync(join(cwd, 'binary'), 'utf8')).toBe('mine')
    expect(readFileSync(join(cwd, 'binary.1'))).toEqual(binary)
  })
})

test('a body of 1 GiB passes through with less than 150 MB resident', async () => {
  const piece = Buffer.alloc(1 << 20, 'a')
  const port = await servers.http(async (_request, response) => {
    for (let count = 0; count < 1024; count++)
      if (!response.write(piece)) await new Promise(resolve => response.once('drain', resolve))
    response.end()
  })
  const script = `"$@" -s -w '%{stderr}%{size_download}' http://127.0.0.1:${port}/ | wc -c`
  const timed = ['-f', '%M', process.execPath, main, 'curl']
  const { stdout, stderr } = await ran('sh', ['-c', script, 'sh', '/usr/bin/time', ...timed])
  const [bytes, peakKib] = stderr.trim().split(/\s+/)
  expect(stdout.toString().trim()).toBe(String(1 << 30))
  expect(bytes).toContain(String(1 << 30))
  expect(Number(peakKib ?? bytes?.slice(10))).toBeLessThan(150_000)
}, 120_000)

describe('in a network of its own', () => {
  const namespace = `ditty-fetch-${process.pid}`
  const ip = (words: string) => execFileSync('ip', words.split(' '))
  const etc = join('/etc/netns', namespace)
  const nameserver = '10.96.0.10'
  const asks = (server: string) =>
    writeFileSync(
      join(etc, 'resolv.conf'),
      `search svc.cluster.local default.svc.cluster.local\nnameserver ${server}\n`,
    )
  let zone: ChildProcess | undefined
  beforeAll(async () => {
    mkdirSync(etc, { recursive: true })
    asks(nameserver)
    writeFileSync(join(etc, 'hosts'), '10.0.0.66 listed.example\nfe80::1 listed.example\n')
    ip(`netns add ${namespace}`)
    ip(`-n ${namespace} link set lo up`)
    ip(`-n ${namespace} route add unreachable 10.0.0.66/32`)
    ip(`-n ${namespace} route add prohibit 10.0.0.67/32`)
    ip(`-n ${namespace} link add d0 type veth peer name d1`)
    ip(`-n ${namespace} link set d0 up`)
    ip(`-n ${namespace} link set d1 up`)
    ip(`-n ${namespace} addr add 10.0.1.1/24 dev d0`)
    ip(`-n ${namespace} neigh add 10.0.1.2 lladdr 02:00:00:00:00:01 dev d0`)
    ip(`-n ${namespace} addr add ${nameserver}/32 dev lo`)
    const script = join(import.meta.dirname, '../net/dns/zone.ts')
    zone = spawn('ip', ['netns', 'exec', namespace, process.execPath, script, nameserver], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(zone.stdout!, 'data')
  })
  afterAll(async () => {
    if (zone?.exitCode === null) {
      zone.kill('SIGKILL')
      await once(zone, 'exit')
    }
    rmSync(etc, { recursive: true })
    ip(`netns delete ${namespace}`)
    expect(existsSync(`/run/netns/${namespace}`)).toBe(false)
  })
  const inside = (words: string[]) => ran('ip', ['netns', 'exec', namespace, process.execPath, main, ...words])

  test.each([
    ['10.0.0.66', 'unreachable', 7],
    ['10.0.0.67', 'prohibited', 7],
    ['192.0.2.1', 'unreachable', 7],
    ['10.0.1.2', 'timeout', 28],
  ])('%s is %s', async (address, reason, status) => {
    const url = `http://${address}/`
    const words = ['-sS', '--connect-timeout', '0.5', url]
    const peer = await ran('ip', ['netns', 'exec', namespace, 'curl', ...words])
    expect(peer.status).toBe(status)
    const curl = await inside(['curl', ...words])
    expect(curl.status, curl.stderr).toBe(status)
    const { stdout } = await inside(['fetch', '--json', '--connect-timeout', '0.5', url])
    const events = stdout
      .toString()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(events.find(({ type }) => type === 'connect')).toMatchObject({ address, state: 'failed', reason })
    expect(events.at(-1)).toMatchObject({ type: 'summary', status: null, failure: { phase: 'connect', reason } })
  })

  async function events(words: string[]) {
    const { stdout } = await inside(['fetch', '--json', '--connect-timeout', '0.5', ...words])
    return stdout
      .toString()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  }

  test.each([
    ['web.default', 'dns', ['10.96.0.7']],
    ['www.example', 'dns', ['192.0.2.1', '192.0.2.2', '2001:db8::1']],
    ['listed.example', 'hosts', ['10.0.0.66', 'fe80::1']],
    ['sub.localhost', 'hosts', ['127.0.0.1', '::1']],
  ])('%s is looked up as libc would', async (name, source, addresses) => {
    const [lookup] = await events([`http://${name}:9/`])
    expect(lookup).toMatchObject({ type: 'lookup', source, addresses })
  })

  test('a family alone is asked for alone', async () => {
    const [lookup] = await events(['-6', 'http://www.example:9/'])
    expect(lookup.addresses).toEqual(['2001:db8::1'])
  })

  test.each([
    ['nodata.example', /has no address: nodata.example/],
    ['absent.example', /no such name: absent.example, absent.example.svc.cluster.local/],
  ])('what the servers said of %s is told', async (name, hint) => {
    const [failed] = await events([`http://${name}/`])
    expect(failed).toMatchObject({ type: 'failed', phase: 'namelookup', reason: 'not_found', host: name })
    expect(failed.hint).toMatch(hint)
  })

  test('a silent name server holds nobody longer than asked for', async () => {
    asks('10.0.1.2')
    const words = ['netns', 'exec', namespace, process.execPath, main, 'curl', '-sS', '--connect-timeout', '0.5']
    const child = spawn('ip', [...words, 'http://slow.example/'], { stdio: 'ignore', timeout: 8000 })
    expect(await once(child, 'exit')).toEqual([28, null])
  })
})
