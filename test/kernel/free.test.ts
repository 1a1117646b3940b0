import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Linux, linuxAt } from '../../server/linux/linux.ts'
import type { LimitsEvent } from '../../server/tools/limits/schema.ts'
import { printLimits } from '../tools/limits/print-limits.ts'
import { runLimits } from '../tools/limits/run-limits.ts'

const root = join(import.meta.dirname, '../..')
const main = join(root, 'server/main.ts')
const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
const own = (words: string) => [process.execPath, main, ...words.split(' ')]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-free-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command where these texts stand in place of files of /proc. */
function runWith(files: Record<string, string>, words: readonly string[]) {
  const mounts = Object.entries(files).map(([path, text], at) => {
    writeFileSync(join(folder, String(at)), text)
    return `mount --bind ${join(folder, String(at))} ${path} && `
  })
  const script = `${mounts.join('')}exec "$@"`
  return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', ...words], { encoding: 'utf8', env: environment })
}

const meminfos: Record<string, string> = {
  usual: `MemTotal:       24683620 kB
MemFree:        22193804 kB
MemAvailable:   23825952 kB
Buffers:           10976 kB
Cached:          1834028 kB
SwapCached:            0 kB
SwapTotal:       2097148 kB
SwapFree:        1097148 kB
Shmem:              9036 kB
SReclaimable:      59196 kB
CommitLimit:    12341808 kB
Committed_AS:     730180 kB
`,
  'an old kernel with high memory': `MemTotal:        2097152 kB
MemFree:          262144 kB
Buffers:              10 kB
Cached:              256 kB
HighTotal:       1179648 kB
HighFree:          23040 kB
LowTotal:         917504 kB
LowFree:          239104 kB
SwapTotal:          1280 kB
SwapFree:           1024 kB
Shmem:               256 kB
`,
  'ties, and more committed than there is': `MemTotal:        1048576 kB
MemFree:            1280 kB
MemAvailable:       1792 kB
Buffers:            3328 kB
Cached:             3840 kB
SwapTotal:             0 kB
SwapFree:              0 kB
Shmem:                 1 kB
SReclaimable:        512 kB
CommitLimit:         100 kB
Committed_AS:       1380 kB
`,
  'six tebibytes, more available than there is': `MemTotal:     6442450944 kB
MemFree:      5368709120 kB
MemAvailable: 7000000000 kB
Buffers:      1073741824 kB
Cached:        107374182 kB
SwapTotal:    1099511627 kB
SwapFree:     1099511627 kB
Shmem:            999999 kB
SReclaimable:          0 kB
CommitLimit:  9999999999 kB
Committed_AS:          1 kB
`,
}

const flags = [
  '',
  '-b',
  '-k',
  '-m',
  '-g',
  '-h',
  '-w',
  '-t',
  '-l',
  '-v',
  '-wltv',
  '-hwltv',
  '-h --si',
  '-k --si',
  '-m --si',
  '--si',
  '--kilo',
  '--mega',
  '--giga',
  '--tera',
  '--peta',
  '--tebi',
  '--pebi',
  '--bytes --human',
  '--mega --human',
  '--kibi --wide --total',
  '-s 0.01 -c 2',
  '-c 1',
]

/** The machine's own files, but for these. */
const linuxWith = (files: Record<string, string>): Linux => {
  const machine = linuxAt('/')
  const read = (path: string) => (files[path] === undefined ? machine.read(path) : Buffer.from(files[path]))
  return { ...machine, read, peek: read }
}

test.each(Object.keys(meminfos))('free prints what procps prints, to the letter: %s', async name => {
  const files = { '/proc/meminfo': meminfos[name]! }
  const expected = runWith(files, ['sh', '-c', flags.map(words => `echo '-- ${words}'; free ${words}`).join('\n')])
  let actual = ''
  for (const words of flags)
    actual += `-- ${words}\n${(await printLimits(linuxWith(files), `free --host ${words}`)).stdout}`
  expect(expected.stdout).toContain('Mem:')
  expect(actual).toBe(expected.stdout)
})

test('free as a command of its own', () => {
  const files = { '/proc/meminfo': meminfos.usual! }
  const { stdout, stderr, status } = runWith(files, own('free -hwt --host'))
  expect([stdout, stderr, status]).toEqual([runWith(files, ['free', '-hwt']).stdout, '', 0])
})

