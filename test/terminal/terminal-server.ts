import { onTestFinished } from 'vitest'
import type { Limits } from '../../server/terminal/limits.ts'
import { type Access, fullAccess } from '../../server/terminal/links.ts'
import type { SessionRequest } from '../../server/terminal/session-info.ts'
import { type Acks, ackFrames, TerminalClient } from './terminal-client.ts'
import { openTerminals } from './terminals-behind-sockets.ts'

/** Terminals in this process; all of it ends with the test. */
export async function startTerminals(limits: Partial<Limits> = {}, home = '/') {
  const { sessions, port, close } = await openTerminals(limits, home)
  const clients = new Set<TerminalClient>()
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate()
    await close()
  })
  /** By default for every byte; null asks for none, as a page that knows nothing yet. */
  const connect = (
    id: string,
    after: number | null = 0,
    acks: Acks = ackFrames,
    access: Access = fullAccess,
    name?: string,
  ) => {
    const { readOnly, byLink } = access
    const query = new URLSearchParams(after === null ? {} : { after: String(after) })
    if (readOnly) query.set('readOnly', '')
    if (name !== undefined) query.set('client', name)
    if (byLink) query.set('byLink', '')
    const client = new TerminalClient(`ws://127.0.0.1:${port}/${id}?${query}`, { after, acks })
    clients.add(client)
    return client
  }
  return {
    sessions,
    connect,
    create: (request: Partial<SessionRequest> = {}) => sessions.create({ cols: 80, rows: 24, ...request }),
    /** A session that runs a script of bash. */
    run: (script: string, request: Partial<SessionRequest> = {}) =>
      sessions.create({ cols: 80, rows: 24, command: ['bash', '-c', script], ...request }),
  }
}
