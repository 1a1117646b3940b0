import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SocketEvent, Summary } from '../../server/tools/ports/schema.ts'

const root = join(import.meta.dirname, '../..')
const main = join(root, 'server/main.ts')
const namespace = `ports-${process.pid}`
const directory = mkdtempSync(join(tmpdir(), 'ports-'))
const running: ChildProcess[] = []

const inside = (...command: string[]) => ['netns', 'exec', namespace, ...command]
const run = (...command: string[]) => spawnSync('ip', inside(...command), { encoding: 'utf8', maxBuffer: 64 << 20 })
const ditty = (...words: string[]) => run(process.execPath, main, ...words)

/** Starts a script in the namespace and waits for its first line. */
async function start(script: string): Promise<string> {
  const child = spawn('ip', inside(process.execPath, '-e', script), { stdio: ['pipe', 'pipe', 'inherit'] })
  running.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return line
}

async function stopAll(): Promise<void> {
  for (const child of running.splice(0)) {
    const ended = once(child, 'exit')
    child.stdin?.end()
    await ended
  }
}

/** Ends with its parent: standard input closes. The title makes comm, which ss and we show, what netstat finds in cmdline. */
const endsWithStdin = `process.title = 'holder'; process.stdin.resume().on('end', () => process.exit())`

const holder = `
const net = require('node:net'), dgram = require('node:dgram')
const listen = options => new Promise(resolve => {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, () => {}).listen(options, () => resolve(server))
})
const connect = options => new Promise((resolve, reject) => {
  const socket = net.connect({ allowHalfOpen: true, ...options }, () => resolve(socket)).on('error', reject)
})
const bind = (type, address) => new Promise(resolve => {
  const socket = dgram.createSocket(type).bind(0, address, () => resolve(socket))
})
async function main() {
  const inet = await listen({ host: '127.0.0.1', port: 0, backlog: 7 })
  const dual = await listen({ host: '::', port: 0 })
  await listen({ host: '::', port: 0, ipv6Only: true, backlog: 300 })
  await listen({ host: '::1', port: 0 })
  const path = ${JSON.stringify(join(directory, 'app.sock'))}
  await listen({ path })
  await listen({ path: '\\0ditty-abstract' })
  await connect({ path })
  const talking = await connect({ host: '127.0.0.1', port: dual.address().port })
  talking.write('hello')
  await connect({ host: '127.0.0.1', port: inet.address().port })
  await connect({ host: '::1', port: dual.address().port })
  const closing = await connect({ host: '127.0.0.1', port: inet.address().port })
  closing.end()
  await bind('udp4', '127.0.0.1')
  const receiving = await bind('udp4', '127.0.0.1')
  await bind('udp6', '::')
  const sending = dgram.createSocket('udp4')
  await new Promise(resolve => sending.connect(receiving.address().port, '127.0.0.1', resolve))
  setTimeout(() => console.log(process.pid), 200)
  ${endsWithStdin}
}
main()`

/** Listens; once it is stopped nobody accepts, and its queue fills. */
const stopped = `
const net = require('node:net')
const server = net.createServer().listen({ host: '127.0.0.1', port: 0, backlog: 5 }, () => {
  console.log(process.pid + ' ' + server.address().port)
})
${endsWithStdin}`

const connecting = (port: number) => `
const net = require('node:net')
const sockets = [1, 2, 3].map(() => net.connect(${port}, '127.0.0.1'))
Promise.all(sockets.map(socket => new Promise(resolve => socket.on('connect', resolve)))).then(() => console.log('ready'))
${endsWithStdin}`

interface Listing {
  sockets: SocketEvent[]
  summary: Summary
}

