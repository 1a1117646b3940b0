import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report, run } from '../../server/core/run.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { readPidStat } from '../../server/linux/procfs/pid-stat.ts'
import type { SignalEvent, SignalProcess, SignalResult, SignalSummary } from '../../server/tools/signal/schema.ts'
import { signal } from '../../server/tools/signal/tool.ts'
import {
  asNobody,
  childrenOf,
  ditty,
  dittyWords,
  endAll,
  exitOf,
  isAlive,
  mark,
  start,
  startProgram,
} from './own-processes.ts'

const linux = linuxAt('/')

afterEach(endAll)

interface Ran {
  outcome: 'positive' | 'negative'
  processes: SignalProcess[]
  results: SignalResult[]
  types: string[]
  denied: { pid: number; reason: string; remedy: string }[]
  summary: SignalSummary
}

const contextWith = (signal = new AbortController().signal, stop = signal) => ({
  signal,
  stop,
  clock: systemClock,
  linux,
})

async function send(fields: object): Promise<Ran> {
  const answer = await report(signal, await parseInput(signal.input, fields), contextWith())
  const events = answer.events as SignalEvent[]
  return {
    outcome: answer.outcome,
    processes: events.filter(event => event.type === 'process'),
    results: events.filter(event => event.type === 'result'),
    types: events.map(({ type }) => type),
    denied: events.filter(event => event.type === 'denied'),
    summary: answer.summary as SignalSummary,
  }
}

const master = `
  begin() { sleep 300 & one=$!; sleep 301 & two=$!; }
  trap 'kill $one $two; begin' HUP
  begin; echo ready
  while :; do wait; done`

test('HUP to a master that restarts its workers: reloaded, same pid, new children', async () => {
  const pid = await start(master)
  const before = childrenOf(pid)
  const { outcome, processes, types, results, summary } = await send({ signal: 'HUP', pids: [pid], waitMs: 700 })
  expect(outcome).toBe('positive')
  expect(types).toEqual(['process', 'sent', 'result'])
  expect(processes).toMatchObject([{ pid, comm: 'bash', disposition: 'caught', why: null }])
  expect(results).toMatchObject([{ pid, outcome: 'reloaded', state: 'S', note: null }])
  expect(results[0]?.goneChildren).toEqual(before)
  expect(results[0]?.newChildren).toEqual(childrenOf(pid))
  expect(summary).toMatchObject({ signal: 'SIGHUP', signalNumber: 1, selected: 1, sent: 1, ineffective: 0 })
  expect(summary.outcomes).toMatchObject({ reloaded: 1, exited: 0 })
})

test('a handler that changes nothing outside is still there, and good unless an end was wanted', async () => {
  const pid = await start(`trap : HUP TERM; echo ready; while :; do sleep 0.05; done`)
  const noted = (await send({ signal: 'USR1', pids: [pid], dryRun: true })).processes
  expect(noted).toMatchObject([{ disposition: 'terminate' }])
  const { outcome, results } = await send({ signal: 'TERM', pids: [pid], waitMs: 200 })
  expect(outcome).toBe('negative')
  expect(results).toMatchObject([{ outcome: 'still_there', note: expect.stringContaining('SIGKILL') }])
  const quiet = await start(`trap : HUP; exec 9<> <(:); wait $!; echo ready; read -u 9`)
  const handled = await send({ signal: 'HUP', pids: [quiet], waitMs: 200 })
  expect(handled.results).toMatchObject([{ outcome: 'still_there', note: expect.stringContaining('handler') }])
  expect(handled.outcome).toBe('positive')
})

test('by default it ends, and that is seen at once', async () => {
  const pid = await start('echo ready; exec sleep 300')
  const { outcome, processes, results, summary } = await send({ signal: 'term', pids: [pid], waitMs: 60_000 })
  expect(outcome).toBe('positive')
  expect(processes).toMatchObject([{ disposition: 'terminate' }])
  expect(results).toMatchObject([{ pid, outcome: 'exited', state: null }])
  expect(summary.outcomes.exited).toBe(1)
})

