import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import dnsPacket from 'dns-packet'

/** What the behaviours look at: a web server, a name server, a listener, and a port where nothing listens. */
export interface World {
  webPort: number
  dnsPort: number
  listenerPort: number
  closedPort: number
  close(): Promise<void>
}

export async function makeWorld(): Promise<World> {
  const web = createHttpServer((request, response) => answerWeb(request.url ?? '/', response)).listen(0, '127.0.0.1')
  const listener = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  const names = createSocket('udp4')
  names.on('message', (message, { port, address }) => {
    const answer = answerName(message)
    if (answer) names.send(answer, port, address)
  })
  names.bind(0, '127.0.0.1')
  await Promise.all([once(web, 'listening'), once(listener, 'listening'), once(names, 'listening')])
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const closedPort = portOf(closed)
  closed.close()
  return {
    webPort: portOf(web),
    dnsPort: names.address().port,
    listenerPort: portOf(listener),
    closedPort,
    async close() {
      names.close()
      listener.close()
      web.closeAllConnections()
      web.close()
      await Promise.all([once(web, 'close'), once(listener, 'close')])
    },
  }
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

function answerWeb(path: string, response: import('node:http').ServerResponse): void {
  if (path === '/slow') return
  response.statusCode = path === '/missing' ? 404 : 200
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(path === '/missing' ? 'gone\n' : '你好, pod\n')
}

/** `loop.test` gets an answer whose name points at itself, `silent.test` none at all. */
function answerName(message: Buffer): Buffer | undefined {
  const { id = 0, questions = [] } = dnsPacket.decode(message)
  const [question] = questions
  if (!question || question.name === 'silent.test') return undefined
  const found = question.name === 'pod.test' && question.type === 'A'
  const reply = dnsPacket.encode({
    type: 'response',
    id,
    flags:
      dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | (found || question.name === 'loop.test' ? 0 : 3),
    questions,
    answers: found ? [{ type: 'A', name: 'pod.test', ttl: 30, data: '10.1.2.3' }] : [],
  })
  return question.name === 'loop.test' ? withLoop(reply) : reply
}

/** Adds an answer whose owner is a compression pointer to itself (RFC 1035 §4.1.4). */
function withLoop(reply: Buffer): Buffer {
  const looped = Buffer.concat([reply, Buffer.alloc(16)])
  looped.writeUInt16BE(1, 6)
  looped.writeUInt16BE(0xc000 | reply.length, reply.length)
  return looped
}
