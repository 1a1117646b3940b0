import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type TerminalsOptions, terminals } from '../../server/http/terminals.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { findShell } from '../../server/terminal/shell.ts'
import { TerminalClient } from '../terminal/terminal-client.ts'
import { serve, token } from './serve.ts'

const rcDirectory = join(import.meta.dirname, '../../server/terminal/rc')
const shell = () => findShell({ base: {}, rcDirectory })!

/** A real server with terminals; it, and every stream opened here, ends with the test. */
export async function serveTerminals(options: Partial<TerminalsOptions> = {}) {
  const environment = { PATH: process.env.PATH ?? '', HOME: '/', TERM: 'xterm-256color' }
  const server = await serve({
    groups: [async () => terminals({ shell, environment, linux: linuxAt('/'), ...options })],
  })
  await server.loaded
  const stream = (path: string, options: ConstructorParameters<typeof TerminalClient>[1] = {}) => {
    const headers = { Authorization: `Bearer ${token}` }
    const client = new TerminalClient(server.url.replace('http', 'ws') + path, { headers, ...options })
    onTestFinished(() => client.socket.terminate())
    return client
  }
  const create = async (body: object) =>
    (await (await server.api('/api/v1/terminals', { body })).json()) as { id: string }
  return { ...server, token, stream, create }
}
