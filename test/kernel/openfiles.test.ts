import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report } from '../../server/core/run.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { Event, FileEvent, Summary } from '../../server/tools/openfiles/schema.ts'
import { openfiles } from '../../server/tools/openfiles/tool.ts'
import { mountSilentFuse } from './fuse/silent-fuse.ts'
import { asNobody, ditty, endAll, start, startProgram } from './own-processes.ts'

let folder = ''
let holder: { pid: number; tcpPort: number; clientPort: number; gone: number; socketPath: string }

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ditty-openfiles-')))
  const { lines } = await startProgram([process.execPath, join(import.meta.dirname, 'open-files/holder.ts'), folder])
  holder = JSON.parse(lines[0]!)
})

afterAll(async () => {
  await endAll()
  rmSync(folder, { recursive: true })
})

async function look(fields: object) {
  const signal = new AbortController().signal
  const context = { signal, stop: signal, clock: systemClock, linux: linuxAt('/') }
  const answer = await report(openfiles, await parseInput(openfiles.input, fields), context)
  const events = answer.events as Event[]
  return {
    outcome: answer.outcome,
    files: events.filter(event => event.type === 'file') as FileEvent[],
    hung: events.filter(event => event.type === 'hung'),
    summary: answer.summary as Summary,
  }
}

test('a deleted file is found with what it still takes', async () => {
  const { files, summary } = await look({ deleted: true, pids: [holder.pid], fds: ['fd'] })
  expect(files).toMatchObject([
    {
      fd: holder.gone,
      kind: 'REG',
      path: join(folder, 'gone'),
      deleted: true,
      links: 0,
      sizeBytes: 20_000,
      access: 'u',
    },
  ])
  const held = files[0]!.allocatedBytes!
  expect(held).toBeGreaterThanOrEqual(20_000)
  expect(summary).toMatchObject({ files: 1, deletedFiles: 1, deletedBytes: held, missing: [], denied: 0 })
})

test('a file called "(deleted)" is none, and one with a second name keeps its bytes by that', async () => {
  const pid = await start(`cd ${folder}; exec 3>'kept (deleted)' 4>one; ln one two; rm one; echo ready; sleep 1000`)
  const { files } = await look({ pids: [pid], fds: ['3', '4'] })
  expect(files).toMatchObject([
    { path: join(folder, 'kept (deleted)'), deleted: false, links: 1 },
    { path: join(folder, 'one (deleted)'), deleted: false, links: 1 },
  ])
})

test('a socket is told with both ends, state and who is asked for', async () => {
  const { files, outcome } = await look({ ports: [`${holder.tcpPort}/tcp`] })
  const ends = files.map(({ pid, state, localPort, peerPort, asked }) => ({ pid, state, localPort, peerPort, asked }))
  const ours = { pid: holder.pid, localPort: holder.tcpPort, asked: [`${holder.tcpPort}/tcp`] }
  expect(ends).toEqual([
    { ...ours, state: 'LISTEN', peerPort: 0 },
    { ...ours, state: 'ESTAB', peerPort: holder.clientPort },
  ])
  expect(outcome).toBe('positive')
  const other = await look({ ports: [holder.tcpPort], protocol: ['udp'] })
  expect(other).toMatchObject({ files: [], outcome: 'negative' })
  expect(other.summary.missing).toEqual([{ what: 'port', name: String(holder.tcpPort), why: null }])
})

test('both ends of a unix socket name each other', async () => {
  const { files } = await look({ pids: [holder.pid], protocol: ['unix'] })
  const connected = files.filter(({ peerInode }) => files.some(({ inode }) => inode === peerInode))
  expect(connected).toHaveLength(2)
  expect(connected[0]!.peerInode).toBe(connected[1]!.inode)
})

test('a file is found in another mount namespace, under the name that it has there', async () => {
  writeFileSync(join(folder, 'shared'), 'x')
  const inside = join(folder, 'inside')
  mkdirSync(inside)
  const pid = await start(
    `mount --bind ${folder} ${inside}; mount -t tmpfs tmpfs /mnt; exec 3<${inside}/shared 4>/mnt/own; echo ready; sleep 1000`,
    'unshare',
    '--mount',
  )
  const { files } = await look({ paths: [join(folder, 'shared')] })
  expect(files).toMatchObject([
    { pid, fd: 3, path: join(inside, 'shared'), inode: statSync(join(folder, 'shared')).ino },
  ])
  const own = await look({ pids: [pid], fds: ['4'] })
  expect(own.files).toMatchObject([{ path: '/mnt/own', kind: 'REG', sizeBytes: 0, links: 1 }])
  const named = await look({ target: String(pid), paths: ['/mnt/own'] })
  expect(named.files).toMatchObject([{ pid, fd: 4 }])
})

