import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report } from '../../server/core/run.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { PsDetails, PsProcess, PsSummary } from '../../server/tools/ps/schema.ts'
import { ps } from '../../server/tools/ps/tool.ts'

const root = join(import.meta.dirname, '../..')
const running: ChildProcess[] = []
/** The sleeping processes that are compared, by what is odd about them. */
const pids: Record<string, number> = {}

/** Starts a shell script that prints a pid, in a process group of its own, and gives that pid. */
async function start(script: string, ...shell: string[]): Promise<number> {
  const [program = 'bash', ...words] = [...shell, 'bash', '-c', script]
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  running.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return Number(line)
}

async function endAll(): Promise<void> {
  for (const child of running.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    process.kill(-child.pid!, 'SIGCONT')
    process.kill(-child.pid!, 'SIGKILL')
    await ended
  }
  // It left its process group for a session of its own.
  process.kill(pids.ownSession!, 'SIGKILL')
}

async function runPs(fields: object = {}) {
  const signal = new AbortController().signal
  const context = { signal, stop: signal, clock: systemClock, linux: linuxAt('/') }
  const answer = await report(ps, await parseInput(ps.input, fields), context)
  return {
    outcome: answer.outcome,
    processes: answer.events.filter(event => event.type === 'process') as PsProcess[],
    summary: answer.summary as PsSummary,
  }
}

beforeAll(async () => {
  pids.plain = await start('echo $$; exec sleep 300')
  pids.nice = await start('echo $$; exec nice -n 5 sleep 300')
  pids.ownSession = await start('echo $$; exec sleep 300', 'setsid', '--fork', '--wait')
  pids.oddArguments = await start(`echo $$; exec -a $'a\\tb (c\\n\\e[31m 你 ' sleep 300`)
  pids.zombieParent = await start('sleep 0.3 & echo $$; exec sleep 300')
  pids.stopped = await start('echo $$; kill -STOP $$; sleep 300')
  pids.manyArguments = await start(`echo $$; exec -a "$(head -c 3000 /dev/zero | tr '\\0' x)" sleep 300`)
  await delay(2500)
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pids.zombieParent)], { encoding: 'utf8' })
  pids.zombie = Number(children)
})

afterAll(endAll)

const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
const native = (words: string[]) => spawnSync('ps', words, { encoding: 'utf8', env: environment })
const ditty = (words: string[]) =>
  spawnSync(process.execPath, [join(root, 'server/main.ts'), 'ps', ...words], { encoding: 'utf8', env: environment })

test.each([
  'u',
  '-f',
  '-j',
  'j',
  'ww',
  '-w -o pid,ppid,pgid,sid,uid,gid,user,stat,s,tty,tname,ni,pri,nlwp,psr,rss,vsz',
  '-o pid,start_time,stime,lstart,time,bsdtime,pmem,comm,args',
  '-o args,pid,comm,user',
  '-o pid=,args=',
  '-o pid,args=WHAT',
  '-o user:3,pid:9,args',
  '--forest',
  '--no-headers',
  '--sort=-pid',
])('ps %s prints what procps prints, to the letter', line => {
  const words = [...line.split(' '), '-p', Object.values(pids).join(',')]
  for (let attempt = 1; ; attempt++) {
    const [expected, actual] = [native(words), ditty(words)]
    // Shares of CPU time fall with every second that passes between the two.
    if (actual.stdout !== expected.stdout && attempt < 5) continue
    expect(actual.stdout).toBe(expected.stdout)
    expect(actual.status).toBe(expected.status)
    return
  }
})

test('every process of the machine has the fields that ps -e shows of it', async () => {
  const columns = 'pid=,ppid=,pgid=,sess=,uid=,rss=,vsz=,nlwp=,ni=,stat='
  const { processes } = await runPs()
  const stdout = execFileSync('ps', ['-eo', columns], { encoding: 'utf8' })
  const natively = new Map(
    stdout.split('\n').map(line => [Number.parseInt(line, 10), line.trim().split(/\s+/).join(' ')]),
  )
  const ours = new Map(
    processes.map(p => [
      p.pid,
      [p.pid, p.ppid, p.pgid, p.sid, p.uid, p.rssBytes / 1024, p.vszBytes / 1024, p.threads, p.nice, p.stat].join(' '),
    ]),
  )
  for (const [name, pid] of Object.entries(pids)) expect(ours.get(pid), name).toBe(natively.get(pid))
  const both = [...ours.keys()].filter(pid => natively.has(pid))
  const identities = (lines: Map<number, string>) => both.map(pid => lines.get(pid)?.split(' ').slice(0, 2).join(' '))
  expect(identities(ours)).toEqual(identities(natively))
  expect(both.length).toBeGreaterThan(ours.size / 2)
})

