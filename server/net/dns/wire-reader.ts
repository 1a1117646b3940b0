import { presentLabel } from './presentation.ts'

/** What a server sent isn't a DNS message; the message says where it goes wrong. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** RFC 1035, section 2.3.4: a name has at most 255 octets, length octets and the root's included. */
const maxNameOctets = 255

/**
 * Reads a part of a DNS message, never past its end. Compression pointers may reach the whole message, but only backwards,
 * each further than the last, so no name is read for ever (RFC 1035, section 4.1.4: "a prior occurance").
 */
export class WireReader {
  readonly #message: Buffer
  readonly #end: number
  #at: number

  constructor(message: Buffer, start = 0, end = message.length) {
    this.#message = message
    this.#at = start
    this.#end = end
  }

  get atEnd(): boolean {
    return this.#at === this.#end
  }

  u8(): number {
    return this.#message.readUInt8(this.#advance(1))
  }

  u16(): number {
    return this.#message.readUInt16BE(this.#advance(2))
  }

  u32(): number {
    return this.#message.readUInt32BE(this.#advance(4))
  }

  take(length: number): Buffer {
    const start = this.#advance(length)
    return this.#message.subarray(start, start + length)
  }

  rest(): Buffer {
    return this.take(this.#end - this.#at)
  }

  /** A reader of the next `length` octets alone; pointers still reach the whole message. */
  part(length: number): WireReader {
    const start = this.#advance(length)
    return new WireReader(this.#message, start, start + length)
  }

  /** <character-string>: one length octet, then that many (RFC 1035, section 3.3). */
  characterString(): Buffer {
    return this.take(this.u8())
  }

  /** A name in presentation form with its final dot: `example.com.`, `a\.b.example.`, `.`. */
  name(): string {
    let text = ''
    let octets = 1
    let reader: WireReader = this
    let bound = this.#at
    for (;;) {
      const length = reader.u8()
      if (length === 0) return text || '.'
      if (length >= 0xc0) {
        const target = ((length & 0x3f) << 8) | reader.u8()
        if (target >= bound) throw new Malformed(`compression loop: the pointer to ${target} does not go back`)
        bound = target
        reader = new WireReader(this.#message, target)
      } else {
        if (length > 63) throw new Malformed(`bad label type ${length >> 6}`)
        octets += length + 1
        if (octets > maxNameOctets) throw new Malformed(`a name is longer than ${maxNameOctets} octets`)
        text += `${presentLabel(reader.take(length))}.`
      }
    }
  }

  #advance(length: number): number {
    const start = this.#at
    if (length > this.#end - start)
      throw new Malformed(`it ends at octet ${this.#end}, ${length} more were promised at ${start}`)
    this.#at = start + length
    return start
  }
}
