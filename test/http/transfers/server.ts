/** A server with terminals and files in a process of its own; prints its port and stops when its input ends. */

import { systemClock } from '../../../server/core/context.ts'
import { files } from '../../../server/http/files/routes.ts'
import { startServer } from '../../../server/http/server.ts'
import { terminals } from '../../../server/http/terminals.ts'
import { linuxAt } from '../../../server/linux/linux.ts'

const environment = { PATH: process.env.PATH ?? '', HOME: '/', TERM: 'xterm-256color' }
const linux = linuxAt('/')
const shell = () => ({ file: '/bin/sh', args: [], environment: {} })
const server = await startServer({
  registry: [],
  context: { clock: systemClock },
  version: '0.0.1',
  token: 'test-token-of-43-characters',
  instance: 'test',
  environment,
  port: 0,
  groups: [async () => terminals({ shell, environment, linux }), async () => files({ linux, clock: systemClock })],
})
await server.loaded
console.log(server.port)
process.stdin.resume()
process.stdin.on('end', () => server.close().then(() => process.exit()))
