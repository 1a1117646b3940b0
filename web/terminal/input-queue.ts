import { maxInputBytes } from '../../server/protocol/terminal-frames.ts'

/** Bytes taken in while the connection is cut: any burst of keys, and a paste of some pages; a longer one had better be repeated. */
const limitBytes = 64 * 1024

/**
 * What was typed and has not arrived yet, as far as we know: a new connection sends it again from where the server says that it
 * stands. A piece is taken in whole or not at all: half a pasted command could do harm.
 */
export class InputQueue {
  #pieces: Uint8Array[] = []
  /** Offset of the first piece: the server has all before it. */
  #received = 0
  /** How many of the pieces this connection was given. */
  #sent = 0

  /** False when there is no room for it, which there always is while it is sent on at once. */
  add(bytes: Uint8Array, isCut: boolean): boolean {
    if (isCut && this.#unsentBytes() + bytes.length > limitBytes) return false
    for (let at = 0; at < bytes.length; at += maxInputBytes) this.#pieces.push(bytes.subarray(at, at + maxInputBytes))
    return true
  }

  /** What this connection was not given yet; it counts as given from now on. */
  take(): Uint8Array[] {
    const pieces = this.#pieces.slice(this.#sent)
    this.#sent = this.#pieces.length
    return pieces
  }

  /** A new connection, to a server that has all before `offset`. One that says less than it did has forgotten us, and counts anew. */
  rewind(offset: number): void {
    if (offset < this.#received) this.#received = offset
    this.received(offset)
    this.#sent = 0
  }

  /** The server has all before `offset`. */
  received(offset: number): void {
    for (let [first] = this.#pieces; first && this.#received < offset; [first] = this.#pieces) {
      const arrived = Math.min(first.length, offset - this.#received)
      this.#received += arrived
      if (arrived < first.length) this.#pieces[0] = first.subarray(arrived)
      else {
        this.#pieces.shift()
        this.#sent = Math.max(0, this.#sent - 1)
      }
    }
  }

  #unsentBytes(): number {
    return this.#pieces.slice(this.#sent).reduce((sum, { length }) => sum + length, 0)
  }
}
