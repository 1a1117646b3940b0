import { expect, test } from 'vitest'
import { type Clock, systemClock } from '../../../server/core/context.ts'
import { fixtureLinux } from '../../fixture-linux.ts'
import { withReusedPid } from '../../reused-pid.ts'
import { runLimits } from './run-limits.ts'

const on = (name: string, fields: object = {}) => runLimits(fixtureLinux(name), fields)
const mebi = 2 ** 20

test('v1: the target of a debug container, through its root, as the kernel showed it after an OOM kill', async () => {
  const { last, all } = await on('cgroup/v1')
  expect(last('target')).toMatchObject({
    pid: 1,
    container: { name: 'app', kind: 'container' },
    cgroup: { layout: 'v1' },
  })
  expect(last('memory')).toMatchObject({
    limitBytes: 64 * mebi,
    effectiveLimitBytes: 48 * mebi,
    limitedBy: null,
    usageBytes: 737_280,
    workingSetBytes: 618_496,
    cacheBytes: 262_144,
    anonBytes: 106_496,
    kernelBytes: 118_784,
    swapBytes: 0,
    swapLimitBytes: 32 * mebi,
    oomKills: 1,
    maxEvents: 0,
    highBytes: null,
  })
  expect(last('cpu')).toMatchObject({
    quotaMs: 20,
    periodMs: 100,
    limitCores: 0.2,
    shares: 1024,
    weight: null,
    periods: 33,
    throttledPeriods: 30,
    userMs: 350,
    systemMs: 280,
  })
  expect(last('cpu')?.throttledMs).toBeCloseTo(2381.56, 1)
  expect(last('cpu')?.usageMs).toBeCloseTo(638.51, 1)
  expect(last('cpuset')).toMatchObject({ cpus: '0', cpuCount: 1, mems: '0' })
  expect(last('pids')).toMatchObject({ current: 1, limit: 30, effectiveLimit: 30, peak: 3, maxEvents: 0 })
  expect(all('device')).toEqual([
    {
      type: 'device',
      device: '254:0',
      name: 'vda',
      readBytes: 618_496,
      writtenBytes: 524_288,
      readOperations: 11,
      writeOperations: 8,
    },
  ])
})

test('v1 keeps no pressure, and a limit above that is out of sight is said to be possible', async () => {
  const { last } = await on('cgroup/v1')
  expect(last('pressure')).toBeUndefined()
  const { notes = [] } = last('summary') ?? {}
  expect(notes.find(({ what }) => what === 'pressure')?.why).toContain('no cgroup filesystem')
  expect(notes.find(({ what }) => what.includes('further up'))?.what).toBe('cpu, pids: tighter limits further up')
})

test('v2: neighbours in private cgroup namespaces are found though their path leaves ours', async () => {
  const { last, all } = await on('cgroup/v2')
  expect(last('target')).toMatchObject({
    pid: 1,
    container: { name: 'app' },
    cgroup: { layout: 'v2', places: [{ version: 2, directory: '/proc/1/root/sys/fs/cgroup' }] },
    startTime: '2026-11-22T13:10:56.950Z',
  })
  expect(last('memory')).toMatchObject({
    limitBytes: 64 * mebi,
    effectiveLimitBytes: 64 * mebi,
    usageBytes: 50 * mebi,
    peakBytes: 64 * mebi,
    workingSetBytes: 38 * mebi,
    cacheBytes: 16 * mebi,
    anonBytes: 30 * mebi,
    shmemBytes: mebi,
    kernelBytes: 4 * mebi,
    swapBytes: 4096,
    swapLimitBytes: 0,
    highBytes: 60_397_977,
    highEvents: 812,
    maxEvents: 95,
    oomKills: 3,
    oomGroup: true,
  })
  expect(last('cpu')).toMatchObject({
    limitCores: 0.2,
    weight: 8,
    shares: null,
    usageMs: 2500,
    periods: 400,
    throttledPeriods: 100,
    throttledMs: 7500,
  })
  expect(last('pids')).toMatchObject({ current: 7, limit: 'max', effectiveLimit: 'max', limitedBy: null })
  expect(last('pressure')?.cpu).toEqual({
    some: { avg10: 12.5, avg60: 6, avg300: 1.25, totalMs: 9000 },
    full: { avg10: 12, avg60: 5, avg300: 1, totalMs: 8000 },
  })
  expect(all('device')).toMatchObject([
    { device: '254:0', name: 'vda', readBytes: 4096, writtenBytes: 8192, readOperations: 1, writeOperations: 2 },
  ])
})

