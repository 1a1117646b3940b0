/**
 * Reads decimal numbers out of a file's bytes without making strings of them: a list of a thousand processes holds some
 * fifty thousand numbers.
 */
export class NumberReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** The next number, after anything that is neither a digit nor a minus sign; NaN at the end. Exact up to 2^53. */
  next(): number {
    const bytes = this.#bytes
    let at = this.#at
    let negative = false
    for (; at < bytes.length && !isDigit(bytes[at]!); at++) negative = bytes[at] === minus
    if (at >= bytes.length) return Number.NaN
    let value = 0
    for (; at < bytes.length && isDigit(bytes[at]!); at++) value = value * 10 + (bytes[at]! - zero)
    this.#at = at
    return negative ? -value : value
  }

  skip(count: number): void {
    for (let skipped = 0; skipped < count; skipped++) this.next()
  }
}

const zero = 0x30
const minus = 0x2d
const isDigit = (byte: number) => byte >= zero && byte <= 0x39