test('free of this machine at this moment', async () => {
  const numbers = (text: string) => text.split('\n').map(line => line.match(/\d+/g)?.map(Number) ?? [])
  const native = () => numbers(execFileSync('free', ['-b'], { encoding: 'utf8' }))
  const before = native()
  const actual = numbers(spawnSync(process.execPath, [main, 'free', '-b', '--host'], { encoding: 'utf8' }).stdout)
  const after = native()
  const tolerance = before[1]![0]! / 20
  expect(actual[1]![0]).toBe(before[1]![0])
  expect(actual[2]![0]).toBe(before[2]![0])
  for (const [at, value] of actual[1]!.entries()) {
    expect(value).toBeGreaterThanOrEqual(Math.min(before[1]![at]!, after[1]![at]!) - tolerance)
    expect(value).toBeLessThanOrEqual(Math.max(before[1]![at]!, after[1]![at]!) + tolerance)
  }
})

const sinceBoot = '5.10 65.50 3600.50 3661.50 7265.50 86461.50 90061.50 266400.30 777777.70 346000000.50'.split(' ')

test.each(sinceBoot)('uptime prints what procps prints %s seconds after the boot', async seconds => {
  const files = { '/proc/uptime': `${seconds} 1.00\n`, '/proc/loadavg': '12.46 0.04 100.00 2/153 29241\n' }
  for (const words of ['', '-p']) {
    for (let attempt = 1; ; attempt++) {
      const expected = runWith(files, ['uptime', ...words.split(' ').filter(Boolean)]).stdout
      const actual = (await printLimits(linuxWith(files), `uptime --host ${words}`)).stdout
      // The clock on the wall may have gone on by a second between the two.
      if (actual !== expected && attempt < 10) continue
      expect(actual).toBe(expected)
      break
    }
  }
})

test('uptime -s is the moment of the boot, as procps tells it', () => {
  const expected = execFileSync('uptime', ['-s'], { encoding: 'utf8', env: { ...environment, TZ: 'Asia/Shanghai' } })
  const actual = spawnSync(process.execPath, own('uptime -s').slice(1), {
    encoding: 'utf8',
    env: { ...environment, TZ: 'Asia/Shanghai' },
  }).stdout
  // procps subtracts two clocks, which cuts a second off now and then.
  expect(Math.abs(Date.parse(actual) - Date.parse(expected))).toBeLessThanOrEqual(1000)
})

test('wrong words end with the status of procps and say what is wrong', () => {
  for (const words of ['free -L', 'free -s 0', 'free one', 'uptime -x', 'uptime one']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, own(words).slice(1), { encoding: 'utf8' })
    expect([words, status, stdout]).toEqual([words, 1, ''])
    expect(stderr).toMatch(/^(free|uptime): /)
  }
})

const hierarchy = '/sys/fs/cgroup'
const controllers = ['memory', 'cpu', 'cpuacct', 'pids', 'blkio']
const isV1 = controllers.every(name => existsSync(`${hierarchy}/${name}/cgroup.procs`))
/** Two levels: the outer one has the tighter memory, the inner one the tighter CPU. */
const outer = `ditty-test-${process.pid}`
const inner = `${outer}/app`
/** Where ditty itself runs. */
const beside = `${outer}-beside`
const at = (controller: string, file: string, group = inner) => `${hierarchy}/${controller}/${group}/${file}`
const numberIn = (controller: string, file: string) => Number(readFileSync(at(controller, file), 'utf8'))
const started: ChildProcess[] = []

function makeCgroups(): void {
  for (const controller of controllers)
    for (const group of [outer, inner, beside]) mkdirSync(`${hierarchy}/${controller}/${group}`)
  writeFileSync(at('memory', 'memory.limit_in_bytes', outer), String(48 << 20))
  writeFileSync(at('memory', 'memory.limit_in_bytes'), String(64 << 20))
  writeFileSync(at('cpu', 'cpu.cfs_quota_us'), '20000')
  writeFileSync(at('pids', 'pids.max'), '40')
}

/** Runs a script of bash in the group, which prints a line when it is ready. */
async function startIn(group: string, script: string, ...before: string[]): Promise<number> {
  const join = controllers.map(name => `echo $$ > ${hierarchy}/${name}/${group}/cgroup.procs`).join('; ')
  const words = [...before, 'bash', '-c', script]
  const child = spawn('bash', ['-c', `${join}; exec "$@"`, 'bash', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HOME: '/nonexistent' },
  })
  started.push(child)
  await once(createInterface({ input: child.stdout }), 'line')
  return child.pid!
}

afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.kill('SIGKILL')
    await ended
  }
  for (const controller of controllers)
    for (const group of [inner, outer, beside])
      if (existsSync(`${hierarchy}/${controller}/${group}`)) rmdirSync(`${hierarchy}/${controller}/${group}`)
})

/** What the kernel charges ahead on each processor (MEMCG_CHARGE_BATCH, mm/memcontrol.c): usage moves by it on its own. */
const batchBytes = 64 * 4096 * availableParallelism()

