import type { IncomingMessage } from 'node:http'
import { checkCookieUse } from './origin-check.ts'
import { Problem } from './problem.ts'
import { TokenBucket } from './rate.ts'
import { Tokens } from './tokens.ts'

/** Wrong tokens answered in full; a person who mistypes stays far below, and no log fills faster. */
const failuresPerSecond = 5
const failuresAtOnce = 20

/** Who may use the API: whoever has the token, or the cookie that our page got for it. */
export class Authentication {
  readonly tokens: Tokens
  /** Named by instance: cookies ignore ports, and two dittys forwarded to one laptop must not overwrite each other's. */
  readonly cookieName: string
  readonly #failures = new TokenBucket(failuresPerSecond, failuresAtOnce)

  constructor(token: string, instance: string) {
    this.tokens = new Tokens(token)
    this.cookieName = `ditty-${instance}`
  }

  /** Throws Problem `unauthenticated`, `forbidden_origin` or, after too many wrong tokens, `too_many_requests`. */
  check(request: IncomingMessage): void {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      if (!this.#isBearer(authorization)) throw this.#failure('wrong token')
      return
    }
    const cookie = this.cookieOf(request)
    if (cookie === undefined) throw unauthenticated('no token was sent')
    if (!this.tokens.isSession(cookie)) throw this.#failure('the cookie is no longer good')
    checkCookieUse(request)
  }

  cookieOf({ headers }: IncomingMessage): string | undefined {
    for (const pair of headers.cookie?.split(';') ?? []) {
      const [name, value] = pair.trim().split('=', 2)
      if (name === this.cookieName) return value
    }
    return undefined
  }

  #isBearer(authorization: string): boolean {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return token !== undefined && this.tokens.isToken(token)
  }

  /**
   * The right token always passes, so that nobody is locked out by another's guesses (through a port-forward all come from one
   * address). Guessing is hopeless by the token's length; the throttle keeps the guesser cheap.
   */
  #failure(detail: string): Problem {
    if (this.#failures.take()) return unauthenticated(detail)
    return new Problem('too_many_requests', 'too many wrong tokens', {
      headers: { 'Retry-After': '1' },
      remedy,
    })
  }
}

const remedy = 'send Authorization: Bearer TOKEN; `ditty url`, run beside the server as the same user, prints it'

function unauthenticated(detail: string): Problem {
  return new Problem('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="ditty"' }, remedy })
}