test('what is ignored is said beforehand, and is no success', async () => {
  const pid = await start(`trap '' HUP; echo ready; exec sleep 300`)
  const { outcome, processes, results, summary } = await send({ signal: 'HUP', pids: [pid], waitMs: 60_000 })
  expect(processes).toMatchObject([{ disposition: 'ignored' }])
  expect(results).toMatchObject([{ outcome: 'ignored' }])
  expect(outcome).toBe('negative')
  expect(summary.ineffective).toBe(1)
  const byDefault = await send({ signal: 'WINCH', pids: [pid], waitMs: 60_000 })
  expect(byDefault.processes).toMatchObject([{ disposition: 'ignored', why: expect.stringContaining('SIGWINCH') }])
})

test('a blocked signal waits: pending', async () => {
  const pid = await start('echo ready; exec sleep 300', 'env', '--block-signal=TERM')
  const { outcome, processes, results } = await send({ signal: 'TERM', pids: [pid], waitMs: 200 })
  expect(processes).toMatchObject([{ disposition: 'blocked', why: expect.stringContaining('sigwait') }])
  expect(results).toMatchObject([{ outcome: 'pending', state: 'S', note: expect.stringContaining('unblocks') }])
  expect(outcome).toBe('negative')
  expect((await send({ signal: 'KILL', pids: [pid] })).results).toMatchObject([{ outcome: 'exited' }])
})

test('one thread that does not block a signal is enough to take it', async () => {
  const script = `import signal, threading, time
threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print('ready', flush=True)
time.sleep(300)`
  const pid = await start(`exec python3 -c "$SCRIPT"`, 'env', `SCRIPT=${script}`)
  const { processes, results } = await send({ signal: 'TERM', pids: [pid] })
  expect(processes).toMatchObject([{ disposition: 'terminate' }])
  expect(results).toMatchObject([{ outcome: 'exited' }])
})

test('stopped and continued; between the two a signal waits', async () => {
  const pid = await start('echo ready; exec sleep 300')
  const stopped = await send({ signal: 'STOP', pids: [pid], waitMs: 60_000 })
  expect(stopped.processes).toMatchObject([{ disposition: 'stop' }])
  expect(stopped.results).toMatchObject([{ outcome: 'stopped', state: 'T' }])
  const waiting = await send({ signal: 'HUP', pids: [pid], waitMs: 100 })
  expect(waiting.processes).toMatchObject([{ disposition: 'terminate', why: expect.stringContaining('SIGCONT') }])
  expect(waiting.results).toMatchObject([{ outcome: 'pending' }])
  expect(isAlive(pid)).toBe(true)
  const other = await start('echo ready; exec sleep 300')
  await send({ signal: 'STOP', pids: [other], waitMs: 60_000 })
  const continued = await send({ signal: 'CONT', pids: [pid, other], waitMs: 60_000 })
  expect(continued.processes).toMatchObject([{ disposition: 'continue', why: null }, { disposition: 'continue' }])
  expect(continued.results.find(result => result.pid === other)).toMatchObject({ outcome: 'continued' })
  await exitOf(pid)
})

test('a parent that does not reap leaves a zombie, and no signal helps that', async () => {
  const parent = await start('sleep 300 & echo ready; exec sleep 301')
  const [child] = childrenOf(parent)
  const killed = await send({ signal: 'KILL', pids: [child], waitMs: 200 })
  const note = expect.stringContaining(`parent ${parent} (sleep) has not reaped it`)
  expect(killed.results).toMatchObject([{ pid: child, outcome: 'zombie', state: 'Z', note }])
  expect(killed.outcome).toBe('positive')
  const again = await send({ signal: 'KILL', pids: [child], waitMs: 60_000 })
  expect(again.processes).toMatchObject([
    { state: 'Z', disposition: 'ignored', why: expect.stringContaining('zombie') },
  ])
  expect(again.results).toMatchObject([{ outcome: 'zombie' }])
  expect(again.outcome).toBe('negative')
})

