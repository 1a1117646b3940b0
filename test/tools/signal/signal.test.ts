import { expect, test } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { report } from '../../../server/core/run.ts'
import type { SignalEvent, SignalProcess, SignalSummary } from '../../../server/tools/signal/schema.ts'
import { signal } from '../../../server/tools/signal/tool.ts'
import { fixtureLinux } from '../../fixture-linux.ts'
import { withReusedPid } from '../../reused-pid.ts'

async function ask(fixture: string, fields: object) {
  const never = new AbortController().signal
  const context = { signal: never, stop: never, clock: systemClock, linux: fixtureLinux(`proc/${fixture}`) }
  const { events, summary, outcome } = await report(signal, await parseInput(signal.input, fields), context)
  const processes = (events as SignalEvent[]).filter(event => event.type === 'process') as SignalProcess[]
  return { processes, summary: summary as SignalSummary, outcome, pids: processes.map(({ pid }) => pid) }
}

const dry = (fixture: string, fields: object) => ask(fixture, { signal: 'HUP', dryRun: true, ...fields })

test('the target as pid 1 without a handler: what will be dropped is known without sending it', async () => {
  const { processes, outcome } = await dry('web-dbg-restricted', { signal: 'TERM', target: 'app' })
  expect(outcome).toBe('positive')
  expect(processes).toMatchObject([
    { pid: 1, comm: 'busybox', user: '1000', disposition: 'dropped', container: { name: 'app' } },
  ])
  expect(processes[0]?.why).toContain('kubectl delete pod')
})

test('a tree that is not the running kernel is never signalled', async () => {
  await expect(ask('shared-debug', { signal: 'HUP', pids: [8] })).rejects.toMatchObject({ code: 'unsupported' })
})

test('ditty itself is neither named nor found', async () => {
  await expect(dry('odd', { pids: [1] })).rejects.toMatchObject({ message: expect.stringContaining('ditty itself') })
  expect((await dry('odd', { users: ['root', 'web'] })).pids).toEqual([5, 11])
})

test('all that is given has to be true, of a list one is enough', async () => {
  expect((await dry('odd', { users: ['web'] })).pids).toEqual([5])
  expect((await dry('odd', { ttys: ['pts/1', '?'], ppids: [5] })).pids).toEqual([11])
  expect((await dry('odd', { users: ['web'], ppids: [5] })).pids).toEqual([])
  expect((await dry('odd', { users: ['web'], invert: true })).pids).toEqual([11])
  expect((await dry('odd', { pids: [5], scope: 'tree' })).pids).toEqual([5, 11])
  expect((await dry('odd', { ppids: [0, 1, 5], pick: 'newest' })).pids).toHaveLength(1)
})

test('patterns see the name alone, unless the whole command line is asked for', async () => {
  expect((await dry('odd', { patterns: ['S .b'] })).pids).toEqual([5])
  expect((await dry('odd', { patterns: ['two'] })).pids).toEqual([])
  expect((await dry('odd', { patterns: ['two', 'nothing'], full: true })).pids).toEqual([5])
  expect((await dry('odd', { patterns: ['one.two'], full: true })).pids).toEqual([5])
})

test('names and patterns that bring nobody, and pids that are not there, are told and bad', async () => {
  const { summary, outcome } = await dry('odd', { names: ['defunct', 'nginx'] })
  expect(summary).toMatchObject({ selected: 1, unmatched: ['nginx'] })
  expect(outcome).toBe('negative')
  const missing = await dry('odd', { pids: [5, 4242, -4243] })
  expect(missing).toMatchObject({ outcome: 'negative', summary: { selected: 1, missing: [4242, -4243] } })
})

test('a process that /proc hides is not taken for one that is not there', async () => {
  const { summary } = await dry('odd', { pids: [10] })
  expect(summary).toMatchObject({ denied: 1, missing: [] })
})

test('alone in a pid namespace it is said why nobody else is there', async () => {
  const { summary } = await dry('web-dbg-notarget', { names: ['nginx'] })
  expect(summary.notes).toMatchObject([{ remedy: expect.stringContaining('--target') }])
})

test('a pid that was given to another program since it was listed is not taken for the one that was chosen', async () => {
  const linux = withReusedPid(fixtureLinux('proc/odd'), 5, '/proc/5/stat', 1)
  const never = new AbortController().signal
  const context = { signal: never, stop: never, clock: systemClock, linux }
  const input = await parseInput(signal.input, { signal: 'KILL', dryRun: true, users: ['web'] })
  const { events, summary } = await report(signal, input, context)
  expect(events).toMatchObject([{ type: 'result', pid: 5, outcome: 'vanished' }])
  expect(summary).toMatchObject({ selected: 0, outcomes: { vanished: 1 } })
})

test('signals are listed with what they do, or translated', async () => {
  const list = async (words: string[]) =>
    (await report(signal, await parseInput(signal.input, { list: words }), context())).events
  const context = () => ({
    signal: new AbortController().signal,
    stop: new AbortController().signal,
    clock: systemClock,
    linux: fixtureLinux('proc/odd'),
  })
  expect(await list([])).toHaveLength(62)
  expect(await list(['1', 'kill', '143'])).toMatchObject([
    { name: 'SIGHUP', number: 1, defaultAction: 'terminate' },
    { name: 'SIGKILL', number: 9 },
    { name: 'SIGTERM', number: 15 },
  ])
  for (const word of ['128', '193', '255', 'HUPP', ''])
    await expect(list([word])).rejects.toMatchObject({ code: 'invalid_input' })
})

test('only what changes nothing is reached by GET', async () => {
  const mayGet = async (fields: object) => signal.readOnly?.(await parseInput(signal.input, fields))
  expect(await mayGet({ signal: 'HUP', pids: [1] })).toBe(false)
  expect(await mayGet({ signal: 'HUP', pids: [1], dryRun: true })).toBe(true)
  expect(await mayGet({ list: [] })).toBe(true)
})
