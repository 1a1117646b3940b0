import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'

/** Refuses every request that a page of another origin makes, whatever it carries. */
export function checkOrigin({ headers }: IncomingMessage): void {
  if (headers.origin === undefined || isOwnOrigin(headers.origin, headers.host)) return
  throw new Problem('forbidden_origin', `requests from ${headers.origin} are refused`, {
    remedy: "open ditty's own page, or send no Origin",
  })
}

/**
 * A browser adds the cookie by itself, also to `<img src>` on a page of another local port: same site, since cookies and
 * SameSite ignore ports, and without an Origin. So a request that stands on the cookie must show that our own page made it.
 */
export function checkCookieUse({ headers }: IncomingMessage): void {
  if (headers['sec-fetch-site'] === 'same-origin') return
  if (headers.origin !== undefined && isOwnOrigin(headers.origin, headers.host)) return
  throw new Problem('forbidden_origin', "the cookie counts only for requests that ditty's own page makes", {
    remedy: 'send Authorization: Bearer TOKEN instead',
  })
}

/** Whether an Origin names the host that was asked. Either scheme will do: a proxy before us may end TLS. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (!host || !/^https?:\/\/[^/]+$/i.test(origin)) return false
  try {
    const { protocol, host: asking } = new URL(origin)
    return asking === new URL(`${protocol}//${host}`).host
  } catch {
    return false
  }
}