function list(...words: string[]): Listing {
  const { stdout, stderr, status } = ditty('ditty', 'ports', '--json', ...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  return { sockets: events.slice(0, -1), summary: events.at(-1) }
}

beforeAll(async () => {
  execFileSync('ip', ['netns', 'add', namespace])
  execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
  await start(holder)
})

afterAll(async () => {
  await stopAll()
  execFileSync('ip', ['netns', 'delete', namespace])
  rmSync(directory, { recursive: true, force: true })
})

/** Padding and the order of holders are no facts; timers run on between two looks. */
const facts = (text: string) =>
  text
    .replace(/users:\(\((.*?)\)\)/g, (_, users: string) => `users:((${users.split('),(').sort().join('),(')}))`)
    .trimEnd()
    .split('\n')

describe('the words and columns of ss and netstat', () => {
  test.each([
    ['ss', '-tuxanp'],
    ['ss', '-tulpn'],
    ['ss', '-tanpH'],
    ['ss', '-ta6'],
    ['ss', '-lnt4'],
    ['ss', '-xa'],
    ['ss', '-tn'],
    ['ss', '-t'],
    ['ss', '-tuan', 'state', 'established'],
    ['netstat', '-tuxanp'],
    ['netstat', '-tulpen'],
    ['netstat', '-tan6'],
    ['netstat', '-lxp'],
    ['netstat', '-n'],
  ])('%s %s %s %s: the same lines as the native one', (word, ...words) => {
    const theirs = run(word, ...words)
    const ours = ditty(word, ...words)
    expect(ours.status).toBe(0)
    expect(facts(ours.stdout)).toEqual(facts(theirs.stdout))
  })
})

/** \`ss -H -tuanpe\` as fields. */
function ssRows() {
  const { stdout } = run('ss', '-H', '-tuanpe')
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => {
      const [protocol, state, recvQ, sendQ, local, peer] = line.split(/ +/)
      const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid))
      return {
        protocol,
        state,
        recvQ: Number(recvQ),
        sendQ: Number(sendQ),
        localPort: local!.replace(/.*:/, ''),
        peerPort: peer!.replace(/.*:/, ''),
        inode: Number(/ ino:(\d+)/.exec(line)?.[1]),
        uid: Number(/ uid:(\d+)/.exec(line)?.[1] ?? 0),
        v6only: / v6only:(\d)/.exec(line)?.[1],
        pids: [...new Set(pids)].sort(),
      }
    })
}

const sorted = <Row extends object>(rows: Row[]) => rows.map(row => JSON.stringify(row)).sort()

test('each field of each TCP and UDP socket is what ss -tuanpe tells at the same moment', () => {
  const { sockets } = list('-t', '-u')
  const port = (number: number | null) => (number === 0 ? '*' : String(number))
  const ours = sockets.map(socket => ({
    protocol: socket.protocol,
    state: socket.state,
    recvQ: socket.recvQ,
    sendQ: socket.sendQ,
    localPort: port(socket.localPort),
    peerPort: port(socket.peerPort),
    inode: socket.inode,
    uid: socket.uid ?? 0,
    v6only: socket.family === 'inet6' && socket.state !== 'TIME-WAIT' ? String(Number(socket.v6only)) : undefined,
    pids: (socket.processes ?? []).map(({ pid }) => pid).sort(),
  }))
  const theirs = ssRows().map((row, at) => ({ ...row, v6only: row.v6only ?? ours[at]?.v6only }))
  expect(sorted(ours.map(({ v6only: _, ...row }) => row))).toEqual(sorted(theirs.map(({ v6only: _, ...row }) => row)))
  expect(ours.filter(({ v6only }) => v6only === '1')).not.toHaveLength(0)
  expect(sockets.some(({ localAddress }) => localAddress === '::ffff:127.0.0.1')).toBe(true)
})

test('/proc/net tells the same sockets as sock_diag, but for what it hides', () => {
  const netlink = list('--source', 'netlink')
  const procfs = list('--source', 'procfs')
  const seen = ({ sockets }: Listing) =>
    sorted(
      sockets
        .filter(({ inode, protocol }) => protocol !== 'unix' || inode !== 0)
        .map(({ protocol, family, state, localAddress, localPort, peerAddress, peerPort, inode, processes }) => ({
          protocol,
          family,
          state,
          localAddress,
          localPort,
          peerAddress,
          peerPort,
          inode,
          processes,
        })),
    )
  expect(seen(procfs)).toEqual(seen(netlink))
  expect(procfs.sockets.filter(({ state, protocol }) => state === 'LISTEN' && protocol === 'tcp')).not.toHaveLength(0)
  for (const { sendQ } of procfs.sockets.filter(({ state }) => state === 'LISTEN')) expect(sendQ).toBeNull()
})

