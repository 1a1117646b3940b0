import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { terminals } from '../../server/http/terminals.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { serve, token } from './serve.ts'

vi.mock('../../server/http/terminal-sockets.ts', () => {
  throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
})

test('where the WebSocket library cannot be loaded the client is let go, and the server lives on', async () => {
  const shell = () => ({ file: '/bin/sh', args: [], environment: {} })
  const server = await serve({ groups: [async () => terminals({ shell, environment: {}, linux: linuxAt('/') })] })
  await server.loaded
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname).resume()
  onTestFinished(() => void socket.destroy())
  const fields = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
  ]
  socket.write(`${['GET /api/v1/terminals/any/stream HTTP/1.1', ...fields].join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  expect((await server.api('/api/v1/terminals')).status).toBe(200)
})
