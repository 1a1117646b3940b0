/** Holds as many loopback connections as the first word says, both ends, until it is ended; resets them then, so that none stays in TIME-WAIT. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

const held: Socket[] = []
const server = createServer(socket => held.push(socket)).listen(0, '127.0.0.1', 4096)
await once(server, 'listening')
const { port } = server.address() as { port: number }
for (let made = 0; made < Number(process.argv[2]); made++) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  held.push(socket)
}
process.send?.('ready')
process.on('SIGTERM', () => {
  for (const socket of held) socket.resetAndDestroy()
  process.exit(0)
})
