import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import type { RunContext } from '../../server/core/context.ts'
import { ToolError } from '../../server/core/errors.ts'
import { defineTool, type Registry, type Tool } from '../../server/core/tool.ts'
import { counting } from '../core/counting-tool.ts'
import { linesOf, serve, until } from './serve.ts'

const path = '/api/v1/tools/counting'
const ndjson = { Accept: 'application/x-ndjson' }

test('the list tells of each tool its words, its schemas and whether it works here', async () => {
  const { api } = await serve()
  const { tools } = (await (await api('/api/v1/tools')).json()) as { tools: Record<string, unknown>[] }
  expect(tools).toHaveLength(1)
  expect(tools[0]).toMatchObject({
    name: 'counting',
    summary: 'Count up to a number',
    applets: ['tally'],
    readOnly: true,
    availability: { available: true },
    input: { type: 'object', required: ['upTo'], additionalProperties: false },
    event: { oneOf: expect.any(Array) },
  })
})

test('a tool that can not work here says why in the list, even by failing to look', async () => {
  const broken: Tool = {
    ...counting,
    available: async () => Promise.reject(new ToolError('internal', 'no /proc')),
  } as never
  const { api } = await serve({ registry: [{ name: 'counting', applets: [], load: async () => broken }] })
  const { tools } = (await (await api('/api/v1/tools')).json()) as { tools: { availability: object }[] }
  expect(tools[0]?.availability).toMatchObject({ available: false, reason: 'no /proc' })
})

test('a run answers with its report', async () => {
  const { api } = await serve()
  const response = await api(path, { body: { upTo: 2, words: ['ü'] } })
  expect(response.headers.get('Content-Type')).toContain('application/json')
  expect(await response.json()).toMatchObject({
    tool: 'counting',
    input: { upTo: 2, words: ['ü'], stepMs: 0 },
    outcome: 'positive',
    events: [
      { type: 'body', data: 'ü', encoding: 'utf8' },
      { type: 'number', value: 1 },
      { type: 'number', value: 2 },
    ],
    summary: { type: 'summary', count: 2 },
  })
})

test('NDJSON gives one event a line, the summary last', async () => {
  const { api } = await serve()
  const response = await api(path, { body: { upTo: 2 }, headers: ndjson })
  expect(response.headers.get('Content-Type')).toBe('application/x-ndjson')
  expect(await linesOf(response)).toEqual([
    { type: 'number', value: 1 },
    { type: 'number', value: 2 },
    { type: 'summary', count: 2 },
  ])
})

test('an event is sent when it happens, not when the run ends', async () => {
  const { api } = await serve()
  const hangUp = new AbortController()
  const response = await api(path, {
    body: { upTo: 2, words: ['first'], stepMs: 60_000 },
    headers: ndjson,
    signal: hangUp.signal,
  })
  const { value } = await response.body!.getReader().read()
  expect(Buffer.from(value!).toString()).toBe('{"type":"body","data":"first","encoding":"utf8"}\n')
  hangUp.abort()
})

test('a stream that fails ends in an error line, a report in a problem', async () => {
  const { api } = await serve()
  const lines = await linesOf(await api(path, { body: { upTo: 3, failAt: 2 }, headers: ndjson }))
  expect(lines.at(-1)).toEqual({ type: 'error', code: 'internal', message: 'it broke' })
  const response = await api(path, { body: { upTo: 3, failAt: 2 } })
  expect(response.status).toBe(500)
  expect(await response.json()).toMatchObject({ code: 'internal', detail: 'it broke' })
})

test('a query is read by the schema, and a wrong word is named by its field', async () => {
  const { api } = await serve()
  const report = await (await api(`${path}?upTo=1&words=a&words=b&stepMs=0.5`)).json()
  expect(report).toMatchObject({ input: { upTo: 1, words: ['a', 'b'], stepMs: 0.5 } })
  const wrong = await api(`${path}?upTo=many&colour=red`)
  expect(wrong.status).toBe(400)
  expect(await wrong.json()).toMatchObject({
    code: 'invalid_input',
    fields: [
      { path: 'upTo', message: 'Invalid input: expected number, received string' },
      { path: 'colour', message: 'no such field' },
    ],
  })
  expect(await (await api(`${path}?upTo=1&upTo=2`)).json()).toMatchObject({ fields: [{ path: 'upTo' }] })
})

