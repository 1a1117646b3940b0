import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { errorTable, ToolError } from '../../server/core/errors.ts'
import { parseInput } from '../../server/core/input.ts'
import { Payload } from '../../server/core/payload.ts'
import { maxReportBodyBytes, report, run, runInPortions } from '../../server/core/run.ts'
import { defineTool } from '../../server/core/tool.ts'
import { counting } from './counting-tool.ts'

const quiet = () => new AbortController().signal
const context = (signal = quiet(), stop = quiet()) => ({ signal, stop, clock: systemClock })
const input = (fields: object) => parseInput(counting.input, fields)

test('a report holds the input with its defaults, the events without the summary, and the outcome', async () => {
  const answer = await report(counting, await input({ upTo: 2 }), context())
  expect(answer).toMatchObject({
    tool: 'counting',
    input: { upTo: 2, words: [], stepMs: 0 },
    outcome: 'positive',
    events: [
      { type: 'number', value: 1 },
      { type: 'number', value: 2 },
    ],
    summary: { type: 'summary', count: 2 },
  })
  expect(answer.truncated).toBeUndefined()
})

test('a report keeps the first 100,000 events and says that it cut', async () => {
  const answer = await report(counting, await input({ upTo: 100_001 }), context())
  expect(answer.events).toHaveLength(100_000)
  expect(answer.truncated).toBe(true)
  expect(answer.summary).toEqual({ type: 'summary', count: 100_001 })
})

test('a report keeps the first MiB of body, cut in the middle of a payload where it must be', async () => {
  const words = ['a'.repeat(maxReportBodyBytes - 3), 'bbbbb', 'ccc']
  const answer = await report(counting, await input({ upTo: 0, words }), context())
  expect(answer.events.map(event => JSON.parse(JSON.stringify(event)).data.length)).toEqual([maxReportBodyBytes - 3, 3])
  expect(answer.truncated).toBe(true)
})

test('the cut leaves characters whole, so that text stays text', async () => {
  const words = ['a'.repeat(maxReportBodyBytes - 4), '你好']
  const answer = await report(counting, await input({ upTo: 0, words }), context())
  expect(answer.events.map(event => JSON.parse(JSON.stringify(event))).at(-1)).toMatchObject({
    data: '你',
    encoding: 'utf8',
  })
})

test('a body that was cut stays cut: nothing of later payloads fills what the cut left', async () => {
  const words = ['a'.repeat(maxReportBodyBytes - 2), '你', 'b', 'b']
  const answer = await report(counting, await input({ upTo: 0, words }), context())
  expect(answer.events.map(event => JSON.parse(JSON.stringify(event)).data.length)).toEqual([maxReportBodyBytes - 2])
  expect(answer.truncated).toBe(true)
})

test('bytes that are no text are cut at the bound', async () => {
  for (const room of [1, 2]) {
    const sizes = [maxReportBodyBytes - room, 64]
    const pouring: typeof counting = {
      ...counting,
      async *run() {
        for (const size of sizes) yield new Payload(Buffer.alloc(size, 0x80))
        yield { type: 'summary' as const, count: 0 }
      },
    }
    const { events } = await report(pouring, await input({ upTo: 0 }), context())
    expect(events.map(event => (event as Payload).bytes.length)).toEqual([maxReportBodyBytes - room, room])
  }
})

test('an unknown fault of a tool is an internal ToolError that keeps its words', async () => {
  const running = Array.fromAsync(run(counting, await input({ upTo: 3, failAt: 2 }), context()))
  await expect(running).rejects.toMatchObject({ name: 'ToolError', code: 'internal', message: 'it broke' })
})

test('an aborted run ends as cancelled, a stopped one with its summary', async () => {
  const cancelled = Array.fromAsync(
    run(counting, await input({ upTo: 9, stepMs: 5000 }), context(AbortSignal.timeout(20))),
  )
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  const stopped = await report(
    counting,
    await input({ upTo: 9, stepMs: 5000 }),
    context(quiet(), AbortSignal.timeout(20)),
  )
  expect(stopped.outcome).toBe('negative')
})

test('events that come in portions are the same events, one by one or as they came', async () => {
  const flood: typeof counting = {
    ...counting,
    async *run() {
      yield [1, 2].map(value => ({ type: 'number' as const, value }))
      yield [
        { type: 'number' as const, value: 3 },
        { type: 'summary' as const, count: 3 },
      ]
    },
  }
  const portions = await Array.fromAsync(runInPortions(flood, await input({ upTo: 3 }), context()))
  expect(portions.map(portion => portion.length)).toEqual([2, 2])
  const events = await Array.fromAsync(run(flood, await input({ upTo: 3 }), context()))
  expect(events).toEqual(portions.flat())
  expect(events.at(-1)).toEqual({ type: 'summary', count: 3 })
})

test('wrong input names every wrong field and what would be right', async () => {
  const error = await input({ upTo: -1, words: 'x', colour: true }).catch(error => error)
  expect(error).toBeInstanceOf(ToolError)
  expect(error.fields).toEqual([
    { path: 'upTo', message: 'Too small: expected number to be >=0' },
    { path: 'words', message: 'Invalid input: expected array, received string' },
    { path: 'colour', message: 'no such field' },
  ])
  expect(error.message).toContain('colour: no such field')
})

test('the table of error codes is a promise', () => {
  const promised = Object.fromEntries(
    Object.entries(errorTable).map(([code, { exitStatus, httpStatus }]) => [code, [exitStatus, httpStatus]]),
  )
  expect(promised).toEqual({
    invalid_input: [2, 400],
    not_found: [2, 404],
    not_permitted: [2, 403],
    unsupported: [2, 501],
    unavailable: [2, 503],
    cancelled: [130, 499],
    internal: [2, 500],
  })
})

test('a tool that ends without a summary broke its contract, and says so', async () => {
  const silent = defineTool({ ...counting, async *run() {} })
  await expect(Array.fromAsync(run(silent, await input({ upTo: 1 }), context()))).rejects.toMatchObject({
    code: 'internal',
    message: 'counting ended without a summary',
  })
})
