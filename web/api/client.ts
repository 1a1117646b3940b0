/** The path of every route. Relative to the page, so that a proxy may put the page behind a prefix. */
const base = new URL('api/v1/', document.baseURI)

export const apiUrl = (path: string): URL => new URL(path, base)

/** What the server answered instead of success, in the words of its problem+json body. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 when nothing answered. */
  readonly status: number
  /** What tells problems of one status apart: `already_exists`. */
  readonly code: string | undefined

  constructor(status: number, message: string, cause?: unknown, code?: string) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

/** A server on the same machine or behind a port-forward answers in milliseconds; after this it is taken for gone. */
const deadlineMs = 10_000

interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  /** Sent in place of the cookie. */
  token?: string
}

/** Calls a route and gives the JSON it answers, undefined for an empty answer. Throws ApiError. */
export async function call(path: string, { method, body, token }: Request): Promise<unknown> {
  const headers = new Headers()
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
  const response = await send(apiUrl(path), {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(deadlineMs),
  })
  const text = await response.text().catch(() => '')
  if (response.ok) return parsed(text)
  throw problemOf(response.status, text)
}

/** An answer that isn't success, by its body. */
export function problemOf(status: number, body: string): ApiError {
  const { detail, code } = Object(parsed(body)) as { detail?: string; code?: string }
  return new ApiError(status, detail ?? `HTTP ${status}`, undefined, code)
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (cause) {
    throw new ApiError(0, 'no answer', cause)
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
