import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { acceptSocket } from '../../server/http/terminal-sockets.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { Limits } from '../../server/terminal/limits.ts'
import { type Access, fullAccess } from '../../server/terminal/links.ts'
import type { SessionRequest } from '../../server/terminal/session-info.ts'
import { Sessions } from '../../server/terminal/sessions.ts'
import { findShell } from '../../server/terminal/shell.ts'
import { shellEnvironment } from '../../server/terminal/shell-environment.ts'
import { TerminalClient } from './terminal-client.ts'

const rcDirectory = join(import.meta.dirname, '../../server/terminal/rc')
const shell = () => findShell({ base: { SHELL: '/bin/bash' }, rcDirectory })!

/** Sessions behind real WebSockets, without the checks of the HTTP face; all of it ends with the test. */
export async function startTerminals(limits: Partial<Limits> = {}, home = '/') {
  const environment = shellEnvironment({ base: { PATH: process.env.PATH, HOME: home } })
  const sessions = new Sessions({ shell, environment: { ...environment, HOME: home }, linux: linuxAt('/'), limits })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const after = searchParams.get('after')
    const access = { readOnly: searchParams.has('readOnly'), byLink: searchParams.has('byLink') }
    acceptSocket(request, socket, head, opened =>
      sessions.attach(pathname.slice(1), after === null ? undefined : Number(after), opened, access),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clients = new Set<TerminalClient>()
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate()
    await sessions.close()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const connect = (id: string, after?: number, acks = true, { readOnly, byLink }: Access = fullAccess) => {
    const query = new URLSearchParams(after === undefined ? {} : { after: String(after) })
    if (readOnly) query.set('readOnly', '')
    if (byLink) query.set('byLink', '')
    const client = new TerminalClient(`ws://127.0.0.1:${port}/${id}?${query}`, { after: after ?? 0, acks })
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