test("v2: ditty's own cgroup by name, in our own mount", async () => {
  const { last } = await on('cgroup/v2', { target: 'dbg' })
  expect(last('target')).toMatchObject({ container: { kind: 'self' }, cgroup: { places: [{ path: '/' }] } })
  expect(last('memory')).toMatchObject({ limitBytes: 'max', effectiveLimitBytes: 'max', usageBytes: 20 * mebi })
  expect(last('summary')?.trust).toContainEqual(expect.objectContaining({ what: 'memory', trust: 'node' }))
})

test('hybrid: v1 limits from the mounts of the node, pressure from the unified one, the tightest limit from the slice above', async () => {
  const { last } = await on('cgroup/hybrid')
  expect(last('target')).toMatchObject({ pid: 700, container: { runtime: 'docker' }, cgroup: { layout: 'hybrid' } })
  expect(last('memory')).toMatchObject({
    limitBytes: 64 * mebi,
    effectiveLimitBytes: 48 * mebi,
    limitedBy: '/tools.slice',
  })
  expect(last('cpu')).toMatchObject({
    limitCores: 0.2,
    effectiveLimitCores: 0.1,
    limitedBy: '/tools.slice',
    userMs: 350,
  })
  expect(last('pids')).toMatchObject({
    effectiveLimit: 30,
    limitedBy: expect.stringMatching(/^\/tools\.slice\/docker-025d.*\.scope$/),
  })
  expect(last('pressure')?.cpu?.some.avg10).toBe(12.5)
  expect(last('summary')?.notes).toEqual([])
})

test("the node's numbers stand beside, and it is said which to trust and why", async () => {
  const { last } = await on('cgroup/v2')
  expect(last('host')).toMatchObject({
    uptimeSeconds: 6333.01,
    loadAverage: [0.03, 0.33, 0.52],
    runnableTasks: 2,
    tasks: 189,
    cpus: 2,
    users: null,
    bootTime: '2026-11-22T11:25:59.000Z',
    pressure: { cpu: { some: { avg10: 46.87 } } },
  })
  const { memory } = last('host')!
  expect(memory.usedBytes + memory.availableBytes).toBe(memory.totalBytes)
  const trust = last('summary')!.trust.map(({ what, trust }) => [what, trust])
  expect(trust).toEqual([
    ['memory', 'container'],
    ['cpu', 'container'],
    ['load', 'container'],
    ['uptime', 'container'],
  ])
  expect(last('summary')!.trust[0]!.why).toBe(
    "/proc/meminfo shows the node's 23.5 GiB, but the cgroup kills at 64.0 MiB; 38.0 MiB (59%) are in use as kubelet counts",
  )
  expect(last('summary')!.trust[1]!.why).toContain('0.2 cores; throttled in 25% of 400 periods')
})

test('a cgroup behind a root that may not be entered: the node alone, and what would grant more', async () => {
  await expect(on('proc/web-dbg-restricted', { target: '6' })).rejects.toMatchObject({
    code: 'not_permitted',
    message: expect.stringContaining('process 6 runs as UID 0, ditty as UID 1000 without CAP_SYS_PTRACE'),
    remedy: expect.stringContaining('--profile=general'),
  })
})

