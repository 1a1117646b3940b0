import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { type RunningServer, startServer } from '../../server/http/server.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { registry } from '../../server/tools/registry.ts'
import { type Answer, type Behaviour, behaviours, type Event } from './behaviours.ts'
import { makeWorld, type World } from './world.ts'

let world: World
let server: RunningServer
const token = randomBytes(16).toString('hex')
const authorization = `Bearer ${token}`

beforeAll(async () => {
  world = await makeWorld()
  server = await startServer({
    registry,
    context: { clock: systemClock, linux: linuxAt('/') },
    version: '0.0.0',
    token,
    instance: 'faces',
    environment: {},
    port: 0,
  })
})

afterAll(async () => {
  await server.close()
  await world.close()
})

const tool = (name: string) => `${server.url}/api/v1/tools/${name}`

const post = (name: string, body: object, headers: Record<string, string> = {}) =>
  fetch(tool(name), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** 2 stands for what could not look: an error, whatever its HTTP status. */
function prove({ status, expects }: Behaviour, answer: Answer): void {
  expect(answer.error ? 2 : answer.outcome === 'negative' ? 1 : 0, JSON.stringify(answer.error)).toBe(status)
  expects(answer, world)
}

async function answerOf(response: Response): Promise<Answer> {
  const body = await response.json()
  if (response.ok) return body
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(body).toMatchObject({ status: response.status, type: expect.any(String), title: expect.any(String) })
  return { events: [], error: { ...body, message: body.detail } }
}

describe.each(behaviours)('$tool $does', behaviour => {
  test('by POST, as one JSON document', async () => {
    prove(behaviour, await answerOf(await post(behaviour.tool, behaviour.input(world))))
  })

  test('by POST, as a stream of NDJSON', async () => {
    const response = await post(behaviour.tool, behaviour.input(world), { accept: 'application/x-ndjson' })
    if (!response.ok) return prove(behaviour, await answerOf(response))
    expect(response.headers.get('content-type')).toContain('application/x-ndjson')
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Event)
    const last = lines.at(-1)!
    if (last.type === 'error')
      return prove(behaviour, { events: [], error: last as unknown as NonNullable<Answer['error']> })
    expect(last.type).toBe('summary')
    prove(behaviour, {
      events: lines.slice(0, -1),
      summary: last,
      outcome: behaviour.status === 1 ? 'negative' : 'positive',
    })
  })

  test(behaviour.readOnly ? 'by GET, with a query' : 'never by GET, since it may change something', async () => {
    const query = new URLSearchParams(
      Object.entries(behaviour.input(world)).flatMap(([name, value]) =>
        [value].flat().map(each => [name, String(each)]),
      ),
    )
    const response = await fetch(`${tool(behaviour.tool)}?${query}`, { headers: { authorization } })
    if (behaviour.readOnly) prove(behaviour, await answerOf(response))
    else expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

test('every tool of the list says whether it can work here', async () => {
  const { tools } = await (await fetch(`${server.url}/api/v1/tools`, { headers: { authorization } })).json()
  expect(tools.map(({ name }: { name: string }) => name)).toEqual(registry.map(({ name }) => name))
  for (const { input, event, availability } of tools) {
    expect(input).toMatchObject({ type: 'object', additionalProperties: false })
    expect(JSON.stringify(event)).toContain('"summary"')
    expect(availability).toMatchObject({ available: true })
  }
})

test('an unknown tool is not found', async () => {
  const response = await post('pong', {})
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'not_found', detail: expect.stringContaining('pong') })
})

test('a client that hangs up cancels its run', async () => {
  const hangUp = new AbortController()
  const headers = { authorization, 'content-type': 'application/json', accept: 'application/x-ndjson' }
  const body = JSON.stringify({ url: `http://127.0.0.1:${world.webPort}/slow` })
  const response = await fetch(tool('fetch'), { method: 'POST', headers, body, signal: hangUp.signal })
  const reader = response.body!.getReader()
  await reader.read()
  hangUp.abort()
  await expect(reader.read()).rejects.toThrow()
  const started = performance.now()
  while ((await slowConnections()) > 0 && performance.now() - started < 5000) await systemClock.sleep(20)
  expect(await slowConnections()).toBe(0)
})

/** Connections of ours to the web server that are still open, as the ports tool sees them. */
async function slowConnections(): Promise<number> {
  const answer = await answerOf(await post('ports', { protocol: 'tcp', listening: false, state: ['ESTAB'] }))
  return answer.events.filter(({ peerPort }) => peerPort === world.webPort).length
}