test('a listener whose process sleeps shows its queue, its backlog, and connections that nobody holds yet', async () => {
  const [pid, port] = (await start(stopped)).split(' ').map(Number)
  process.kill(pid!, 'SIGSTOP')
  try {
    await start(connecting(port!))
    const { sockets } = list('-t')
    const listener = sockets.find(({ state, localPort }) => state === 'LISTEN' && localPort === port)
    expect(listener).toMatchObject({ recvQ: 3, sendQ: 5, processes: [{ pid, comm: expect.any(String) }] })
    const waiting = sockets.filter(({ state, localPort }) => state === 'ESTAB' && localPort === port)
    expect(waiting).toHaveLength(3)
    for (const socket of waiting)
      expect(socket).toMatchObject({ inode: 0, uid: null, processes: null, why: expect.stringContaining('accepted') })
  } finally {
    process.kill(pid!, 'SIGCONT')
  }
})

test('an address bound to an interface names it, as ss does', async () => {
  execFileSync('ip', ['-n', namespace, 'link', 'add', 'veth7', 'type', 'veth', 'peer', 'name', 'veth8'])
  for (const name of ['veth7', 'veth8']) execFileSync('ip', ['-n', namespace, 'link', 'set', name, 'up'])
  execFileSync('ip', ['-n', namespace, 'address', 'add', 'fe80::77/64', 'dev', 'veth7', 'nodad'])
  await start(
    `require('node:net').createServer().listen(0, 'fe80::77%veth7', () => console.log('up')); ${endsWithStdin}`,
  )
  const { sockets } = list('-t', '-6')
  expect(sockets.map(({ localAddress }) => localAddress)).toContain('fe80::77%veth7')
  expect(facts(ditty('ss', '-tlnp6').stdout)).toEqual(facts(run('ss', '-tlnp6').stdout))
})

test('while sockets come and go, those that stay are each listed once, with their owner, and none is said to be hidden', async () => {
  await start(`
    const net = require('node:net')
    const server = net.createServer(socket => socket.end()).listen(0, '127.0.0.1', () => {
      const again = () => net.connect(server.address().port, '127.0.0.1').on('close', again).on('error', again).resume()
      for (let at = 0; at < 20; at++) again()
      console.log('up')
    })
    ${endsWithStdin}`)
  const lasting = list('-t', '--state', 'LISTEN').sockets
  for (let round = 0; round < 5; round++) {
    const { sockets } = list('-t')
    for (const { inode } of lasting)
      expect(sockets.filter(socket => socket.inode === inode)).toMatchObject([
        { processes: [{ pid: expect.any(Number) }] },
      ])
    for (const socket of sockets) if (socket.inode !== 0) expect(socket.processes, socket.why).not.toBeNull()
  }
})

test('as UID 65532 without capabilities sockets are listed, and what hides their owners is said', () => {
  const drop = ['setpriv', '--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all']
  const { stdout, stderr } = run(...drop, process.execPath, main, 'ditty', 'ports', '--json', '-t')
  expect(stderr).toBe('')
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const held = events.filter(({ type, inode }) => type === 'socket' && inode !== 0)
  expect(held).not.toHaveLength(0)
  for (const { processes, why } of held) {
    expect(processes).toBeNull()
    expect(why).toMatch(/the open files of \d+ processes .* may not be read: .*CAP_SYS_PTRACE/)
  }
  expect(events.at(-1)).toMatchObject({ type: 'summary', ownersUnknown: held.length, sources: { tcp: 'netlink' } })
})

test('in another PID namespace the owners are not there, and what would show them is said', () => {
  const { stdout } = run(
    'unshare',
    '--pid',
    '--fork',
    '--mount-proc',
    process.execPath,
    main,
    'ditty',
    'ports',
    '--json',
    '-t',
  )
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const held = events.filter(({ type, inode }) => type === 'socket' && inode !== 0)
  expect(held).not.toHaveLength(0)
  for (const { why } of held)
    expect(why).toMatch(/no visible process holds the socket.*--target.*shareProcessNamespace/)
})
