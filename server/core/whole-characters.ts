const nothing: Uint8Array = new Uint8Array()

/** Cuts a stream of bytes between UTF-8 characters, so that each piece is text of its own. Bytes that are none pass as they are. */
export class WholeCharacters {
  #held = nothing

  /** What may be passed on now, a view of `bytes` where it can be; at most three bytes stay behind, copied: `bytes` may be used again. */
  push(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const whole = wholeCharacters(all)
    this.#held = Uint8Array.from(all.subarray(whole.length))
    return whole
  }

  /** What is left at the end: a character that never became whole. */
  rest(): Uint8Array {
    const rest = this.#held
    this.#held = nothing
    return rest
  }
}

/** The bytes without the character that their end cuts. */
export const wholeCharacters = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - openBytes(bytes))

/** How many bytes at the end begin a character and don't complete it (RFC 3629, 3). */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0
  }
  return 0
}

const lengthOf = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)
