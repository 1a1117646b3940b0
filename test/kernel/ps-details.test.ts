import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report } from '../../server/core/run.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { PsDetails } from '../../server/tools/ps/schema.ts'
import { ps } from '../../server/tools/ps/tool.ts'
import { asNobody, endAll, native, start, startProgram } from './own-processes.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const inFull = (pid: number) => [process.execPath, main, 'ditty', 'ps', String(pid)]

async function detailsOf(pid: number): Promise<PsDetails> {
  const signal = new AbortController().signal
  const context = { signal, stop: signal, clock: systemClock, linux: linuxAt('/') }
  const answer = await report(ps, await parseInput(ps.input, { pid }), context)
  return answer.events.find(event => event.type === 'details') as PsDetails
}

afterAll(endAll)

const fields = (line: string) => line.trim().split(/\s+/)

test('signals, oom score and threads are those that ps and the kernel tell', async () => {
  const pid = await start("trap '' HUP; trap : USR1; echo ready; while :; do sleep 300; done")
  const mask = (names: string[] = []) =>
    names.reduce((sum, name) => sum | (1n << BigInt(Number(native(['kill', '-l', name]).stdout) - 1)), 0n)
  const details = await vi.waitFor(async () => {
    const details = await detailsOf(pid)
    const [caught = '', ignored = ''] = fields(native(['ps', '-o', 'caught=,ignored=', '-p', String(pid)]).stdout)
    expect(mask(details.signals?.caught)).toBe(BigInt(`0x${caught}`))
    expect(mask(details.signals?.ignored)).toBe(BigInt(`0x${ignored}`))
    return details
  })
  expect(details.signals?.ignored).toContain('HUP')
  expect(details.signals?.caught).toContain('USR1')
  expect(details.oomScoreAdj).toBe(Number(native(['cat', `/proc/${pid}/oom_score_adj`]).stdout))
  expect(details.threads).toMatchObject({ total: 1, threads: [{ tid: pid, comm: 'bash', state: 'S' }] })
  expect(details.mounts?.total).toBe(
    native(['wc', '-l', `/proc/${pid}/mounts`])
      .stdout.split(' ')
      .map(Number)[0],
  )
  expect(details.mounts?.root?.fsType).toBe(native(['findmnt', '-no', 'FSTYPE', '/']).stdout.trim())
})

test('where it waits, its memory and each of its threads', async () => {
  const script = `setTimeout(() => {}, 300000); console.log('ready')`
  const { pid } = await startProgram([process.execPath, '-e', script])
  const lines = native(['ps', '-Lo', 'lwp=,comm=', '-p', String(pid)])
    .stdout.trim()
    .split('\n')
    .map(fields)
  const details = await vi.waitFor(async () => {
    const details = await detailsOf(pid)
    expect(details).toMatchObject({
      syscall: expect.stringMatching(/^epoll_p?wait$/),
      waitChannel: expect.stringContaining('poll'),
    })
    return details
  })
  expect(details.threads?.threads.map(({ tid, comm }) => [String(tid), comm])).toEqual(lines)
  const { memory } = details
  const sum = (memory?.privateCleanBytes ?? 0) + (memory?.privateDirtyBytes ?? 0)
  expect(memory?.rssBytes).toBe(sum + (memory?.sharedCleanBytes ?? 0) + (memory?.sharedDirtyBytes ?? 0))
  expect(memory?.pssBytes).toBeGreaterThan(sum - 1)
  expect(memory?.swapBytes).not.toBeNull()
})

test('open files have their position and flags, sockets the two ends that ss shows', async () => {
  const directory = process.env.HOME ?? '/tmp'
  const file = join(directory, `ditty-details-${process.pid}`)
  writeFileSync(file, 'x'.repeat(1000))
  const script = `
    const fs = require('fs'), net = require('net')
    const fd = fs.openSync(process.argv[1], 'a+')
    fs.readSync(fd, Buffer.alloc(400))
    const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
      const peer = net.connect(server.address().port, '127.0.0.1', () => {
        console.log(fd); console.log(server.address().port); console.log(peer.localPort); console.log('ready')
      })
    })`
  const { pid, lines } = await startProgram([process.execPath, '-e', script, file])
  native(['rm', file])
  const [fd, listener, peer] = lines.map(Number)
  const { openFiles } = await detailsOf(pid)
  expect(openFiles?.files.find(file => file.fd === fd)).toMatchObject({
    kind: 'deleted',
    target: `${file} (deleted)`,
    position: 400,
    flags: expect.arrayContaining(['O_RDWR', 'O_APPEND', 'O_CLOEXEC']),
  })
  const sockets = openFiles?.files.flatMap(({ socket }) => (socket?.protocol === 'tcp' ? [socket] : []))
  const local = '127.0.0.1'
  expect(sockets).toHaveLength(3)
  expect(sockets).toContainEqual(expect.objectContaining({ state: 'LISTEN', localAddress: local, localPort: listener }))
  for (const [localPort, peerPort] of [
    [listener, peer],
    [peer, listener],
  ])
    expect(sockets).toContainEqual(
      expect.objectContaining({ state: 'ESTAB', localAddress: local, localPort, peerAddress: local, peerPort }),
    )
  expect(native(inFull(pid)).stdout).toContain(`tcp LISTEN 127.0.0.1:${listener}`)
})

test('sockets of another network namespace are looked for there', async () => {
  const script = `
    const server = require('net').createServer(() => {}).listen(47115, '::', () => console.log('ready'))`
  const { pid } = await startProgram(['unshare', '--net', process.execPath, '-e', script])
  const { openFiles } = await detailsOf(pid)
  expect(openFiles?.files.flatMap(({ socket }) => socket ?? [])).toContainEqual(
    expect.objectContaining({ protocol: 'tcp', state: 'LISTEN', localAddress: '::', localPort: 47115 }),
  )
})

test('as UID 65532 each part that is refused of a root process is null, with its reason', async () => {
  const pid = await start('echo ready; exec sleep 300')
  await vi.waitFor(() => expect(native(['ps', '-o', 'comm=', '-p', String(pid)]).stdout).toBe('sleep\n'))
  const { stdout } = native([...asNobody, ...inFull(pid), '--json'])
  const details = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
    .find(({ type }) => type === 'details') as PsDetails
  const refused = ['exe', 'environ', 'namespaces', 'openFiles', 'memory', 'syscall', 'waitChannel'] as const
  for (const part of refused) {
    expect(details[part], part).toBeNull()
    expect(details.denied[part], part).toMatchObject({ reason: expect.stringContaining('CAP_SYS_PTRACE') })
  }
  expect(details).toMatchObject({ oomScoreAdj: 0, threads: { total: 1 }, signals: { blocked: [] } })
})

test('a kernel thread and a zombie have what they have', async () => {
  const parent = await start('sleep 0.1 & echo ready; exec sleep 300')
  const zombie = await vi.waitFor(() => {
    const [pid = '', state] = fields(native(['ps', '-o', 'pid=,s=', '--ppid', String(parent)]).stdout)
    expect(state).toBe('Z')
    return Number(pid)
  })
  for (const pid of [zombie, 2]) {
    const details = await detailsOf(pid)
    expect(details).toMatchObject({ exe: null, memory: null, cmdline: [] })
    expect(details.denied.memory?.reason).toContain('kernel thread or a zombie')
  }
})
