import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Cookies given out and still good. A browser profile holds one; the oldest goes when a 65th comes. */
const maxSessions = 64

/** What opens the API: the token, and the cookies that were given for it. Only digests are kept, so that no comparison's time tells of a secret. */
export class Tokens {
  readonly #token: Buffer
  /** In the order they were given out. */
  readonly #sessions = new Set<string>()

  constructor(token: string) {
    this.#token = digest(token)
  }

  isToken(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.#token)
  }

  /** A new random value for the cookie. */
  openSession(): string {
    const value = randomBytes(32).toString('base64url')
    const [oldest] = this.#sessions
    if (this.#sessions.size >= maxSessions && oldest !== undefined) this.#sessions.delete(oldest)
    this.#sessions.add(digest(value).toString('hex'))
    return value
  }

  isSession(candidate: string): boolean {
    return this.#sessions.has(digest(candidate).toString('hex'))
  }

  closeSession(value: string): void {
    this.#sessions.delete(digest(value).toString('hex'))
  }
}

const digest = (value: string) => createHash('sha256').update(value).digest()
