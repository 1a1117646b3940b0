const nothing = new Uint8Array()

/**
 * Holds back a character that the end of a frame cuts, until the rest of it comes. The emulator would do so too, but reads one
 * wrong that is cut after a second byte of 0x80, as those of dashes, quotes and joined emoji are.
 */
export class WholeCharacters {
  #held: Uint8Array = nothing

  /** What can be shown now; at most three bytes stay behind. */
  push(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : concat(this.#held, bytes)
    const end = all.length - openBytes(all)
    this.#held = all.slice(end)
    return all.subarray(0, end)
  }

  /** What is held belongs to output that is shown no more. */
  forget(): void {
    this.#held = nothing
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** How many bytes at the end begin a character and don't complete it (RFC 3629, 3). */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}
