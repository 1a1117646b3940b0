import { expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report } from '../../../server/core/run.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import { ports } from '../../../server/tools/ports/tool.ts'
import { fixtureLinux } from '../../fixture-linux.ts'
import { fakeKernel } from '../../linux/netlink/fake-kernel.ts'

const signal = new AbortController().signal
const list = async (linux: Linux, fields: object = {}) =>
  report(ports, await parseInput(ports.input, fields), { signal, stop: signal, clock: systemClock, linux })

const failing = (code: string) => {
  throw Object.assign(new Error(`${code}: refused`), { code })
}

test('web-dbg-general: the one socket of the pod, with its owner', async () => {
  const { events, summary, outcome } = await list(fixtureLinux('proc/web-dbg-general'))
  expect(events).toEqual([
    {
      type: 'socket',
      protocol: 'tcp',
      family: 'inet6',
      state: 'LISTEN',
      localAddress: '::',
      localPort: 8080,
      peerAddress: '::',
      peerPort: 0,
      recvQ: 0,
      sendQ: null,
      uid: 1000,
      inode: 261942,
      processes: [{ pid: 1, comm: 'busybox', fds: [3] }],
    },
  ])
  expect(summary).toMatchObject({
    sockets: 1,
    counts: { tcp: { LISTEN: 1 } },
    ownersUnknown: 0,
    ownerless: 0,
    deniedProcesses: 0,
    sources: { tcp: 'procfs', udp: 'procfs', unix: 'procfs' },
  })
  expect(outcome).toBe('positive')
})

test('web-dbg-notarget: an owner in another PID namespace is unknown, and what would show it is said', async () => {
  const { events, summary } = await list(fixtureLinux('proc/web-dbg-notarget'), { protocol: 'tcp' })
  expect(events).toMatchObject([{ localPort: 8080, processes: null }])
  const { why } = events[0] as unknown as { why: string }
  expect(why).toMatch(/^unknown: no visible process holds the socket/)
  expect(why).toContain('kubectl debug --target=CONTAINER')
  expect(why).toContain('shareProcessNamespace')
  expect(summary).toMatchObject({ ownersUnknown: 1, deniedProcesses: 0 })
})

test.each([
  [
    'web-dbg-general',
    'process 1 is not dumpable, in another user namespace, or guarded by a security module; run ditty',
  ],
  ['web-dbg-restricted', 'process 1 runs as UID 0, ditty as UID 1000 without CAP_SYS_PTRACE; run ditty as UID 0 with'],
])(
  '%s: a target whose files are denied is named, with what is missing and nothing that is there',
  async (name, says) => {
    const { read, list: listOf, peek, ...rest } = fixtureLinux(`proc/${name}`)
    const status = (path: string) => name === 'web-dbg-restricted' && path === '/proc/1/status'
    const denying: Linux = {
      ...rest,
      read,
      list: path => (path === '/proc/1/fd' ? failing('EACCES') : listOf(path)),
      peek: (path, limit) =>
        status(path) ? Buffer.from('Name:\thttpd\nUid:\t0\t0\t0\t0\n') : fixturePeek(path, limit),
    }
    const fixturePeek = (path: string, limit?: number) => peek.call(denying, path, limit)
    const { events, summary } = await list(denying)
    const { why } = events[0] as unknown as { why: string }
    expect(why).toMatch(/the open files of \d process(es)? \(1 busybox.*\) may not be read: /)
    expect(why).toContain(says)
    expect(summary).toMatchObject({ ownersUnknown: 1 })
  },
)

test('owners that were not asked for are not looked for, and that is said', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  const blind = { ...linux, list: () => failing('EIO') }
  const { events, summary } = await list(blind, { processes: false })
  expect(events).toMatchObject([{ processes: null, why: 'not looked for' }])
  expect(summary).toMatchObject({ ownersUnknown: null, deniedProcesses: null })
})

const lines = (...rows: string[]) => Buffer.from(['heading', ...rows, ''].join('\n'))
const tcpLine = (state: string, inode: number) =>
  `   0: 0100007F:1F90 0100007F:C350 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 20 4 30 10 -1`

const withTcp = (linux: Linux, ...rows: string[]): Linux => ({
  ...linux,
  read: path => (path === '/proc/net/tcp' ? lines(...rows) : linux.read(path)),
})

