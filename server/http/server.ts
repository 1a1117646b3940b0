import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunContext } from '../core/context.ts'
import { ToolError } from '../core/errors.ts'
import { Front } from './front.ts'
import { listen } from './listen.ts'
import { defaultLimits, type ServerOptions, type Settings } from './options.ts'

export interface RunningServer {
  /** Where it answers, without the token: `http://127.0.0.1:7681`. */
  url: string
  port: number
  /** Resolves when everything is loaded, rejects when that failed; until then requests wait. */
  loaded: Promise<void>
  /** Ends runs, streams and terminals, and resolves, within 1.5 s, when every socket is closed. */
  close(): Promise<void>
}

/** A probe that comes at once is answered before the loading of the rest holds up the event loop. */
const loadDelayMs = 30
/** What is still open then is cut: kubelet counts to 30, but a person at a shell counts to two. */
const closeGraceMs = 1000

/** Listens on the wished port or the next free one, and resolves as soon as probes are answered. */
export async function startServer<Context extends RunContext>(options: ServerOptions<Context>): Promise<RunningServer> {
  const limits = { ...defaultLimits, ...options.limits }
  const front = new Front({ ...options, limits } as Settings)
  const upgraded = new Set<Duplex>()
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => void front.answer(request, response),
  )
  server.maxConnections = limits.connections
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    void front.upgrade(request, socket, head)
  })
  const { host = '127.0.0.1' } = options
  const port = await listen(server, host, options.port ?? 7681)
  const { promise: loaded, resolve, reject } = Promise.withResolvers<void>()
  loaded.catch(() => undefined)
  const loading = setTimeout(() => front.load().then(() => resolve(), reject), loadDelayMs)
  let closed: Promise<void> | undefined
  const close = () => {
    clearTimeout(loading)
    reject(new ToolError('cancelled', 'closed before it was loaded'))
    closed ??= closeAll(server, front, upgraded)
    return closed
  }
  return { url: urlOf(host, port), port, loaded, close }
}

async function closeAll(server: Server, front: Front, upgraded: Set<Duplex>): Promise<void> {
  const ended = new Promise<void>(resolve => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const cut = delay(closeGraceMs, undefined, { ref: false }).then(() => {
    server.closeAllConnections()
    for (const socket of upgraded) socket.destroy()
  })
  await Promise.all([ended, Promise.race([front.close(), cut])])
  clearInterval(idle)
  // The server counts a destroyed socket as gone before the socket's own listeners, which write the log, hear of it.
  await Promise.all([...upgraded].map(socket => new Promise(resolve => socket.on('close', resolve))))
  await front.flushLog()
}

/** An address of every interface is reached by the loopback one. */
function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}
