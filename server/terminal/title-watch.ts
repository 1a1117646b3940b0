import { maxTitleLength } from '../protocol/terminal-screen.ts'

/** Bytes that hold `maxTitleLength` characters of UTF-8. */
const maxTitleBytes = 4 * maxTitleLength

const introducer = Buffer.from('\x1b]')
/** BEL, ESC of ST, and the two that cancel. */
const ends = [0x07, 0x1b, 0x18, 0x1a]

/**
 * Reads the titles that a program sets (OSC 0 and 2) from its output as it comes, since the screen is read late. Costs a search for
 * two bytes, and up to 4 KB while a title is cut between two pieces.
 */
export class TitleWatch {
  #title = ''
  #held = Buffer.alloc(0)

  get title(): string {
    return this.#title
  }

  /** Whether the title changed. */
  read(piece: Buffer): boolean {
    const before = this.#title
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : piece
    this.#held = Buffer.alloc(0)
    for (let at = bytes.indexOf(introducer); at >= 0; at = bytes.indexOf(introducer, at + 2)) this.#take(bytes, at)
    // One that begins with the last byte.
    if (this.#held.length === 0 && bytes.at(-1) === 0x1b) this.#held = Buffer.from([0x1b])
    return this.#title !== before
  }

  #take(bytes: Buffer, at: number): void {
    const payload = bytes.subarray(at + 2, at + 4 + maxTitleBytes)
    const [kind, separator] = payload
    if (payload.length > 1 && !((kind === 0x30 || kind === 0x32) && separator === 0x3b)) return
    const end = payload.findIndex(byte => ends.includes(byte))
    // More is to come, unless it is too long already: then what there is of it counts.
    if (end < 0 && payload.length < maxTitleBytes + 2) this.#held = Buffer.from(bytes.subarray(at))
    else if (payload[end] !== 0x18 && payload[end] !== 0x1a)
      this.#title = titleOf(payload.subarray(2, end < 0 ? undefined : end))
  }
}

/** Without control characters, and cut between characters. */
function titleOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/\p{Cc}/gu, '')
  return [...text.slice(0, 2 * maxTitleLength)].slice(0, maxTitleLength).join('')
}