test('a socket of another network namespace is told in full', async () => {
  const listen = `require('net').createServer().listen(4711, '127.0.0.1', () => console.log('ready'))`
  const words = ['unshare', '--net', 'sh', '-c', `ip link set lo up; exec ${process.execPath} -e "${listen}"`]
  const { pid } = await startProgram(words)
  const { files } = await look({ pids: [pid], ports: [4711] })
  expect(files).toMatchObject([{ pid, kind: 'IPv4', protocol: 'tcp', state: 'LISTEN', localAddress: '127.0.0.1' }])
})

test('a chrooted process is told by paths of its own root', async () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'bin'), { recursive: true })
  mkdirSync(join(root, 'proc'))
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
  execFileSync('cp', [busybox, join(root, 'bin/busybox')])
  const { pid } = await startProgram([
    'chroot',
    root,
    '/bin/busybox',
    'sh',
    '-c',
    'echo ready; exec busybox sleep 1000',
  ])
  const { files } = await look({ pids: [pid], fds: ['cwd', 'rtd', 'txt'] })
  expect(files).toMatchObject([
    { fd: 'cwd', kind: 'DIR', path: root },
    { fd: 'rtd', kind: 'DIR', path: root, inode: statSync(root).ino },
    { fd: 'txt', kind: 'REG', path: join(root, 'bin/busybox'), inode: statSync(join(root, 'bin/busybox')).ino },
  ])
})

test('a file system that never answers is named, and everything else is still there', async () => {
  const mountPoint = join(folder, 'silent')
  mkdirSync(mountPoint)
  await using _fuse = await mountSilentFuse(mountPoint)
  const O_PATH = 0o10000000
  const script = `require('fs').openSync(${JSON.stringify(mountPoint)}, ${O_PATH}); console.log('ready'); setInterval(() => 0, 1e6)`
  const { pid } = await startProgram([process.execPath, '-e', script])
  const { files, hung, summary } = await look({ pids: [pid] })
  expect(files.find(({ path }) => path === mountPoint)).toMatchObject({
    kind: 'unknown',
    sizeBytes: null,
    why: expect.stringMatching(/^hung: fuse\S* did not answer within \d+ ms$/),
  })
  expect(hung).toMatchObject([{ mountPoint, fsType: expect.stringMatching(/^fuse/) }])
  expect(files.find(({ fd }) => fd === 'cwd')).toMatchObject({ kind: 'DIR', path: process.cwd() })
  expect(summary.unknown).toBe(1)
  const byName = await look({ paths: [mountPoint] })
  expect(byName.files).toMatchObject([{ pid, path: mountPoint }])
  const lsof = ditty(['lsof', '-p', String(pid)])
  expect(lsof.stdout).toContain(`${mountPoint} (hung: fuse`)
  expect(lsof.stderr).toContain(`at ${mountPoint} did not answer within`)
})

test('a mount that was detached and never answers holds nothing up', async () => {
  const mountPoint = join(folder, 'detached')
  mkdirSync(mountPoint)
  const fuse = await mountSilentFuse(mountPoint)
  const O_PATH = 0o10000000
  const script = `require('fs').openSync(${JSON.stringify(mountPoint)}, ${O_PATH}); console.log('ready'); setInterval(() => 0, 1e6)`
  const { pid } = await startProgram([process.execPath, '-e', script])
  execFileSync('umount', ['--lazy', '--no-canonicalize', mountPoint])
  try {
    const { files } = await look({ pids: [pid], fds: ['fd'] })
    expect(files.filter(({ why }) => why !== undefined)).toMatchObject([
      { kind: 'unknown', why: expect.stringMatching(/^hung: its file system did not answer/) },
    ])
  } finally {
    fuse.server.kill('SIGKILL')
  }
})

test('a port whose process may not be looked into is there all the same', () => {
  const { stdout, status } = ditty(['ditty', 'openfiles', '--json', '--ports', `${holder.tcpPort}`], ...asNobody)
  const summary = JSON.parse(stdout.trim()) as Summary
  expect(summary.missing).toEqual([
    { what: 'port', name: String(holder.tcpPort), why: expect.stringContaining('a socket is there') },
  ])
  expect(summary.denied).toBeGreaterThan(0)
  expect(status).toBe(1)
})

test('as UID 65532 what may not be read is one note with its remedy, not a line for each', () => {
  const { stdout, status } = spawnSync(
    asNobody[0]!,
    [
      ...asNobody.slice(1),
      process.execPath,
      join(import.meta.dirname, '../../server/main.ts'),
      'ditty',
      'openfiles',
      '--json',
      '-p',
      String(holder.pid),
    ],
    { encoding: 'utf8' },
  )
  const events = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line)) as Event[]
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject({ type: 'summary', files: 0, denied: 1, missing: [] })
  const [note] = (events[0] as Summary).notes
  expect(note?.what).toContain(`${holder.pid} `)
  expect(note?.why).toBe(`process ${holder.pid} runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE`)
  expect(note?.remedy).toContain('CAP_SYS_PTRACE')
  expect(status).toBe(0)
})
