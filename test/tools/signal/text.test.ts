import { expect, test } from 'vitest'
import { parseInput } from '../../../server/core/input.ts'
import type { SignalEvent, SignalProcess, SignalResult } from '../../../server/tools/signal/schema.ts'
import { noneYet } from '../../../server/tools/signal/tally.ts'
import { signal } from '../../../server/tools/signal/tool.ts'

const screen = { colour: false, isTerminal: false, columns: 80 }

const process: SignalProcess = {
  type: 'process',
  pid: 7,
  ppid: 1,
  pgid: 7,
  sid: 7,
  uid: 1000,
  user: 'web',
  state: 'S',
  tty: null,
  startTime: '2026-11-22T10:00:00.000Z',
  comm: 'ngi\x1bnx',
  args: 'nginx: master\n',
  container: { id: null, name: 'app', runtime: null, podUid: null, kind: 'container', evidence: 'cgroup' },
  disposition: 'caught',
  why: null,
}
const result: SignalResult = {
  type: 'result',
  pid: 7,
  afterMs: 1500.4,
  state: 'S',
  newChildren: [],
  goneChildren: [],
  note: null,
  outcome: 'reloaded',
}

async function told(events: SignalEvent[], view: object = {}, input: object = { signal: 'HUP', pids: [7] }) {
  const render = signal.text(await parseInput(signal.input, input), await parseInput(signal.view, view), screen)
  const chunks = events.flatMap(event => render(event) ?? [])
  return {
    stdout: chunks.filter(chunk => typeof chunk === 'string').join(''),
    stderr: chunks.map(chunk => (typeof chunk === 'object' && 'stderr' in chunk ? chunk.stderr : '')).join(''),
  }
}

test('before, sent, after, and the count of it; control characters are not printed', async () => {
  const summary = { ...noneYet(1, false), selected: 1, sent: 1 }
  summary.outcomes.reloaded = 1
  const { stdout, stderr } = await told([
    process,
    { type: 'sent', pid: 7 },
    { ...result, outcome: 'reloaded', newChildren: [8, 9], goneChildren: [3] },
    summary,
  ])
  expect(stdout).toBe(`7 ngi?nx (web): has a handler for it; nginx: master 
7 ngi?nx: sent
7 ngi?nx: reloaded after 1500 ms: same pid, new children 8 9, left 3

SIGHUP sent to 1 of 1, 1 reloaded
`)
  expect(stderr).toBe('')
})

test('many children are counted by their beginning', async () => {
  const newChildren = Array.from({ length: 20 }, (_, at) => at + 10)
  const { stdout } = await told([{ ...result, outcome: 'reloaded', newChildren }])
  expect(stdout).toContain('new children 10 11 12 13 14 15 16 17 …')
})

test('what was refused or is not there goes to standard error, with the remedy', async () => {
  const summary = { ...noneYet(1, false), selected: 1, denied: 1, missing: [9, -10], unmatched: ['x\x1b'] }
  const { stdout, stderr } = await told([{ type: 'denied', pid: 7, reason: 'because', remedy: 'do so' }, summary])
  expect(stdout).toBe('\nSIGHUP sent to 0 of 1, 1 not permitted\n')
  expect(stderr).toBe(`7: not permitted: because; do so
no process 9 here
no process in group 10
no process for x?
`)
  expect((await told([summary], { quiet: true })).stderr).toBe('')
})

test('instead of what happens, who is chosen', async () => {
  const events: SignalEvent[] = [
    process,
    { ...process, pid: 8, comm: 'b' },
    { type: 'sent', pid: 7 },
    { ...noneYet(0, true), selected: 2 },
  ]
  expect((await told(events, { show: ['pid'], delimiter: ',' })).stdout).toBe('7,8\n')
  expect((await told(events, { show: ['name'] })).stdout).toBe('7 ngi?nx\n8 b\n')
  expect((await told(events, { show: ['count', 'args'] })).stdout).toBe('2\n')
  expect((await told([process, { type: 'sent', pid: 7 }], { echo: false })).stdout).not.toContain('sent')
})
