/** Bytes kept while the connection is cut: any burst of keys, and a paste of some pages; a longer one had better be repeated. */
const limitBytes = 64 * 1024

/** What was typed while the connection was cut. A piece is kept whole or not at all: half a pasted command could do harm. */
export class TypedAhead {
  #pieces: Uint8Array[] = []
  #length = 0

  /** False when there is no room for it. */
  keep(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > limitBytes) return false
    this.#pieces.push(bytes)
    this.#length += bytes.length
    return true
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#length = 0
    return pieces
  }
}
