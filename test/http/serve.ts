import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { RunContext } from '../../server/core/context.ts'
import { systemClock } from '../../server/core/context.ts'
import type { ServerOptions } from '../../server/http/options.ts'
import { startServer } from '../../server/http/server.ts'
import { countingRegistry } from '../core/counting-tool.ts'

export const token = 'test-token-of-43-characters'

/** A real server on a free port, over the counting tool alone; it ends with the test. */
export async function serve(options: Partial<ServerOptions<RunContext>> = {}) {
  const server = await startServer<RunContext>({
    registry: countingRegistry,
    context: { clock: systemClock },
    version: '0.0.1',
    token,
    instance: 'test',
    environment: { PATH: process.env.PATH ?? '', HOME: '/' },
    port: 0,
    ...options,
  })
  onTestFinished(() => server.close())
  return { ...server, api: client(server.url) }
}

/** Requests with the token; a body that is an object goes as JSON. */
const client =
  (url: string) =>
  (
    path: string,
    { body, headers, ...init }: Omit<RequestInit, 'body'> & { body?: unknown } = {},
  ): Promise<Response> => {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' }
    return fetch(url + path, {
      ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...init,
      headers: { Authorization: `Bearer ${token}`, ...json, ...headers },
    })
  }

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A request whose every header is the test's, which `fetch` doesn't allow for Host, Origin and Sec-Fetch-Site. */
export function ask(url: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, async incoming => {
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: await text(incoming) })
    })
    outgoing.on('error', reject).end(body)
  })
}

/** The problem that an answer holds. */
export async function problemOf(response: Response) {
  const body = (await response.json()) as Record<string, unknown>
  return { type: response.headers.get('Content-Type'), ...body } as Record<string, unknown>
}

/** The lines of an NDJSON answer. */
export async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  const lines = (await response.text()).split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line))
}

/** Waits until `holds`; the test's own time limit ends a wait in vain. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 20))
}
