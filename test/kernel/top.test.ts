import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report, run } from '../../server/core/run.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { TopProcess, TopSample, TopSummary } from '../../server/tools/top/schema.ts'
import { top } from '../../server/tools/top/tool.ts'
import { asNobody, ditty, endAll, native, start, startProgram } from './own-processes.ts'

const pids: Record<string, number> = {}

beforeAll(async () => {
  pids.idle = await start('echo ready; exec sleep 300')
  pids.nice = await start('echo ready; exec nice -n 7 sleep 300')
  pids.busy = await start('echo ready; while :; do :; done')
  pids.nobody = await start('echo ready; exec sleep 300', 'setpriv', '--reuid', '65534')
  pids.threads = (await startProgram([process.execPath, '-e', `setTimeout(() => {}, 3e5); console.log('ready')`])).pid
  const settled = () => native(['ps', '-o', 'comm=', '-p', `${pids.idle},${pids.nice},${pids.nobody}`]).stdout
  await vi.waitFor(() => expect(settled()).toBe('sleep\nsleep\nsleep\n'))
})

afterAll(endAll)

const signal = new AbortController().signal
const context = { signal, stop: signal, clock: systemClock, linux: linuxAt('/') }

async function runTop(fields: object = {}) {
  const answer = await report(top, await parseInput(top.input, { intervalSeconds: 0.3, ...fields }), context)
  return {
    outcome: answer.outcome,
    samples: answer.events.filter(({ type }) => type === 'sample') as TopSample[],
    processes: answer.events.filter(({ type }) => type === 'process') as TopProcess[],
    summary: answer.summary as TopSummary,
  }
}

const own = () => Object.values(pids).join(',')

/** Lines of `top -b` from its header on, those that hold still: all but what moves with time. */
function still(stdout: string): string[] {
  const lines = stdout.split('\n')
  const header = lines.findIndex(line => /^ *PID USER/.test(line))
  return lines.slice(header).map(line => line.replace(/ [SR] +[\d.]+ +([\d.]+) +[\d:.]+ /, ' $1 '))
}

test.each(['', '-w', '-w 120', '-w81', '-e m', '-o PID', '-o -PID', '-o NI', '-i'])(
  'top -b -n1 %s shows processes as procps does',
  flags => {
    const words = ['top', '-b', '-n1', ...flags.split(' ').filter(Boolean), '-p', own()]
    for (let attempt = 1; ; attempt++) {
      const [expected, actual] = [native(words), ditty(words)].map(({ stdout }) => still(stdout))
      // The busy one's memory, and which of the idle ones had a tick, may differ between the two.
      if (attempt < 5 && expected?.toSorted().join() !== actual?.toSorted().join()) continue
      if (flags.startsWith('-o')) expect(actual).toEqual(expected)
      else expect(actual?.toSorted()).toEqual(expected?.toSorted())
      return
    }
  },
)

test.each(['', '-E k', '-E g', '-w 60'])('top -b -n1 %s has the lines of procps above, in the same form', flags => {
  const words = ['top', '-b', '-n1', ...flags.split(' ').filter(Boolean), '-p', own()]
  const form = (stdout: string) =>
    stdout
      .split('\n')
      .slice(0, 6)
      .map(line => line.replaceAll(/ *\d[\d.:]*/g, ' 0'))
  const [expected = [], actual = []] = [native(words), ditty(words)].map(({ stdout }) => form(stdout))
  expect(actual).toEqual(expected)
})

test('-1 has a line for each CPU, of which procps puts two beside each other', () => {
  const form = (words: string[], run: typeof native) =>
    run([...words, '-1', '-w', '300'])
      .stdout.match(/%Cpu\d+ *:[^%]* st/g)
      ?.map(cpu => cpu.replaceAll(/ *\d+\.\d/g, ' 0'))
  const words = ['top', '-b', '-n1']
  expect(form(words, ditty)).toEqual(form(words, native))
})