test('broken, denied, vanished and absent files are null, each with its reason, and the rest is shown', async () => {
  const { last, all } = await on('cgroup/odd')
  expect(last('memory')).toMatchObject({
    limitBytes: null,
    effectiveLimitBytes: null,
    usageBytes: null,
    workingSetBytes: null,
    anonBytes: null,
    oomKills: null,
    swapBytes: null,
    oomGroup: null,
  })
  expect(last('cpu')).toMatchObject({ limitCores: null, usageMs: 1, periods: null, throttledMs: null })
  expect(last('cpuset')).toMatchObject({ cpus: null, cpuCount: null })
  expect(last('pids')).toMatchObject({ current: 12, limit: null })
  expect(last('pressure')).toMatchObject({ cpu: null, memory: null, io: null })
  expect(all('device')).toEqual([])
  expect(last('host')).toMatchObject({
    loadAverage: null,
    tasks: null,
    memory: { totalBytes: 1_024_000, availableBytes: 204_800, buffersBytes: 0 },
    pressure: { cpu: null, memory: null, io: null },
  })
  const notes = new Map(last('summary')!.notes.map(({ what, why }) => [what, why]))
  expect(notes.get('memory: memory.stat, memory.max, memory.current')).toContain('unreadable content')
  expect(notes.get('memory: memory.events')).toContain('may not be read')
  expect(notes.get('io: io.stat')).toContain('unreadable content')
  expect(notes.get('load average')).toBeDefined()
  expect(notes.get("the node's pressure")).toContain('ENOENT')
  expect(last('summary')!.trust[0]).toMatchObject({ what: 'memory', trust: 'neither' })
})

test('only the parts that are asked for are read', async () => {
  const { events } = await on('cgroup/v2', { parts: ['pids'] })
  expect(events.map(({ type }) => type)).toEqual(['target', 'pids', 'host', 'summary'])
  expect((await on('cgroup/v2', { container: false })).events.map(({ type }) => type)).toEqual(['host', 'summary'])
})

test('it looks again as often as asked, and until it is stopped', async () => {
  const slept: number[] = []
  const stop = new AbortController()
  const clock = {
    ...systemClock,
    sleep: async (ms: number) => {
      if (slept.push(ms) === 4) stop.abort()
    },
  }
  const linux = fixtureLinux('cgroup/v2')
  const thrice = await runLimits(linux, { count: 3, parts: ['memory'] }, clock)
  expect(thrice.all('memory')).toHaveLength(3)
  expect(thrice.last('summary')?.rounds).toBe(3)
  expect(slept.splice(0)).toEqual([1000, 1000])
  const endless = await runLimits(linux, { intervalSeconds: 2, parts: [] }, clock, stop.signal)
  expect(endless.last('summary')?.rounds).toBe(4)
  expect(slept).toEqual([2000, 2000, 2000, 2000])
})

test("numbers that were reached by a process are not taken for the container's once the pid is another's", async () => {
  const clock: Clock = { ...systemClock, sleep: async () => undefined }
  const usage = '/proc/1/root/sys/fs/cgroup/memory/memory.usage_in_bytes'
  for (const rounds of [1, 2]) {
    const linux = withReusedPid(fixtureLinux('cgroup/v1'), 1, usage, rounds)
    const seen = runLimits(linux, { count: 2 }, clock)
    await expect(seen).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('process 1 ended') })
  }
  const later = withReusedPid(fixtureLinux('cgroup/v1'), 1, usage, 3)
  expect((await runLimits(later, { count: 2 }, clock)).all('memory')).toHaveLength(2)
})

test('without proc there is nothing to look at, and that is an error', async () => {
  const nothing = { ...fixtureLinux('cgroup/v2'), peek: () => Buffer.from('') }
  await expect(runLimits(nothing, { container: false })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('/proc/meminfo'),
  })
  await expect(on('cgroup/v2', { target: 'nginx' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(on('cgroup/v2', { intervalSeconds: 0 })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(on('cgroup/v2', { parts: ['disk'] })).rejects.toMatchObject({ code: 'invalid_input' })
})
