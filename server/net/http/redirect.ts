import type { HttpRequest } from './exchange.ts'
import { TransferFailure } from './failure.ts'
import { first, type HeaderList, isSecret } from './headers.ts'
import type { Answer } from './message.ts'
import { shownUrl, urlProblem } from './url.ts'

const redirects = new Set([301, 302, 303, 307, 308])

/** Where an answer sends the client; undefined when it doesn't. */
export const locationOf = ({ status, headers }: Answer): string | undefined =>
  redirects.has(status) ? first(headers, 'location') : undefined

/**
 * The request that a redirect asks for: POST becomes GET after 301, 302 and 303 (the fetch standard, 4.4), and what proves
 * who we are stays with its origin. Throws TransferFailure where the location can't be followed.
 */
export function redirected(request: HttpRequest, status: number, location: string): HttpRequest {
  const url = resolved(request.url, location)
  const sameOrigin = url.origin === request.url.origin
  const headers = sameOrigin ? request.headers : request.headers.filter(([name]) => !isSecret(name))
  const named: HeaderList = headers.map(([name, value]) =>
    name.toLowerCase() === 'host' && !sameOrigin ? [name, url.host] : [name, value],
  )
  if (!becomesGet(request.method, status)) return { ...request, url, headers: named }
  const bare = named.filter(([name]) => !/^(content-.*|transfer-encoding|expect)$/i.test(name))
  return { url, method: 'GET', headers: bare, body: undefined }
}

const becomesGet = (method: string, status: number) =>
  (status === 303 && method !== 'GET' && method !== 'HEAD') || (status <= 302 && method === 'POST')

function resolved(from: URL, location: string): URL {
  const bad = (message: string) => new TransferFailure('redirect', 'bad_redirect', message)
  if (!URL.canParse(location, from.href)) throw bad(`redirected to what is no address: ${location}`)
  const url = new URL(location, from)
  const problem = urlProblem(url.href)
  if (problem?.kind === 'unknown_scheme')
    throw new TransferFailure('redirect', 'unsupported_scheme', `redirected to ${url.protocol}, which can't be fetched`)
  if (problem) throw bad(`redirected to ${shownUrl(url)}, which ${problem.message}`)
  if (url.hash === '') url.hash = from.hash
  return url
}
