import { expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report } from '../../../server/core/run.ts'
import type { PsDetails, PsProcess, PsSummary } from '../../../server/tools/ps/schema.ts'
import { ps } from '../../../server/tools/ps/tool.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

async function runPs(fixture: string, fields: object = {}) {
  const signal = new AbortController().signal
  const context = { signal, stop: signal, clock: systemClock, linux: fixtureLinux(`proc/${fixture}`) }
  const answer = await report(ps, await parseInput(ps.input, fields), context)
  const ofType = (type: string) => answer.events.filter(event => event.type === type)
  return {
    outcome: answer.outcome,
    processes: ofType('process') as PsProcess[],
    details: ofType('details')[0] as PsDetails | undefined,
    summary: answer.summary as PsSummary,
  }
}

const pidsOf = ({ processes }: { processes: PsProcess[] }) => processes.map(({ pid }) => pid)

test('the target of a debug container with all that ps knows of it', async () => {
  const { processes, summary } = await runPs('web-dbg-restricted', { pids: [1] })
  expect(processes).toHaveLength(1)
  expect(processes[0]).toMatchObject({
    pid: 1,
    ppid: 0,
    uid: 1000,
    user: '1000',
    state: 'S',
    stat: 'Ss',
    tty: null,
    rssBytes: 1396 * 1024,
    vszBytes: 2268 * 1024,
    comm: 'busybox',
    args: '/bin/busybox nc -ll -p 8080 -e /bin/busybox echo hi',
    container: { name: 'app', runtime: 'containerd', kind: 'container' },
  })
  expect(summary).toMatchObject({ processes: 1, missing: [], containers: [{ name: 'app', processes: 1 }] })
})

test('a whole view is counted by container', async () => {
  const { processes, summary } = await runPs('shared-debug')
  expect(processes.map(({ pid }) => pid)).toEqual([1, 8, 14, 20])
  expect(summary.containers.map(({ name, kind, processes }) => [name, kind, processes])).toEqual([
    [null, 'pause', 1],
    ['app', 'container', 1],
    ['debug', 'self', 2],
  ])
  expect(summary.notes).toEqual([])
})

test('of one container only its own processes are listed, and other selections select among those', async () => {
  expect(pidsOf(await runPs('shared-debug', { target: 'debug' }))).toEqual([14, 20])
  expect(pidsOf(await runPs('shared-debug', { target: '20', pids: [8, 14] }))).toEqual([14])
  await expect(runPs('shared-debug', { target: 'nginx' })).rejects.toMatchObject({
    code: 'not_found',
    remedy: expect.stringContaining('app (pid 8)'),
  })
})

test('alone in a pid namespace, the summary says what is not visible and how to see it', async () => {
  const { summary } = await runPs('web-dbg-notarget')
  expect(summary.notes).toEqual([
    {
      what: 'processes of other containers are not visible',
      why: expect.stringContaining('pid namespace of its own'),
      remedy: expect.stringContaining('--target'),
    },
  ])
})

test('processes that vanish, break or hide while they are read leave the others whole', async () => {
  const { processes, summary } = await runPs('odd')
  expect(processes.map(({ pid }) => pid)).toEqual([1, 5, 11])
  expect(summary.vanished).toBe(3)
  expect(summary.notes).toContainEqual(expect.objectContaining({ what: '1 processes of other users' }))
})

test('odd names and arguments are kept as text, a zombie stands with its parent', async () => {
  const { processes } = await runPs('odd')
  expect(processes[1]).toMatchObject({
    comm: 'a) S (b\n\ufffd',
    args: 'one\ntwo \x1b[31m\ufffd\ufffd(  你',
    user: 'web',
    stat: 'SNLsl+',
    tty: 'pts/1',
    cpuTimeMs: 60_010,
  })
  expect(processes[2]).toMatchObject({ args: '[defunct] <defunct>', state: 'Z', rssBytes: 0 })
  expect(processes[2]?.container).toBe(processes[1]?.container)
})

test('a named pid that is not there is a negative finding', async () => {
  for (const named of [{ pid: 99_999 }, { pids: [99_999] }, { pid: 9 }]) {
    const { outcome, summary, processes } = await runPs('odd', named)
    expect(outcome).toBe('negative')
    expect(summary).toMatchObject({ processes: 0, missing: Object.values(named).flat() })
    expect(processes).toEqual([])
  }
  expect((await runPs('odd', { users: ['4242'] })).outcome).toBe('positive')
})

