import type { IncomingMessage } from 'node:http'
import { linkSubprotocolPrefix } from '../protocol/terminal-frames.ts'
import type { Access } from '../terminal/links.ts'
import type { Sessions } from '../terminal/sessions.ts'
import { Problem } from './problem.ts'

const linkedPath = /^\/api\/v1\/terminals\/([^/]+)(?:\/stream)?$/

/**
 * What a link's token allows a request: to read of one terminal and to open its stream. A browser can't set headers of a
 * WebSocket, so there the token comes as a subprotocol, and counts even where a cookie would allow more. Undefined where the
 * request brings no link. Throws Problem `unauthenticated` for a link that was ended.
 */
export function accessByLink(sessions: Sessions, path: string, request: IncomingMessage): Access | undefined {
  const id = request.method === 'GET' ? linkedPath.exec(path)?.[1] : undefined
  if (id === undefined) return undefined
  const offered = offeredLink(request)
  if (offered === undefined) return sessions.accessBy(id, bearerOf(request))
  const access = sessions.accessBy(id, offered)
  if (access) return access
  throw new Problem('unauthenticated', 'this link is no longer good', { remedy: 'ask whoever sent it for a new one' })
}

const bearerOf = ({ headers }: IncomingMessage) => /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''

function offeredLink({ headers }: IncomingMessage): string | undefined {
  const offered = headers['sec-websocket-protocol']?.split(',').map(name => name.trim())
  return offered?.find(name => name.startsWith(linkSubprotocolPrefix))?.slice(linkSubprotocolPrefix.length)
}
