const esc = 0x1b
const semicolon = 0x3b
const isParameter = (byte: number) => (byte >= 0x30 && byte <= 0x39) || byte === semicolon

/** What begins each sequence after its ESC, up to the parameters, and the byte that ends those. */
const beginnings = [
  { intro: 'P', end: 'q', takesParameters: true }, // DCS … q: a sixel image
  { intro: ']1337', end: ';', takesParameters: false }, // iTerm's OSC 1337 ; File=…
  { intro: '[?', end: 'S', takesParameters: true }, // XTSMGRAPHICS: a program asks what images may be like
].map(({ intro, end, takesParameters }) => ({ intro: codesOf(intro), end: end.charCodeAt(0), takesParameters }))

function codesOf(text: string): number[] {
  return [...text].map(character => character.charCodeAt(0))
}

/** Which sequence, and how many bytes of its beginning were there. */
interface Begun {
  which: number
  at: number
}

/** Looks in a byte stream, however it is cut, for the first sequence that wants images. */
export class ImageTrigger {
  /** Where in each sequence the stream stands; empty outside of any. */
  #begun: Begun[] = []

  /** Where the byte is that the emulator must not read before it can show images; -1 when there is none. */
  find(bytes: Uint8Array): number {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index]!
      if (byte === esc) this.#begun = beginnings.map((_, which) => ({ which, at: 0 }))
      else if (this.#begun.length > 0 && this.#isComplete(byte)) {
        this.#begun = []
        return index
      }
    }
    return -1
  }

  #isComplete(byte: number): boolean {
    const next: Begun[] = []
    for (const { which, at } of this.#begun) {
      const { intro, end, takesParameters } = beginnings[which]!
      if (at < intro.length) {
        if (byte === intro[at]) next.push({ which, at: at + 1 })
      } else if (byte === end) return true
      else if (takesParameters && isParameter(byte)) next.push({ which, at })
    }
    this.#begun = next
    return false
  }
}
