import { connect } from 'node:net'
import {
  type Exchange,
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
 * Asks once over a TCP connection of its own; each message goes behind its length in two octets (RFC 1035, section 4.2.2),
 * which also bounds what is kept. The time covers the handshake too.
 */
export function exchangeTcp(query: Query, server: ServerAddress, { timeoutMs, signal, clock }: Limits): Promise<Timed> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Timed>()
  const watch = new Stopwatch(clock)
  const end = (exchange: Exchange, durationMs = watch.elapsedMs()) => resolve({ exchange, durationMs })
  const socket = connect({ host: server.address, port: server.port })
  const frame = new Frame()
  const onAbort = () => reject(signal.reason)
  const timer = setTimeout(() => end(failure('timeout')), timeoutMs)
  signal.addEventListener('abort', onAbort, { once: true })
  socket.on('error', error => {
    const found = failureOf(error)
    if (found) end(found)
    else reject(error)
  })
  socket.on('close', () => end(failure('closed')))
  socket.on('data', chunk => {
    const message = frame.add(chunk)
    if (!message) return
    const durationMs = watch.elapsedMs()
    end(judgeReply(message, query), durationMs)
  })
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.bytes.length)
  socket.write(Buffer.concat([length, query.bytes]))
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    socket.destroy()
  })
}

/** One length-prefixed message, gathered from however many segments it comes in. */
class Frame {
  #chunks: Buffer[] = []
  #length = 0

  add(chunk: Buffer): Buffer | undefined {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < 2) return undefined
    const whole = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const end = 2 + whole.readUInt16BE(0)
    if (whole.length >= end) return whole.subarray(2, end)
    this.#chunks = [whole]
    return undefined
  }
}
