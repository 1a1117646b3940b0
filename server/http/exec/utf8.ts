/**
 * Cuts a stream of bytes between characters: a chunk of a pipe may end inside one, and would then look like no UTF-8. Bytes that
 * are none are passed on as they are.
 */
export class CharacterCutter {
  #kept: Buffer = Buffer.alloc(0)

  /** What can be passed on, at most 3 bytes less than came so far. */
  push(bytes: Buffer): Buffer {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    const end = all.length - openBytes(all)
    this.#kept = all.subarray(end)
    return all.subarray(0, end)
  }

  rest(): Buffer {
    return this.#kept
  }
}

/** Bytes at the end that begin a character (RFC 3629 §3) and don't complete it. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

const lengthOf = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)