/** The kernel frees some of what ended processes had only a while later. */
async function usageRests(): Promise<void> {
  const now = () => numberIn('memory', 'memory.usage_in_bytes')
  await expect
    .poll(
      async () => {
        const before = now()
        await delay(300)
        return Math.abs(now() - before)
      },
      { timeout: 20_000 },
    )
    .toBe(0)
}

test.runIf(isV1)('a cgroup that ran into its limits tells what the kernel did about it', async () => {
  makeCgroups()
  const throttle = "timeout 0.6 bash -c 'while :; do :; done'"
  const pid = await startIn(inner, `tail /dev/zero; ${throttle}; echo; exec sleep 300`)
  await usageRests()
  const { last } = await runLimits(linuxAt('/'), { target: String(pid) })
  expect(last('target')?.cgroup.places.find(({ controllers }) => controllers.includes('memory'))).toMatchObject({
    version: 1,
    path: `/${inner}`,
    directory: `${hierarchy}/memory/${inner}`,
  })
  const stat = new Map(
    readFileSync(at('memory', 'memory.stat'), 'utf8')
      .split('\n')
      .map(line => [line.split(' ')[0], Number(line.split(' ')[1])]),
  )
  const memory = last('memory')!
  expect(memory).toMatchObject({
    limitBytes: 64 << 20,
    effectiveLimitBytes: 48 << 20,
    limitedBy: `/${outer}`,
    oomKills: 1,
    cacheBytes: stat.get('total_cache'),
    anonBytes: stat.get('total_rss'),
  })
  expect(Math.abs(memory.usageBytes! - numberIn('memory', 'memory.usage_in_bytes'))).toBeLessThanOrEqual(batchBytes)
  expect(memory.workingSetBytes).toBe(memory.usageBytes! - stat.get('total_inactive_file')!)
  expect(memory.peakBytes).toBeGreaterThan(40 << 20)
  expect(last('cpu')).toMatchObject({ quotaMs: 20, periodMs: 100, limitCores: 0.2, limitedBy: `/${inner}` })
  expect(last('cpu')!.throttledPeriods).toBeGreaterThan(0)
  expect(last('cpu')!.throttledMs).toBeGreaterThan(0)
  expect(last('cpu')!.usageMs).toBeCloseTo(numberIn('cpuacct', 'cpuacct.usage') / 1e6, 0)
  expect(last('pids')).toMatchObject({ current: 1, limit: 40, limitedBy: `/${inner}` })
  expect(last('summary')!.trust.map(({ what, trust }) => `${what} ${trust}`)).toContain('memory container')
})

/** As a runtime does: a private cgroup namespace, with nothing mounted but the cgroup itself. */
const privately = ['unshare', '-C', '-m', 'bash', '-c']
const mountOwn = [
  'umount -l /sys/fs/cgroup; mount -t tmpfs tmpfs /sys/fs/cgroup; mkdir /sys/fs/cgroup/memory',
  'mount -t cgroup -o memory memory /sys/fs/cgroup/memory; exec "$@"',
].join('; ')

test.runIf(isV1)('a neighbour in a private cgroup namespace is read through its root', async () => {
  makeCgroups()
  const pid = await startIn(inner, 'echo; exec sleep 300', ...privately, mountOwn, 'bash')
  const output = join(folder, 'events')
  const look = `'${process.execPath}' '${main}' limits --target ${pid} --json > ${output} 2>&1; echo; exec sleep 300`
  await startIn(beside, look, ...privately, mountOwn, 'bash')
  const events = readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as LimitsEvent)
  const target = events.find(event => event.type === 'target')
  expect(target?.cgroup.places.find(({ controllers }) => controllers.includes('memory'))).toMatchObject({
    path: `/../${inner}`,
    directory: `/proc/${pid}/root/sys/fs/cgroup/memory`,
  })
  expect(events.find(event => event.type === 'memory')).toMatchObject({
    limitBytes: 64 << 20,
    effectiveLimitBytes: 48 << 20,
    limitedBy: null,
  })
})

test.runIf(isV1)('the line of free for a container says what its cgroup says', async () => {
  makeCgroups()
  const pid = await startIn(inner, 'echo; exec sleep 300')
  const { stdout } = spawnSync(process.execPath, own(`free -b --target ${pid}`).slice(1), { encoding: 'utf8' })
  const [total, used, free, , , available] = stdout
    .match(/^Container: +(.*)$/m)![1]!
    .split(/ +/)
    .map(Number)
  const usage = numberIn('memory', 'memory.usage_in_bytes')
  expect(total).toBe(48 << 20)
  expect(Math.abs(free! + usage - (48 << 20))).toBeLessThanOrEqual(batchBytes)
  expect(used! + available!).toBe(48 << 20)
})
