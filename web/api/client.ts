/** The path of every route. Relative to the page, so that a proxy may put the page behind a prefix. */
const base = new URL('api/v1/', document.baseURI)

export const apiUrl = (path: string): URL => new URL(path, base)

/** What the server answered instead of success, in the words of its problem+json body. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 when nothing answered. */
  readonly status: number

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

/** A server on the same machine or behind a port-forward answers in milliseconds; after this it is taken for gone. */
const deadlineMs = 10_000

interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
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
  const answer = await readJson(response)
  if (response.ok) return answer
  throw new ApiError(response.status, detailOf(answer) ?? `HTTP ${response.status}`)
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (cause) {
    throw new ApiError(0, 'no answer', cause)
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '')
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function detailOf(answer: unknown): string | undefined {
  const isProblem = typeof answer === 'object' && answer !== null && 'detail' in answer
  return isProblem && typeof answer.detail === 'string' ? answer.detail : undefined
}
