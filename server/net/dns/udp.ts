import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import {
  type Exchange,
  type Failure,
  failure,
  failureOf,
  judgeReply,
  type Limits,
  type ServerAddress,
  Stopwatch,
  type Timed,
} from './exchange.ts'
import type { Query } from './query.ts'

/**
 * Asks once over UDP, from a port the kernel picks at random. The socket is connected: only this server's datagrams reach it,
 * and an ICMP error ends the wait. A datagram that answers another query is passed over, as a forger may have sent it.
 */
export function exchangeUdp(query: Query, server: ServerAddress, { timeoutMs, signal, clock }: Limits): Promise<Timed> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Timed>()
  const watch = new Stopwatch(clock)
  const end = (exchange: Exchange, durationMs = watch.elapsedMs()) => resolve({ exchange, durationMs })
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
  let passedOver: Failure | undefined
  const onAbort = () => reject(signal.reason)
  const onError = (error: unknown) => {
    const found = failureOf(error)
    if (found) end(found)
    else reject(error)
  }
  const timer = setTimeout(() => end(passedOver ?? failure('timeout')), timeoutMs)
  signal.addEventListener('abort', onAbort, { once: true })
  socket.on('error', onError)
  socket.on('message', bytes => {
    const durationMs = watch.elapsedMs()
    const exchange = judgeReply(bytes, query)
    if ('reason' in exchange && exchange.reason === 'mismatched') passedOver = exchange
    else end(exchange, durationMs)
  })
  socket.on('connect', () => {
    watch.restart()
    socket.send(query.bytes, error => error && onError(error))
  })
  socket.connect(server.port, server.address)
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    socket.close()
  })
}