test('a process group, by -N or by one of its members', async () => {
  const group = `exec 2>/dev/null; set -m; (exec -a ${mark} sleep 300 | exec sleep 301) & echo ready; wait; exec sleep 302`
  for (const question of [
    (pgid: number) => ({ pids: [-pgid] }),
    (pgid: number) => ({ pids: [pgid], scope: 'group' }),
  ]) {
    const leader = await start(group)
    const [pgid] = childrenOf(leader)
    const { summary, processes } = await send({ signal: 'TERM', ...question(pgid!), waitMs: 2000 })
    expect(summary.selected).toBeGreaterThanOrEqual(2)
    expect(new Set(processes.map(({ pgid }) => pgid))).toEqual(new Set([pgid]))
    expect(isAlive(leader)).toBe(true)
  }
})

test('a tree: all that came from a process, parents first, and nobody beside', async () => {
  const outer = await start('(sleep 300 & sleep 301 & wait) & sleep 302 & echo ready; wait')
  const beside = await start('echo ready; exec sleep 303')
  const dry = await send({ signal: 'KILL', pids: [outer], scope: 'tree', dryRun: true })
  expect(dry.types).toEqual(Array(5).fill('process'))
  expect(dry.summary).toMatchObject({ selected: 5, sent: 0, dryRun: true })
  expect(isAlive(outer)).toBe(true)
  const { processes, summary } = await send({ signal: 'KILL', pids: [outer], scope: 'tree' })
  expect(processes[0]?.pid).toBe(outer)
  expect(
    processes.every(({ pid, ppid }, at) => pid === outer || processes.slice(0, at).some(p => p.pid === ppid)),
  ).toBe(true)
  expect(summary).toMatchObject({ selected: 5, sent: 5 })
  expect(processes.map(({ pid }) => pid).filter(isAlive)).toEqual([])
  expect(isAlive(beside)).toBe(true)
})

test('pid 1 of a pid namespace takes from inside only what it has a handler for, and that is said beforehand', async () => {
  const events = async (name: string) => {
    const words = dittyWords(['signal', '--json', '--wait-ms', '100', name, '1'])
    const script = `trap : HUP; (exec ${words.join(' ')}); echo ready; sleep 300`
    const unshare = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
    const { lines } = await startProgram([...unshare, 'bash', '--norc', '-c', script, mark])
    return lines.map(line => JSON.parse(line))
  }
  for (const name of ['TERM', 'KILL'])
    expect(await events(name)).toMatchObject([
      { type: 'process', pid: 1, disposition: 'dropped', why: expect.stringContaining(`no handler for SIG${name}`) },
      { type: 'sent', pid: 1 },
      { type: 'result', outcome: 'ignored' },
      { type: 'summary', ineffective: 1 },
    ])
  expect(await events('HUP')).toMatchObject([
    { disposition: 'caught' },
    {},
    { outcome: 'still_there' },
    { ineffective: 0 },
  ])
})

test('from outside, pid 1 of a pid namespace is killed, but drops TERM', async () => {
  const outer = await start('exec unshare --pid --fork --kill-child bash -c "echo ready; sleep 300; :" 2>/dev/null')
  const [pid] = childrenOf(outer)
  const term = await send({ signal: 'TERM', pids: [pid], waitMs: 100 })
  expect(term.processes).toMatchObject([
    { disposition: 'dropped', why: expect.stringContaining('SIGKILL works from here') },
  ])
  expect(term.results).toMatchObject([{ outcome: 'ignored' }])
  expect(isAlive(pid!)).toBe(true)
  const killed = await send({ signal: 'KILL', pids: [pid] })
  expect(killed.processes).toMatchObject([{ disposition: 'terminate' }])
  expect(killed.results).toMatchObject([{ outcome: 'exited' }])
})

