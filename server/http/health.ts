import type { IncomingMessage, ServerResponse } from 'node:http'
import { pathOf } from './path.ts'
import { Problem } from './problem.ts'

const paths = ['/healthz', '/readyz']

/** Answers a probe and gives true; false when it is none. `unready` says why a request would fail now, if it would. */
export function answerHealth(request: IncomingMessage, response: ServerResponse, unready: string | undefined): boolean {
  const path = pathOf(request)
  if (!paths.includes(path)) return false
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new Problem('method_not_allowed', `${path} takes GET`, { headers: { Allow: 'GET, HEAD' } })
  if (path === '/readyz' && unready !== undefined) throw new Problem('unavailable', unready)
  response.setHeader('Content-Type', 'application/json')
  response.end('{"status":"ok"}')
  return true
}
