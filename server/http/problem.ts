import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorTable, type FieldError, ToolError } from '../core/errors.ts'

/** Refusals that only HTTP knows. Tools' own codes keep the status that core's table gives them. */
const httpTable = {
  unauthenticated: { httpStatus: 401, title: 'A token is needed' },
  forbidden_host: { httpStatus: 403, title: 'Host not allowed' },
  forbidden_origin: { httpStatus: 403, title: 'Origin not allowed' },
  method_not_allowed: { httpStatus: 405, title: 'Method not allowed' },
  not_acceptable: { httpStatus: 406, title: 'Not acceptable' },
  conflict: { httpStatus: 409, title: 'Conflict' },
  already_exists: { httpStatus: 409, title: 'Something is there already' },
  offset_mismatch: { httpStatus: 409, title: 'Another offset is expected' },
  precondition_failed: { httpStatus: 412, title: 'It has changed' },
  body_too_large: { httpStatus: 413, title: 'Body too large' },
  unsupported_media_type: { httpStatus: 415, title: 'Unsupported media type' },
  range_not_satisfiable: { httpStatus: 416, title: 'Range not satisfiable' },
  too_many_requests: { httpStatus: 429, title: 'Too many requests' },
  time_limit: { httpStatus: 504, title: 'Time limit reached' },
} as const

const table = { ...errorTable, ...httpTable }

export type ProblemCode = keyof typeof table

export const problemCodes = Object.keys(table)

export interface ProblemOptions {
  /** What to do about it, as one sentence. */
  remedy?: string | undefined
  fields?: FieldError[] | undefined
  headers?: Record<string, string>
  cause?: unknown
}

/** What an HTTP request is refused or fails with, on its way to `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly remedy: string | undefined
  readonly fields: FieldError[] | undefined
  readonly headers: Record<string, string>

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause })
    const { httpStatus, title } = table[code]
    this.code = code
    this.status = httpStatus
    this.title = title
    this.remedy = options.remedy
    this.fields = options.fields
    this.headers = options.headers ?? {}
  }

  /** Anything thrown, as a problem: what is neither ours nor a tool's is a fault of ours. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error
    if (isBadRequest(error)) return new Problem('invalid_input', error.message, { cause: error })
    const { code, message, remedy, fields } = ToolError.from(error)
    return new Problem(code, message, { remedy, fields, cause: error })
  }

  /** The body of an answer. `type` names the problem and leads nowhere, which RFC 9457 §3.1.1 allows. */
  toJSON() {
    const { code, status, title, message: detail, remedy, fields } = this
    return { type: `urn:problem-type:ditty:${code}`, title, status, detail, code, remedy, fields }
  }
}

/** How express's router refuses a path it can't decode. */
function isBadRequest(error: unknown): error is Error {
  return error instanceof Error && 'status' in error && error.status === 400
}

/** Answers with a problem; what was already begun is cut off, so that nobody takes half an answer for a whole one. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = JSON.stringify(problem)
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  response.setHeader('Content-Type', 'application/problem+json')
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.statusCode = problem.status
  response.end(body)
}

const refused = new WeakMap<Duplex, number>()

/** How the upgrade of a socket was answered: with the status that `refuseUpgrade` sent, or 101. */
export const upgradeStatus = (socket: Duplex): number => refused.get(socket) ?? 101

/** Refuses an upgrade, on the bare socket that Node hands over. */
export function refuseUpgrade(socket: Duplex, problem: Problem): void {
  refused.set(socket, problem.status)
  const body = JSON.stringify(problem)
  const headers = {
    ...problem.headers,
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}
