import type { ReplayRing } from '../replay-ring.ts'

/**
 * Text that scrolls out and leaves nothing behind need not be read. It may hold printable characters, CR, LF, TAB, BS and BEL,
 * sequences that stay in their line (erased, inserted and deleted cells, columns), and colours (SGR): all these change nothing but
 * the lines they stand in and the attributes of what follows. What may do more, as it lies in the bytes: any other control
 * character, any other sequence, and 0xC2 where it leads C1.
 */
const unsafe = /[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2(?![\xa0-\xbf])|\x1b(?!\[(?:[\d;:]*m|\d*[KCDGPX@]))/

/** No sequence that is meant seriously is longer; a cut one at the end of a piece is looked at again. */
const longestSgr = 128

const lineFeed = 0x0a
const carriageReturn = 0x0d
const escapeByte = 0x1b

/** Resets among so many sequences before the text that stays are looked for. */
const resetTries = 4096

/** After a failure so many more bytes must come before it is worth another look: one takes up to 3 ms, reading them 15. */
const retryBytes = 1024 * 1024

/** Bytes looked at by one call of the regular expression: at 800 MB/s a twelfth of a millisecond. */
const pieceBytes = 64 * 1024
const piece = Buffer.allocUnsafeSlow(pieceBytes)

/** Follows how far the bytes that wait in a ring are such text. */
export class PassingText {
  readonly #ring: ReplayRing
  #from = 0
  #to = 0
  /** The byte at `to` is one that may do more. */
  #isStopped = false
  /** Offset of the first sequence. */
  #sequence = Number.POSITIVE_INFINITY
  /** Nothing can be passed over before so much was read, or so much has come. */
  #retryFrom = 0
  #retryUntil = 0

  constructor(ring: ReplayRing) {
    this.#ring = ring
  }

  /**
   * The offset from which on reading comes to the same as reading from `from` on, where `lines` lines come after it before
   * `until`: `from` itself when there is none. It begins at CR, where the column is known; where sequences were passed over, at the
   * last reset of colours.
   */
  pass(from: number, until: number, lines: number): number {
    if (until - from < lines || (from <= this.#retryFrom && until < this.#retryUntil)) return from
    this.#look(from, until)
    const start = this.#startOf(from, lines)
    if (start > from) {
      this.#from = start
      return start
    }
    this.#retryFrom = this.#isStopped ? this.#to : Number.POSITIVE_INFINITY
    this.#retryUntil = this.#isStopped ? Number.POSITIVE_INFINITY : until + retryBytes
    return from
  }

  /** The next call looks again, whatever the last one saw: all that is left is to be read now. */
  retry(): void {
    if (!this.#isStopped) this.#retryUntil = 0
  }

  /** Extends what is known, from the offset that is read next. */
  #look(from: number, until: number): void {
    if (from > this.#to || from < this.#from || this.#sequence < from) {
      this.#to = from
      this.#sequence = Number.POSITIVE_INFINITY
    }
    if (from === this.#to) this.#isStopped = false
    this.#from = from
    while (!this.#isStopped && this.#to < until) {
      const length = Math.min(pieceBytes, until - this.#to)
      this.#ring.copy(this.#to, piece.subarray(0, length))
      const text = piece.toString('latin1', 0, length)
      const safe = text.search(unsafe)
      const end = safe < 0 ? length : safe
      const sequence = text.indexOf('\x1b')
      if (sequence >= 0 && sequence < end) this.#sequence = Math.min(this.#sequence, this.#to + sequence)
      this.#to += end
      if (safe < 0) continue
      // Near the end of the piece it may be one that is cut: the next piece begins here, or what completes it is still to come.
      if (length - safe >= longestSgr) this.#isStopped = true
      else if (end === 0) break
    }
  }

  #startOf(from: number, lines: number): number {
    if (this.#to - from < lines) return from
    let at = this.#to
    for (let count = 0; count < lines; count++) {
      at = this.#ring.lastIndexOf(lineFeed, at, from)
      if (at < 0) return from
    }
    const start = this.#ring.lastIndexOf(carriageReturn, at, from)
    if (start < 0 || start <= this.#sequence) return start
    return this.#lastReset(start, from)
  }

  #lastReset(before: number, from: number): number {
    let at = before
    for (let tries = 0; tries < resetTries; tries++) {
      at = this.#ring.lastIndexOf(escapeByte, at, from)
      if (at < 0) return from
      const zero = this.#ring.byteAt(at + 2) === 0x30 ? 1 : 0
      const after = this.#ring.byteAt(at + 2 + zero)
      if (after === 0x6d || after === 0x3b) return at
    }
    return from
  }
}
