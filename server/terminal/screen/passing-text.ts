import type { ReplayRing } from '../replay-ring.ts'

/**
 * Text that scrolls out and leaves nothing behind need not be read. It may hold printable characters, CR, LF, TAB, BS and BEL, and
 * colours (SGR), for these change nothing but the lines they stand in and the attributes of what follows. What may do more, as it
 * lies in the bytes: any other control character, an escape that isn't `CSI … m`, and 0xC2 where it leads C1.
 */
const unsafe = /[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2(?![\xa0-\xbf])|\x1b(?!\[[\d;:]*m)/

/** No sequence of colours that is meant seriously is longer; a cut one at the end of a piece is looked at again. */
const longestSgr = 128

const lineFeed = 0x0a
const carriageReturn = 0x0d
const escapeByte = 0x1b

/** Resets among so many sequences before the text that stays are looked for. */
const resetTries = 4096

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
  /** Offset of the first colour. */
  #colour = Number.POSITIVE_INFINITY
  /** How far was looked when nothing could be passed over. */
  #tried = 0

  constructor(ring: ReplayRing) {
    this.#ring = ring
  }

  /**
   * The offset from which on reading comes to the same as reading from `from` on, where `lines` lines come after it before
   * `until`: `from` itself when there is none. It begins at CR, where the column is known; where colours were passed over, at the
   * last reset of them.
   */
  pass(from: number, until: number, lines: number): number {
    this.#look(from, until)
    if (this.#to - from < lines || this.#to === this.#tried) return from
    this.#tried = this.#to
    const start = this.#startOf(from, lines)
    if (start <= from) return from
    this.#from = start
    return start
  }

  /** Extends what is known, from the offset that is read next. */
  #look(from: number, until: number): void {
    if (from > this.#to || from < this.#from || this.#colour < from) {
      this.#to = from
      this.#colour = Number.POSITIVE_INFINITY
    }
    if (from === this.#to) this.#isStopped = false
    this.#from = from
    while (!this.#isStopped && this.#to < until) {
      const length = Math.min(pieceBytes, until - this.#to)
      this.#ring.copy(this.#to, piece.subarray(0, length))
      const text = piece.toString('latin1', 0, length)
      const safe = text.search(unsafe)
      const end = safe < 0 ? length : safe
      const colour = text.indexOf('\x1b')
      if (colour >= 0 && colour < end) this.#colour = Math.min(this.#colour, this.#to + colour)
      this.#to += end
      if (safe < 0) continue
      // Near the end of the piece it may be one that is cut: the next piece begins here, or what completes it is still to come.
      if (length - safe >= longestSgr) this.#isStopped = true
      else if (end === 0) break
    }
  }

  #startOf(from: number, lines: number): number {
    let at = this.#to
    for (let count = 0; count < lines; count++) {
      at = this.#ring.lastIndexOf(lineFeed, at, from)
      if (at < 0) return from
    }
    const start = this.#ring.lastIndexOf(carriageReturn, at, from)
    if (start < 0 || start <= this.#colour) return start
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
