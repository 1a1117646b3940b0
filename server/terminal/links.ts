import { createHash, randomBytes } from 'node:crypto'
import { ToolError } from '../core/errors.ts'

/** What a viewer may do, and whether a link brought it here. */
export interface Access {
  readOnly: boolean
  byLink: boolean
}

/** Of whoever has the server's own token. */
export const fullAccess: Access = { readOnly: false, byLink: false }

/** Links of one session at once: a few for people, one for each job that watches. */
const maxLinks = 32

/** Tokens that open one session's stream and nothing else. Only digests are kept; they end with the session. */
export class Links {
  readonly #links = new Map<string, Access>()

  /** A new token. Throws ToolError `unavailable` when there are too many. */
  make(readOnly: boolean): string {
    if (this.#links.size >= maxLinks)
      throw new ToolError('unavailable', `this terminal has ${maxLinks} links already`, {
        remedy: 'DELETE /api/v1/terminals/{id}/links ends all of them',
      })
    const token = randomBytes(32).toString('base64url')
    this.#links.set(digest(token), { readOnly, byLink: true })
    return token
  }

  find(token: string): Access | undefined {
    return this.#links.get(digest(token))
  }

  clear(): void {
    this.#links.clear()
  }
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex')
