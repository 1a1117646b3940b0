const isContinuation = (byte: number) => byte >> 6 === 0b10

/** Bytes of the character that begins so; what begins none stands for itself. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 4
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1
  return lead >= 0xc0 ? 2 : 1
}

/** How many bytes at the end begin a character that isn't whole: 0 to 3. */
function begunLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (!isContinuation(byte)) return lengthOf(byte) > back ? back : 0
  }
  return 0
}

/**
 * Cuts a byte stream only where a UTF-8 character ends. xterm.js holds back half a character by itself, but loses one whose second
 * byte is 0x80 when it is cut after that: U+2000 to U+203F (quotes, dashes, `…`, the joiner of emoji), 怀, 耀 and their like.
 */
export class WholeCharacters {
  #held = new Uint8Array()

  /** What came so far and wasn't given yet, up to the last whole character, in one or two pieces. */
  take(bytes: Uint8Array): Uint8Array[] {
    const missing = this.#held.length > 0 ? this.#missing(bytes) : 0
    if (missing === bytes.length && this.#held.length + missing < lengthOf(this.#held[0] ?? 0)) {
      this.#held = joined(this.#held, bytes)
      return []
    }
    const first = joined(this.#held, bytes.subarray(0, missing))
    const rest = bytes.subarray(missing)
    const begun = begunLength(rest)
    this.#held = rest.slice(rest.length - begun)
    return [first, rest.subarray(0, rest.length - begun)].filter(({ length }) => length > 0)
  }

  /** Forgets what it holds. */
  reset(): void {
    this.#held = new Uint8Array()
  }

  /** How many of these bytes belong to the character that is held; fewer than it lacks when something else follows. */
  #missing(bytes: Uint8Array): number {
    const wanted = lengthOf(this.#held[0]!) - this.#held.length
    let count = 0
    while (count < Math.min(wanted, bytes.length) && isContinuation(bytes[count]!)) count++
    return count
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
