/** How long after a key its echo, and the next key, may come, in ms. */
const recentMs = 500

/** Which sessions are typed into just now, so that a flood in another one lets their echoes through. */
export class Typing {
  #last: { session: string; at: number } = { session: '', at: Number.NEGATIVE_INFINITY }
  /** The last key before those that went to the session of the last one. */
  #before = this.#last

  typed(session: string): void {
    if (this.#last.session !== session) this.#before = this.#last
    this.#last = { session, at: performance.now() }
  }

  /** Whether somebody types into another session. */
  elsewhere(session: string): boolean {
    const { at } = this.#last.session === session ? this.#before : this.#last
    return performance.now() - at < recentMs
  }
}