test('arguments, names and start of a process are whole', async () => {
  const { processes } = await runPs({ pids: Object.values(pids) })
  const of = (name: string) => processes.find(({ pid }) => pid === pids[name])
  expect(of('oddArguments')).toMatchObject({ comm: 'sleep', args: 'a\tb (c\n\x1b[31m 你  300', state: 'S' })
  expect(of('manyArguments')?.args).toBe(`${'x'.repeat(3000)} 300`)
  expect(of('zombie')).toMatchObject({ state: 'Z', rssBytes: 0, args: '[sleep] <defunct>' })
  expect(of('zombie')?.container).toEqual(of('zombieParent')?.container)
  expect(of('stopped')?.state).toBe('T')
  const started = Date.parse(of('plain')?.startTime ?? '')
  expect(Math.abs(Date.now() - (of('plain')?.elapsedSeconds ?? 0) * 1000 - started)).toBeLessThan(5000)
})

test('a terminal and its foreground are seen as ps sees them', async () => {
  const child = spawn('script', ['-qc', 'bash -c "echo pid $$; exec sleep 300"', '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  running.push(child)
  await once(createInterface({ input: child.stdout }), 'line')
  await delay(300)
  const tty = execFileSync('ps', ['-o', 'tty=', '--ppid', String(child.pid)], { encoding: 'utf8' }).trim()
  const { processes } = await runPs({ ttys: [tty] })
  expect(processes.map(({ tty }) => tty)).toEqual(processes.map(() => tty))
  const natively = execFileSync('ps', ['-o', 'pid=,stat=', '-t', tty], { encoding: 'utf8' }).trim().split(/\s+/)
  expect(processes.flatMap(({ pid, stat }) => [String(pid), stat])).toEqual(natively)
})

test('while processes come and go, each listing is whole', async () => {
  const child = spawn('bash', ['-c', 'while :; do /bin/true & /bin/true & wait; done'], {
    stdio: 'ignore',
    detached: true,
  })
  running.push(child)
  for (let round = 0; round < 30; round++) {
    const { processes, outcome } = await runPs()
    expect(outcome).toBe('positive')
    const listed = new Set(processes.map(({ pid }) => pid))
    expect(Object.values(pids).filter(pid => !listed.has(pid))).toEqual([])
    expect(processes.filter(({ comm, ppid }) => comm === '' || Number.isNaN(ppid))).toEqual([])
  }
})

test('a pid and mount namespace of its own is a group of its own, and its pid 1 is told from ours', async () => {
  const outer = spawn(
    'unshare',
    ['--pid', '--mount', '--fork', '--kill-child', 'bash', '-c', 'echo ready; exec sleep 300'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  )
  running.push(outer)
  await once(createInterface({ input: outer.stdout }), 'line')
  const { processes } = await runPs({ ppids: [outer.pid!], pids: [outer.pid!, pids.plain!] })
  const inner = processes.find(({ ppid }) => ppid === outer.pid)
  const plain = processes.find(({ pid }) => pid === pids.plain)
  const unshare = processes.find(({ pid }) => pid === outer.pid)
  expect(inner?.container).toMatchObject({ kind: 'namespace', evidence: 'mount namespace' })
  expect(plain?.container).not.toBe(inner?.container)
  expect(unshare?.container).not.toBe(inner?.container)
})

test('as UID 65532 without capabilities, what is refused of a root process is named with its remedy', async () => {
  const script = `
    const { ps } = await import('${root}/server/tools/ps/tool.ts')
    const { report } = await import('${root}/server/core/run.ts')
    const { parseInput } = await import('${root}/server/core/input.ts')
    const { linuxAt } = await import('${root}/server/linux/linux.ts')
    const { systemClock } = await import('${root}/server/core/context.ts')
    process.setgroups([]), process.setgid(65532), process.setuid(65532)
    const signal = new AbortController().signal
    const input = await parseInput(ps.input, { pid: ${pids.plain} })
    const context = { signal, stop: signal, clock: systemClock, linux: linuxAt('/') }
    console.log(JSON.stringify(await report(ps, input, context)))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  const answer = JSON.parse(stdout)
  const details = answer.events.find(({ type }: { type: string }) => type === 'details') as PsDetails
  expect(details).toMatchObject({ exe: null, cwd: null, root: null, environ: null, namespaces: null, openFiles: null })
  expect(details.cmdline).toEqual(['sleep', '300'])
  expect(details.denied.environ?.reason).toBe(
    `process ${pids.plain} runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE`,
  )
  expect(details.denied.environ?.remedy).toContain('CAP_SYS_PTRACE')
})

test('status 1 for a pid that is not there, as ps', () => {
  expect(native(['-p', '2147483647']).status).toBe(1)
  expect(ditty(['-p', '2147483647']).status).toBe(1)
  expect(ditty(['-l']).status).toBe(1)
  expect(ditty(['-l']).stderr).toContain('ps has no flag -l')
})