test("another user's process is denied, with the reason and the remedy, and lives on", async () => {
  const pid = await start('echo ready; exec sleep 300')
  const { stdout, status } = ditty(['signal', '--json', 'TERM', String(pid)], ...asNobody)
  const [before, denied, summary] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(before).toMatchObject({ type: 'process', pid, disposition: 'terminate' })
  expect(denied).toMatchObject({
    type: 'denied',
    pid,
    reason: `process ${pid} runs as UID 0, ditty as UID 65532 without CAP_KILL`,
    remedy: expect.stringContaining('CAP_KILL'),
  })
  expect(summary).toMatchObject({ selected: 1, sent: 0, denied: 1 })
  expect(status).toBe(1)
  expect(isAlive(pid)).toBe(true)
  const dry = ditty(['signal', '--json', '--dry-run', 'TERM', String(pid)], ...asNobody)
  expect(dry.stdout).toContain('"type":"denied"')
})

test('the same user may, without any capability', async () => {
  const pid = await start('echo ready; exec sleep 300', ...asNobody)
  expect(ditty(['signal', 'TERM', String(pid)], ...asNobody)).toMatchObject({ status: 0, stderr: '' })
})

test('a process that is gone is missing, with what may be the reason', async () => {
  const { outcome, summary, types } = await send({ signal: 'TERM', pids: [2_147_483_647, -2_147_483_646] })
  expect(outcome).toBe('negative')
  expect(types).toEqual([])
  expect(summary).toMatchObject({ selected: 0, missing: [2_147_483_647, -2_147_483_646] })
})

test('one that ends before the signal is sent has vanished, and its pid is not signalled', async () => {
  const pid = await start('echo ready; exec sleep 300')
  const ended = exitOf(pid)
  const events: SignalEvent[] = []
  for await (const event of run(
    signal as never,
    await parseInput(signal.input, { signal: 'HUP', pids: [pid] }),
    contextWith() as never,
  )) {
    events.push(event as SignalEvent)
    if (event.type !== 'process') continue
    process.kill(pid, 'SIGKILL')
    await ended
  }
  expect(events).toMatchObject([{ type: 'process' }, { type: 'result', outcome: 'vanished' }, { sent: 0 }])
})

test('Ctrl-C ends the watch with what is known, a hang-up at once', async () => {
  const pid = await start('trap : TERM; echo ready; while :; do sleep 0.05; done')
  const input = await parseInput(signal.input, { signal: 'TERM', pids: [pid], waitMs: 3_600_000 })
  const never = new AbortController().signal
  const stopped = await report(signal, input, contextWith(never, AbortSignal.timeout(200)))
  expect(stopped.events.at(-1)).toMatchObject({ type: 'result', outcome: 'still_there' })
  await expect(report(signal, input, contextWith(AbortSignal.timeout(200), never))).rejects.toMatchObject({
    code: 'cancelled',
  })
})

test.each([
  [{}, /signal: is missing/],
  [{ signal: 'TERM' }, /nobody is named/],
  [{ signal: 'TREM', pids: [1] }, /there is no signal 'TREM'; did you mean TERM\?/],
  [{ signal: 'TERM', pids: [0] }, /pids: 0 would be ditty's own process group/],
  [{ signal: 'KILL', pids: [-1] }, /pids: -1 would be every process/],
  [{ signal: 'KILL', pids: [process.pid] }, /ditty itself/],
  [{ signal: 'TERM', users: ['no-such-user'] }, /users: no user no-such-user/],
  [{ signal: 'TERM', realGroups: ['no-such-group'] }, /realGroups: no group/],
  [{ signal: 'TERM', patterns: ['('] }, /patterns: '\(' is no regular expression/],
  [{ signal: 'TERM', pids: [1.5] }, /pids/],
  [{ signal: 'TERM', pids: [1], waitMs: -1 }, /waitMs/],
])('%j is refused by its name', async (fields, message) => {
  await expect(send(fields)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) })
})

test('ditty itself is left out of what a pattern or a group brings', async () => {
  const { processes } = await send({ signal: '0', pids: [-readPidStat(linux, 'self').pgid] })
  expect(processes.map(({ pid }) => pid)).not.toContain(process.pid)
})