test.each([
  ['06', 'TIME-WAIT', 'only the kernel remembers it'],
  ['01', 'ESTAB', 'waits to be accepted'],
  ['08', 'CLOSE-WAIT', 'waits to be accepted'],
  ['03', 'SYN-RECV', 'handshake'],
  ['05', 'FIN-WAIT-2', 'its process closed it'],
])('a socket without a file in state %s (%s) has no owner, and why is said', async (state, name, why) => {
  const linux = withTcp(fixtureLinux('proc/web-dbg-general'), tcpLine(state, 0))
  const { events, summary } = await list(linux, { family: ['inet'], protocol: ['tcp'] })
  expect(events).toMatchObject([{ state: name, processes: null, uid: null, why: expect.stringContaining(why) }])
  expect(summary).toMatchObject({ ownersUnknown: 0, ownerless: 1 })
})

test('a socket that closes while its owner is looked for is left out: its owner is not hidden', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  let reads = 0
  const closing: Linux = {
    ...linux,
    read: path => {
      if (path !== '/proc/net/tcp') return linux.read(path)
      return reads++ === 0 ? lines(tcpLine('01', 77), tcpLine('01', 78)) : lines(tcpLine('01', 78))
    },
  }
  const { events } = await list(closing, { family: ['inet'], protocol: 'tcp' })
  expect(events).toMatchObject([{ inode: 78 }])
})

test('listening, state, protocol and family leave out the rest', async () => {
  const linux = withTcp(fixtureLinux('proc/web-dbg-general'), tcpLine('0A', 1), tcpLine('01', 2), tcpLine('06', 0))
  const states = async (fields: object) => {
    const { events } = await list(linux, fields)
    return events.map(event => (event as unknown as { state: string }).state)
  }
  expect(await states({ listening: true })).toEqual(['LISTEN', 'LISTEN'])
  expect(await states({ listening: true, family: ['inet'] })).toEqual(['LISTEN'])
  expect(await states({ listening: false })).toEqual(['ESTAB', 'TIME-WAIT'])
  expect(await states({ listening: null, family: ['inet'] })).toEqual(['LISTEN', 'ESTAB', 'TIME-WAIT'])
  expect(await states({ state: ['TIME-WAIT'] })).toEqual(['TIME-WAIT'])
  expect(await states({ protocol: ['udp', 'unix'] })).toEqual([])
})

test('wrong input names its field', async () => {
  await expect(list(fixtureLinux('proc/web-dbg-general'), { protocol: 'sctp' })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'protocol', message: expect.stringContaining('tcp, udp, unix') }],
  })
  await expect(list(fixtureLinux('proc/web-dbg-general'), { port: 70000 })).rejects.toMatchObject({
    fields: [{ path: 'port', message: 'no such field' }],
  })
})

test('where sock_diag is refused, /proc is read, and what that hides is said', async () => {
  const linux: Linux = { ...fixtureLinux('proc/web-dbg-general'), netlink: async () => failing('EPERM') }
  const { events, summary } = await list(linux, { protocol: 'tcp' })
  expect(events).toHaveLength(1)
  expect(summary).toMatchObject({ sources: { tcp: 'procfs' } })
  expect((summary as unknown as { notes: string[] }).notes).toEqual([
    expect.stringMatching(/^tcp is from \/proc\/net, which hides .*EPERM/),
  ])
})

test('where sock_diag is refused and nothing else will do, the run ends as unsupported', async () => {
  const linux: Linux = { ...fixtureLinux('proc/web-dbg-general'), netlink: async () => failing('EPERM') }
  await expect(list(linux, { source: 'netlink' })).rejects.toMatchObject({ code: 'unsupported' })
  await expect(list(fixtureLinux('proc/web-dbg-general'), { source: 'netlink' })).rejects.toMatchObject({
    code: 'unsupported',
  })
})

test('a kernel whose sock_diag knows TCP but not UDP is asked for TCP alone', async () => {
  const linux: Linux = {
    ...fixtureLinux('proc/web-dbg-general'),
    netlink: async () => fakeKernel(request => (request[1] === 17 ? failing('ENOENT') : [])),
  }
  const { summary } = await list(linux, { protocol: ['tcp', 'udp'] })
  expect(summary).toMatchObject({ sources: { tcp: 'netlink', udp: 'procfs' }, sockets: 0 })
})

test('without any list of sockets the run ends as unavailable', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  const blind = { ...linux, read: () => failing('ENOENT') }
  await expect(list(blind)).rejects.toMatchObject({ code: 'unavailable' })
})