test('a process that /proc hides is not_permitted when it is named', async () => {
  await expect(runPs('odd', { pid: 10 })).rejects.toMatchObject({ code: 'not_permitted' })
})

test('one process in full, readable by its own user', async () => {
  const { details } = await runPs('web-dbg-restricted', { pid: 1 })
  expect(details).toMatchObject({
    cmdline: ['/bin/busybox', 'nc', '-ll', '-p', '8080', '-e', '/bin/busybox', 'echo', 'hi'],
    exe: '/bin/busybox',
    cwd: '/',
    root: '/',
    uids: { real: 1000, effective: 1000 },
    capabilities: { effective: [], ambient: [] },
    seccomp: 'disabled',
    noNewPrivs: false,
    namespaces: { mnt: 4026532481, pid: 4026532482 },
    openFiles: { total: 4 },
    oomScoreAdj: 999,
    waitChannel: 'inet_csk_accept',
    memory: { rssBytes: 1396 * 1024, pssBytes: 285 * 1024, privateDirtyBytes: 48 * 1024, swapBytes: 0 },
    denied: {},
  })
  expect(details?.environ).toContain('DB_HOST=db.example.internal')
  expect(details?.capabilities?.bounding).toContain('CAP_NET_RAW')
})

test("of another user's process each refused part is null and says what would grant it", async () => {
  const { details, outcome } = await runPs('web-dbg-restricted', { pid: 6 })
  expect(outcome).toBe('positive')
  expect(details).toMatchObject({ exe: null, cwd: null, root: null, environ: null, namespaces: null, openFiles: null })
  expect(details?.limits).not.toBeNull()
  expect(details?.capabilities?.effective).toContain('CAP_SYS_PTRACE')
  const refused = ['exe', 'cwd', 'root', 'environ', 'namespaces', 'openFiles']
  expect(Object.keys(details?.denied ?? {})).toEqual(expect.arrayContaining(refused))
  expect(details?.denied.environ).toEqual({
    reason: 'process 6 runs as UID 0, ditty as UID 1000 without CAP_SYS_PTRACE',
    remedy: expect.stringMatching(/UID 0 with CAP_SYS_PTRACE.*--profile=general/),
  })
})

test('selections add up as in ps', async () => {
  expect(pidsOf(await runPs('odd', { users: ['web'] }))).toEqual([5])
  expect(pidsOf(await runPs('odd', { users: ['web'], pids: [1] }))).toEqual([1, 5])
  expect(pidsOf(await runPs('odd', { ppids: [5] }))).toEqual([11])
  expect(pidsOf(await runPs('odd', { comms: ['init'] }))).toEqual([1])
  expect(pidsOf(await runPs('odd', { ttys: ['/dev/pts/1'] }))).toEqual([5])
  expect(pidsOf(await runPs('odd', { scope: 'own' }))).toEqual([1, 11])
  expect(pidsOf(await runPs('odd', { scope: 'terminals' }))).toEqual([5])
  expect(pidsOf(await runPs('odd', { scope: 'terminals', withoutTerminal: true }))).toEqual([1, 5, 11])
  expect(pidsOf(await runPs('odd', { scope: 'terminalJobs' }))).toEqual([])
})

test('sorting by fields or by the columns of ps', async () => {
  expect(pidsOf(await runPs('odd', { sort: ['-pid'] }))).toEqual([11, 5, 1])
  expect(pidsOf(await runPs('odd', { sort: ['uid', '-pid'] }))).toEqual([11, 1, 5])
  expect(pidsOf(await runPs('odd', { sort: ['-time'] }))[0]).toBe(5)
  await expect(runPs('odd', { sort: ['colour'] })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a forest draws children under their parents', async () => {
  const { processes } = await runPs('odd', { forest: true })
  expect(processes.map(({ pid, treePrefix }) => [pid, treePrefix])).toEqual([
    [1, ''],
    [5, ' \\_ '],
    [11, '     \\_ '],
  ])
})

test('a pid goes with no other selection, and unknown users are an error', async () => {
  await expect(runPs('odd', { pid: 1, users: ['0'] })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(runPs('odd', { users: ['nobody-here'] })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a cancelled listing ends at once', async () => {
  const signal = AbortSignal.abort()
  const context = { signal, stop: signal, clock: systemClock, linux: fixtureLinux('proc/odd') }
  await expect(report(ps, await parseInput(ps.input, {}), context)).rejects.toMatchObject({ code: 'cancelled' })
})
