import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { acceptSocket } from '../../server/http/terminal-sockets.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import type { Limits } from '../../server/terminal/limits.ts'
import { Sessions } from '../../server/terminal/sessions.ts'
import { findShell } from '../../server/terminal/shell.ts'
import { shellEnvironment } from '../../server/terminal/shell-environment.ts'

const rcDirectory = join(import.meta.dirname, '../../server/terminal/rc')
const shell = () => findShell({ base: { SHELL: '/bin/bash' }, rcDirectory })!

/** Sessions behind real WebSockets at `/ID?after=N&client=NAME&readOnly&byLink`, without the checks of the HTTP face. */
export async function openTerminals(limits: Partial<Limits>, home: string) {
  const environment = shellEnvironment({ base: { PATH: process.env.PATH, HOME: home } })
  const sessions = new Sessions({ shell, environment: { ...environment, HOME: home }, linux: linuxAt('/'), limits })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const after = searchParams.get('after')
    const client = searchParams.get('client') ?? undefined
    const access = { readOnly: searchParams.has('readOnly'), byLink: searchParams.has('byLink') }
    acceptSocket(request, socket, head, opened =>
      sessions.attach(pathname.slice(1), { after: after === null ? undefined : Number(after), client }, opened, access),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    await sessions.close()
    server.close()
  }
  return { sessions, port: (server.address() as AddressInfo).port, close }
}
