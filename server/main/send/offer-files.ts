import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type ErrorCode, errorTable, ToolError } from '../../core/errors.ts'
import type { KnownTerminal } from './terminal.ts'

/** A line of the server's answer; see server/http/transfers/offers.ts. */
export type SendEvent =
  | { type: 'waiting'; viewers: number }
  | { type: 'offer'; id: string; name: string; sizeBytes: number | null }
  | { type: 'progress' | 'sent'; id: string; sentBytes: number }
  | { type: 'declined'; id: string }
  | SendSummary

export interface SendSummary {
  type: 'summary'
  sent: number
  declined: number
  sentBytes: number
}

/**
 * Holds out files until all were taken or declined; paths are seen from where this process stands. Undefined when a signal ended
 * it, which withdraws them. Throws ToolError.
 */
export async function offerFiles(
  terminal: KnownTerminal,
  files: readonly Buffer[],
  onEvent: (event: SendEvent) => void,
): Promise<SendSummary | undefined> {
  const paths = files.map(pathOf)
  const request = post(terminal, JSON.stringify({ paths, pid: process.pid }))
  let withdrawn = false
  const withdraw = () => {
    withdrawn = true
    request.destroy()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, withdraw)
  try {
    return await follow(await answerOf(request), onEvent)
  } catch (error) {
    if (withdrawn) return undefined
    throw error instanceof ToolError ? error : new ToolError('unavailable', 'ditty is gone', { cause: error })
  }
}

const pathOf = (bytes: Buffer) =>
  Buffer.from(bytes.toString()).equals(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }

/** Not fetch, which gives up on an answer that pauses for five minutes. */
function post({ url, token, id }: KnownTerminal, body: string): ClientRequest {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  const sent = request(`${url}/api/v1/terminals/${encodeURIComponent(id)}/offers`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  })
  sent.end(body)
  return sent
}

async function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  )
  if (answer.statusCode === 200) return answer
  throw problem(await text(answer), answer.statusCode)
}

function problem(body: string, status: number | undefined): ToolError {
  try {
    const { code, detail, message, remedy } = JSON.parse(body) as Record<string, string>
    const known = code !== undefined && code in errorTable ? (code as ErrorCode) : 'unavailable'
    return new ToolError(known, detail ?? message ?? body, remedy === undefined ? {} : { remedy })
  } catch {
    return new ToolError('unavailable', `ditty answered with HTTP ${status}`)
  }
}

async function follow(answer: IncomingMessage, onEvent: (event: SendEvent) => void): Promise<SendSummary> {
  for await (const line of createInterface(answer)) {
    const event = JSON.parse(line) as SendEvent | { type: 'error' }
    if (event.type === 'error') throw problem(line, undefined)
    onEvent(event)
    if (event.type === 'summary') return event
  }
  throw new ToolError('unavailable', 'ditty was stopped')
}
