const nothing = new Uint8Array()

/** Holds back the bytes of a UTF-8 character that a piece of body cuts, so that each piece is text of its own. */
export class WholeCharacters {
  #held: Uint8Array = nothing

  /** What may be passed on now; at most three bytes stay behind. */
  push(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const cut = all.length - cutLength(all)
    this.#held = all.subarray(cut)
    return all.subarray(0, cut)
  }

  /** What is left at the end: a character that never became whole. */
  rest(): Uint8Array {
    const rest = this.#held
    this.#held = nothing
    return rest
  }
}

/** How many bytes at the end begin a character that isn't complete (RFC 3629, 3). */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0
  }
  return 0
}

const lengthOf = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)

const textTypes =
  /^(text\/|application\/(json|xml|javascript|ecmascript|yaml|x-www-form-urlencoded|x-ndjson|openmetrics-text))|[+](json|xml|yaml)\b/i

/** Whether a body is text as far as its headers tell. */
export function isText(contentType: string | undefined, contentEncoding: string | undefined): boolean {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') return false
  return contentType !== undefined && textTypes.test(contentType)
}
