import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { abortable } from '../../core/abortable.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { Deadlines } from './deadlines.ts'
import type { HttpRequest } from './exchange.ts'
import { socketFailure, TransferFailure } from './failure.ts'
import { first, type HeaderList, pairs } from './headers.ts'
import type { Stopwatch } from './timing.ts'
import { keepYoungGenerationSmall } from './young-generation.ts'

/** The head of an answer. `interim`: one of the 1xx that come before the real one (RFC 9110, 15.2). */
export interface Answer {
  type: 'response' | 'interim'
  status: number
  statusText: string
  httpVersion: string
  headers: HeaderList
}

/** Fields after a chunked body (RFC 9110, 6.5). */
export interface Trailers {
  type: 'trailers'
  headers: HeaderList
}

/** What curl bounds a response's head to (300 KiB); Node's own 16 KiB refuses answers that work elsewhere. */
const maxHeadBytes = 300 * 1024

/** The answer being received, and what broke it. */
export interface Receiving {
  response: IncomingMessage
  /** 101 and the like: what follows is no HTTP. */
  upgraded: boolean
  fault(): Error | undefined
}

/** Sends the request over the connected socket and awaits the head of the answer. */
export async function* sendRequest(
  socket: Socket,
  request: HttpRequest,
  deadlines: Deadlines,
  stopwatch: Stopwatch,
  idleMs: number,
): AsyncGenerator<Answer, Receiving> {
  deadlines.phase = 'send'
  const interim: Answer[] = []
  const message = await compose(socket, request)
  message.on('information', info => interim.push(headOf('interim', info)))
  message.once('finish', () => {
    deadlines.phase = 'receive'
  })
  socket.prependOnceListener('data', () => stopwatch.mark('starttransferMs'))
  socket.prependListener('data', () => deadlines.sawBytes())
  const answer = answerTo(message, socket)
  message.end(request.body)
  deadlines.watchSilence(idleMs)
  try {
    const receiving = await abortable(answer, deadlines.signal)
    deadlines.phase = 'receive'
    yield* interim
    yield headOf('response', receiving.response)
    return receiving
  } catch (error) {
    throw deadlines.signal.aborted ? error : answerFailure(deadlines.phase, socket, error)
  }
}

async function compose(socket: Socket, { url, method, headers }: HttpRequest): Promise<ClientRequest> {
  const { request } = await import('node:http')
  const message = request({
    createConnection: () => socket,
    method,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    maxHeaderSize: maxHeadBytes,
    insecureHTTPParser: true,
  })
  message.maxHeadersCount = 0
  const names = new Set(headers.map(([name]) => name))
  for (const name of names) {
    const values = headers.filter(([key]) => key === name).map(([, value]) => onTheWire(value))
    message.setHeader(name, values.length === 1 ? values[0]! : values)
  }
  for (const name of ['connection', 'content-length', 'transfer-encoding'])
    if (first(headers, name) === undefined) message.removeHeader(name)
  return message
}

/** Node writes headers as Latin-1: the bytes of UTF-8 pass through it unharmed. */
const onTheWire = (value: string) => Buffer.from(value, 'utf8').toString('latin1')

function answerTo(message: ClientRequest, socket: Socket): Promise<Receiving> {
  let fault: Error | undefined
  const keep = (error: Error) => {
    fault ??= error
  }
  socket.on('error', keep)
  return new Promise((resolve, reject) => {
    message.on('error', error => {
      keep(error)
      reject(fault)
    })
    message.once('response', response => resolve({ response, upgraded: false, fault: () => fault }))
    message.once('upgrade', response => resolve({ response, upgraded: true, fault: () => fault }))
  })
}

interface Head {
  statusCode?: number | undefined
  statusMessage?: string | undefined
  httpVersion: string
  rawHeaders: string[]
}

const headOf = (type: Answer['type'], { statusCode, statusMessage, httpVersion, rawHeaders }: Head): Answer => ({
  type,
  status: statusCode ?? 0,
  statusText: statusMessage ?? '',
  httpVersion,
  headers: pairs(rawHeaders),
})

/** From here on a body's buffers would show in the process's memory. */
const largeBodyBytes = 4 << 20

/** The body as it comes, then the trailers if there are any. */
export async function* receiveBody(
  { response, upgraded, fault }: Receiving,
  deadlines: Deadlines,
): AsyncGenerator<{ type: 'bytes'; bytes: Uint8Array } | Trailers> {
  if (upgraded) return
  const stop = () => response.destroy()
  deadlines.signal.addEventListener('abort', stop, { once: true })
  let received = 0
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      received += bytes.length
      if (received > largeBodyBytes && received - bytes.length <= largeBodyBytes) await keepYoungGenerationSmall()
      deadlines.pause()
      yield { type: 'bytes', bytes }
      deadlines.resume()
    }
  } catch {
    deadlines.signal.throwIfAborted()
    throw bodyFailure(fault(), received, response.headers['content-length'])
  } finally {
    deadlines.signal.removeEventListener('abort', stop)
  }
  deadlines.signal.throwIfAborted()
  if (response.rawTrailers.length > 0) yield { type: 'trailers', headers: pairs(response.rawTrailers) }
}

/** Why there is no head of an answer. */
function answerFailure(phase: 'send' | 'receive', socket: Socket, error: unknown): TransferFailure {
  const code = errnoOf(error)
  if (code === 'HPE_HEADER_OVERFLOW')
    return new TransferFailure('receive', 'headers_too_large', `the answer's head is over ${maxHeadBytes} bytes`, {
      code,
    })
  if (code?.startsWith('HPE_')) return parseFailure(error as Error, code)
  if (code === 'ECONNRESET' && (error as NodeJS.ErrnoException).syscall === undefined)
    return new TransferFailure('receive', 'empty', 'the server closed the connection without an answer', {
      hint: 'it may have crashed on the request, or expects TLS or another protocol on that port',
    })
  if (socket.bytesRead > 0) return socketFailure('receive', 'waiting for the answer', error)
  return socketFailure(phase, phase === 'send' ? 'sending the request' : 'waiting for the answer', error)
}

/** How much of an answer that isn't HTTP is shown. */
const shownBytes = 60

function parseFailure(error: Error, code: string): TransferFailure {
  const packet = 'rawPacket' in error && error.rawPacket instanceof Uint8Array ? error.rawPacket : new Uint8Array()
  const start = JSON.stringify(Buffer.from(packet.subarray(0, shownBytes)).toString('latin1'))
  if (!Buffer.from(packet).toString('latin1').startsWith('HTTP/'))
    return new TransferFailure('receive', 'not_http', `the answer is not HTTP/1: it begins ${start}`, { code })
  return new TransferFailure('receive', 'malformed', `the answer is not well-formed HTTP: ${error.message}`, { code })
}

function bodyFailure(fault: Error | undefined, received: number, contentLength: string | undefined): TransferFailure {
  const code = errnoOf(fault)
  if (code?.startsWith('HPE_'))
    return new TransferFailure('receive', 'malformed', `the body is not well-formed: ${fault?.message}`, { code })
  if (fault && (fault as NodeJS.ErrnoException).syscall !== undefined)
    return socketFailure('receive', `after ${received} bytes of body`, fault)
  const left = contentLength === undefined ? '' : `, ${Number(contentLength) - received} bytes before its end`
  return new TransferFailure('receive', 'truncated', `the server closed the connection in the body${left}`)
}