test('GET starts no run that may change something, and HEAD none at all', async () => {
  const changing = { ...counting, readOnly: ({ upTo }: { upTo: number }) => upTo < 5 }
  const { api } = await serve({ registry: [{ name: 'counting', applets: [], load: async () => changing as never }] })
  expect((await api(`${path}?upTo=4`)).status).toBe(200)
  const refused = await api(`${path}?upTo=5`)
  expect(refused.status).toBe(405)
  expect(refused.headers.get('Allow')).toBe('POST')
  expect((await api(`${path}?upTo=4`, { method: 'HEAD' })).status).toBe(405)
  expect((await api(path, { body: { upTo: 5 } })).status).toBe(200)
})

test.each([
  ['an unknown tool', '/api/v1/tools/nothing', { body: {} }, 404, 'not_found'],
  ['an applet in place of a tool', '/api/v1/tools/tally', { body: {} }, 404, 'not_found'],
  ['a name of every object', '/api/v1/tools/constructor', { body: {} }, 404, 'not_found'],
  ['a body that is not JSON', path, { body: '{"upTo": 2' }, 400, 'invalid_input'],
  ['a body that is no object', path, { body: '[1]' }, 400, 'invalid_input'],
  ['a missing field', path, { body: {} }, 400, 'invalid_input'],
  ['a field too many', path, { body: { upTo: 1, __proto__x: 1 } }, 400, 'invalid_input'],
  [
    'a body of another type',
    path,
    { body: 'upTo=1', headers: { 'Content-Type': 'text/plain' } },
    415,
    'unsupported_media_type',
  ],
  ['a compressed body', path, { body: '{}', headers: { 'Content-Encoding': 'gzip' } }, 415, 'unsupported_media_type'],
  ['another method', path, { method: 'DELETE' }, 405, 'method_not_allowed'],
  ['another answer than we have', path, { body: { upTo: 1 }, headers: { Accept: 'text/html' } }, 406, 'not_acceptable'],
  ['a path that leads nowhere', '/api/v1/nothing', {}, 404, 'not_found'],
  ['a path that is no text', '/api/v1/tools/%ff', {}, 400, 'invalid_input'],
])('%s is a clear problem', async (_what, path, init, status, code) => {
  const { api } = await serve()
  const response = await api(path, init)
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ status, code, detail: expect.stringMatching(/\w+/) })
  expect(response.status).toBe(status)
})

test('a body that is not JSON is told where', async () => {
  const { api } = await serve()
  const problem = (await (await api(path, { body: '{"upTo": 2' })).json()) as { detail: string }
  expect(problem.detail).toContain('line 1 column 11')
})

test('no body is an empty object, said by a length of 0 or not at all', async () => {
  const { api } = await serve()
  for (const headers of [{ 'Content-Length': '0' }, {}])
    expect(await (await api(path, { method: 'POST', headers })).json()).toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'upTo' }],
    })
})

test('null is no empty object', async () => {
  const { api } = await serve()
  const problem = (await (await api(path, { body: 'null' })).json()) as { status: number; fields: { path: string }[] }
  expect(problem.status).toBe(400)
  expect(problem.fields.map(({ path }) => path)).toEqual([''])
})

test('a method that a route lacks is answered with those it has', async () => {
  const { api } = await serve()
  expect((await api(path, { method: 'PUT' })).headers.get('Allow')).toBe('GET, POST')
  expect((await api('/api/v1/tools', { method: 'POST' })).headers.get('Allow')).toBe('GET')
})

test('__proto__ is a field too many like any other', async () => {
  const { api } = await serve()
  const response = await api(path, { body: '{"upTo": 1, "__proto__": {"stepMs": 5}}' })
  expect(await response.json()).toMatchObject({ code: 'invalid_input', fields: [{ path: '__proto__' }] })
  expect((await api(`${path}?upTo=1&__proto__=5`)).status).toBe(400)
})