test('the numbers of one moment are those of ps, free and procps top', async () => {
  const { processes, samples } = await runTop({ pids: Object.values(pids), io: true })
  const columns = 'pid=,ppid=,uid=,pri=,ni=,vsz=,rss=,nlwp=,comm='
  const lines = native(['ps', '-o', columns, '-p', own()]).stdout.trim().split('\n')
  const still = ({ pid }: TopProcess) => pid !== pids.busy && pid !== pids.threads
  const ours = processes
    .filter(still)
    .sort((a, b) => a.pid - b.pid)
    .map(p =>
      [p.pid, p.ppid, p.uid, 39 - p.priority, p.nice, p.virtBytes / 1024, p.resBytes / 1024, p.threads, p.comm].join(
        ' ',
      ),
    )
  const theirs = lines
    .map(line => line.trim().replace(/ +/g, ' '))
    .filter(line => ours.some(own => own.split(' ')[0] === line.split(' ')[0]))
  expect(ours).toEqual(theirs)
  const [sample] = samples
  expect(sample?.tasks).toMatchObject({ total: 5, stopped: 0, zombie: 0 })
  expect(sample?.memory.totalBytes).toBe(Number(native(['free', '-b']).stdout.split(/\s+/)[8]))
  const shown = processes.find(({ pid }) => pid === pids.idle)
  expect(shown?.fds).toBe(
    native(['ls', `/proc/${pids.idle}/fd`])
      .stdout.trim()
      .split('\n').length,
  )
  expect(shown).toMatchObject({ readBytesPerSecond: 0, writtenBytesPerSecond: 0, state: 'S' })
})

test('a busy process is seen busy, an idle one idle, and the sum fits the CPUs', async () => {
  const { processes, samples } = await runTop({ count: 2, intervalSeconds: 0.5 })
  const of = (pid: number | undefined) => processes.filter(process => process.pid === pid)
  expect(of(pids.busy)).toHaveLength(2)
  for (const { cpuPercent } of of(pids.busy)) {
    expect(cpuPercent).toBeGreaterThan(5)
    expect(cpuPercent).toBeLessThanOrEqual(100)
  }
  for (const { cpuPercent } of of(pids.idle)) expect(cpuPercent).toBe(0)
  for (const { cpu, cpus, intervalSeconds } of samples) {
    for (const split of [cpu, ...cpus]) {
      const { cpu: _, ...shares } = { cpu: 0, ...split }
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0)
    }
    expect(intervalSeconds).toBeGreaterThanOrEqual(0.49)
  }
  const sorted = processes.slice(0, samples[0]?.shown).map(({ cpuPercent }) => cpuPercent)
  expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
})

test('what is chosen: users, filters, idle ones left out, a part of the list, a tree, threads', async () => {
  const chosen = async (fields: object) => (await runTop({ io: false, ...fields })).processes
  expect((await chosen({ users: ['nobody'] })).map(({ pid }) => pid)).toContain(pids.nobody)
  expect((await chosen({ users: ['!nobody'] })).map(({ pid }) => pid)).not.toContain(pids.nobody)
  const nice = await chosen({ filters: ['NI=7', 'COMMAND=sleep'] })
  expect(nice.map(({ pid }) => pid)).toEqual([pids.nice])
  const busy = await chosen({ idle: false, pids: [pids.busy, pids.idle] })
  expect(busy.map(({ pid }) => pid)).toEqual([pids.busy])
  const [all, part] = [await chosen({ sort: 'pid' }), await chosen({ sort: 'pid', offset: 2, limit: 3 })]
  expect(part.map(({ pid }) => pid)).toEqual(all.slice(2, 5).map(({ pid }) => pid))
  const tree = await chosen({ tree: true })
  const level = new Map(tree.map(({ pid, treeLevel }) => [pid, treeLevel]))
  for (const { pid, ppid } of tree) if (level.has(ppid)) expect(level.get(pid)).toBe(level.get(ppid)! + 1)
  const threads = await chosen({ threads: true, pids: [pids.threads], sort: 'tid' })
  const lwps = native(['ps', '-Lo', 'lwp=', '-p', String(pids.threads)])
    .stdout.trim()
    .split(/\s+/)
  expect(threads.map(({ tid }) => String(tid)).toSorted()).toEqual(lwps.toSorted())
})

