import { expect, test } from 'vitest'
import { parseInput } from '../../../server/core/input.ts'
import type { Screen } from '../../../server/core/tool.ts'
import { type PsEvent, type PsProcess, type PsSummary, view as viewSchema } from '../../../server/tools/ps/schema.ts'
import { ps } from '../../../server/tools/ps/tool.ts'

const pipe: Screen = { colour: false, columns: 80, isTerminal: false }

const process = (pid: number, ppid: number, comm: string, more: Partial<PsProcess> = {}) =>
  ({ type: 'process', pid, ppid, pgid: pid, uid: 0, user: 'root', comm, ...more }) as PsProcess

async function draw(events: PsEvent[], { screen = pipe, view = {}, input = {} } = {}) {
  const render = ps.applets.pstree!.text!(
    await parseInput(ps.input, input),
    (await parseInput(viewSchema, view)) as never,
    screen,
  )
  const summary: PsSummary = {
    type: 'summary',
    processes: events.length,
    threads: 0,
    containers: [],
    vanished: 0,
    missing: [],
    notes: [],
  }
  return [...events, summary].flatMap(event => render(event) ?? []).join('')
}

test('control characters and bytes that are no text are escaped; Chinese is as wide as it is', async () => {
  const tree = [process(1, 0, 'a\\b\x1b[31m'), process(2, 1, '进程'), process(3, 1, 'x\ufffd\n'), process(4, 2, 'end')]
  expect(await draw(tree)).toBe('a\\\\b\\033[31m-+-x?\\012\n             `-进程---end\n')
})

test('a line is cut between characters, never within one of two cells', async () => {
  const screen = { ...pipe, isTerminal: true, columns: 10 }
  expect(await draw([process(1, 0, 'abcd'), process(2, 1, '进程进程')], { screen })).toBe('abcd───进+\n')
})

test('a chain of 30,000 processes, and a parent that is its own child', async () => {
  const chain = Array.from({ length: 30_000 }, (_, at) => process(at + 1, at, 'sh'))
  const drawn = await draw(chain)
  expect(drawn).toMatch(/^sh(---sh)+---s\+\n$/)
  expect(await draw([process(7, 7, 'loop')])).toBe('loop\n')
})