/** Counts for ever and tells what became of it. */
function endless() {
  const state = { running: 0, yielded: 0, signalled: false }
  const tool = defineTool({
    name: 'endless',
    summary: 'Never stops',
    input: z.strictObject({ pad: z._default(z.int(), 0) }),
    view: z.strictObject({}),
    event: z.discriminatedUnion('type', [
      z.object({ type: z.literal('tick'), pad: z.string() }),
      z.object({ type: z.literal('summary') }),
    ]),
    positional: [],
    flags: [],
    applets: {},
    async *run({ pad }, { signal, clock }: RunContext) {
      state.running++
      signal.addEventListener('abort', () => (state.signalled = true))
      try {
        for (;;) {
          yield { type: 'tick' as const, pad: 'x'.repeat(pad) }
          state.yielded++
          if (!pad) await clock.sleep(5, signal)
          signal.throwIfAborted()
        }
      } finally {
        state.running--
      }
    },
    outcome: () => 'positive',
    text: () => () => undefined,
  })
  const registry: Registry = [{ name: 'endless', applets: [], load: async () => tool as never }]
  return { state, registry, path: '/api/v1/tools/endless' }
}

test.each([{}, ndjson])('a client that hangs up leaves no run behind (%j)', async headers => {
  const { state, registry, path } = endless()
  const { api } = await serve({ registry })
  const hangUp = new AbortController()
  const response = api(path, { body: {}, headers, signal: hangUp.signal })
  response.catch(() => undefined)
  await until(() => state.running === 1)
  hangUp.abort()
  await until(() => state.running === 0)
  expect(state.signalled).toBe(true)
  expect((await api('/healthz')).status).toBe(200)
})

test('a client that reads slowly slows the tool down instead of filling the memory', async () => {
  const { state, registry, path } = endless()
  const { api } = await serve({ registry })
  const hangUp = new AbortController()
  const response = await api(path, { body: { pad: 10_000 }, headers: ndjson, signal: hangUp.signal })
  let before = -1
  await until(async () => {
    const still = state.yielded === before
    before = state.yielded
    await new Promise(resolve => setTimeout(resolve, 100))
    return still && before > 0
  })
  const reader = response.body!.getReader()
  for (let read = 0; read < 20_000_000; ) read += (await reader.read()).value!.length
  expect(state.yielded).toBeGreaterThan(before)
  hangUp.abort()
  await until(() => state.running === 0)
})

test('a run ends at its time limit: a stoppable one with its summary, another with an error', async () => {
  const { registry, path: endlessPath } = endless()
  const { api } = await serve({
    registry: [...registry, { name: 'counting', applets: [], load: async () => counting }] as Registry,
    limits: { runMs: 100 },
  })
  const stopped = await api(path, { body: { upTo: 100, stepMs: 10_000 } })
  expect(await stopped.json()).toMatchObject({ outcome: 'negative', summary: { count: 1 } })
  const cut = await api(endlessPath, { body: {} })
  expect(cut.status).toBe(504)
  expect(await cut.json()).toMatchObject({ code: 'time_limit', detail: 'a run through the API may take 0.1 s' })
  const lines = await linesOf(await api(endlessPath, { body: {}, headers: ndjson }))
  expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'time_limit' })
})

test('a stream whose client reads nothing is cut off at its time limit', async () => {
  const { state, registry, path } = endless()
  const { api } = await serve({ registry, limits: { runMs: 300 } })
  const response = await api(path, { body: { pad: 10_000 }, headers: ndjson })
  await until(() => state.running === 0)
  await expect(response.text()).rejects.toThrow()
})

test('runs beyond the limit are told to come again', async () => {
  const { state, registry, path } = endless()
  const { api } = await serve({ registry, limits: { runs: 2 } })
  const hangUp = new AbortController()
  for (let run = 0; run < 2; run++) api(path, { body: {}, signal: hangUp.signal }).catch(() => undefined)
  await until(() => state.running === 2)
  const refused = await api(path, { body: {} })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('Retry-After')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 'too_many_requests' })
  hangUp.abort()
  await until(() => state.running === 0)
})

test('a stop of the server ends streams with a reason, and every socket', async () => {
  const { state, registry, path } = endless()
  const { api, close } = await serve({ registry })
  const response = await api(path, { body: {}, headers: ndjson })
  const [lines] = await Promise.all([linesOf(response), until(() => state.yielded > 2).then(close)])
  expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'unavailable', message: 'the server is stopping' })
  expect(state.running).toBe(0)
})