test('as UID 65532 what is refused is null, and the summary says why; the rest is there', () => {
  const main = join(import.meta.dirname, '../../server/main.ts')
  const words = ['ditty', 'top', '--json', '-d', '0.2', '-p', `${pids.idle},${pids.busy}`]
  const { stdout, status } = native([...asNobody, process.execPath, main, ...words])
  const events = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const process_ = events.find(({ pid }) => pid === pids.idle)
  expect(process_).toMatchObject({
    fds: null,
    readBytesPerSecond: null,
    user: 'root',
    comm: 'sleep',
    args: 'sleep 300',
  })
  expect(events.at(-1).notes).toMatchObject([
    { what: 'open files and io', why: expect.stringMatching(/CAP_SYS_PTRACE, and 1 more$/) },
  ])
  expect(status).toBe(0)
})

test('a pid that is gone is missing, a user or column that does not exist an error', async () => {
  const gone = await runTop({ pids: [2 ** 31 - 1] })
  expect(gone).toMatchObject({ outcome: 'negative', processes: [], summary: { missing: [2 ** 31 - 1] } })
  for (const words of [
    ['-u', 'no-such'],
    ['-o', 'COLOUR'],
    ['-n', '0'],
    ['-d', 'x'],
    ['-p', 'x'],
    ['-p', '1', '-u', 'root'],
    ['99'],
  ]) {
    const { status, stderr } = ditty(['top', '-b', '-n1', ...words])
    expect([words, status]).toEqual([words, 1])
    expect(stderr).toMatch(/^top: /)
  }
})

test('Ctrl-C ends a list of samples with what was seen, SIGTERM as it ends any tool', async () => {
  for (const [name, code] of [
    ['SIGINT', 0],
    ['SIGTERM', null],
  ] as const) {
    const words = [join(import.meta.dirname, '../../server/main.ts'), 'top', '-b', '-d', '0.2']
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', data => (output += data))
    const exit = new Promise(resolve => child.on('exit', resolve))
    await vi.waitFor(() => expect(output.match(/^top - /gm)?.length).toBeGreaterThan(1), { timeout: 20_000 })
    child.kill(name)
    expect(await exit).toBe(code)
  }
})

test('while processes come and go beside 2,000, each sample is whole, and nothing impossible is told', async () => {
  const crowd = 'for i in $(seq 2000); do sleep 300 & done; echo ready; wait'
  await start(crowd)
  await start(
    'echo ready; for i in $(seq 100000); do /bin/true & /bin/true & (exec -a renamed sleep 0.01) & wait; done',
  )
  const input = await parseInput(top.input, { count: 12, intervalSeconds: 0.3, threads: false })
  let samples = 0
  let listed = new Set<number>()
  const cpus = Number(execFileSync('nproc', ['--all']))
  for await (const event of run(top, input, context)) {
    if (event.type === 'sample') {
      if (samples++ > 0) for (const pid of Object.values(pids)) expect(listed).toContain(pid)
      const { matching, tasks } = event as TopSample
      expect(matching).toBe(tasks.total)
      expect(matching).toBeGreaterThan(2000)
      listed = new Set()
    }
    if (event.type !== 'process') continue
    const { pid, cpuPercent, memoryPercent, resBytes, shrBytes, comm, cpuTimeMs, readBytesPerSecond } =
      event as TopProcess
    expect(listed.has(pid)).toBe(false)
    listed.add(pid)
    const possible =
      cpuPercent >= 0 &&
      cpuPercent <= 100 * cpus &&
      memoryPercent <= 100 &&
      resBytes >= 0 &&
      shrBytes >= 0 &&
      cpuTimeMs >= 0
    if (!possible || comm === '' || (readBytesPerSecond ?? 0) < 0) expect(event).toBe('possible')
  }
  expect(samples).toBe(12)
})
