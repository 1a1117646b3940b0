import { StringDecoder } from 'node:string_decoder'

/** Final letters and numbers of sequences that start with `ESC [` or `ESC O`, of xterm and the Linux console. */
const letters: Record<string, string> = { A: 'Up', B: 'Down', C: 'Right', D: 'Left', H: 'Home', F: 'End', Z: 'Tab' }
const numbers: Record<string, string> = {
  1: 'Home',
  2: 'Insert',
  3: 'Delete',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
}

const controls: Record<string, string> = {
  '\r': 'Enter',
  '\n': 'Enter',
  '\t': 'Tab',
  '\x7f': 'Backspace',
  '\b': 'Backspace',
}

/** `ESC [ 1 ; 5 A`: parameters, then a final letter; what else begins so, such as a terminal's answers, is passed over as a whole. */
const sequence = /^\x1b(?:\[([0-9;:<=>?]*)[ -/]*([@-~])|O([ -~]))/
const unfinished = /^\x1b(?:\[[0-9;:<=>?]*[ -/]*|O)?$/

/** Names the keys in what a terminal sends, which may be cut anywhere. */
export class KeyReader {
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  read(bytes: Buffer): string[] {
    this.#rest += this.#decoder.write(bytes)
    const keys: string[] = []
    while (this.#rest !== '' && !unfinished.test(this.#rest)) keys.push(...this.#next())
    return keys
  }

  /** Whether a sequence has begun, which may also be the key Escape. */
  get isHalfway(): boolean {
    return this.#rest !== ''
  }

  /** Nothing more came: what has begun was Escape, and perhaps a key after it. */
  giveUp(): string[] {
    const rest = this.#rest
    this.#rest = ''
    return rest === '' ? [] : ['Escape']
  }

  #next(): string[] {
    const match = sequence.exec(this.#rest)
    if (match) {
      this.#rest = this.#rest.slice(match[0].length)
      const [, parameters = '', final = '', single] = match
      const name = final === '~' ? numbers[parameters.split(';')[0]!] : letters[single ?? final]
      return name ? [name] : []
    }
    const [character = ''] = this.#rest
    this.#rest = this.#rest.slice(character.length)
    return [nameOf(character)]
  }
}

function nameOf(character: string): string {
  if (character === '\x1b') return 'Escape'
  const name = controls[character]
  if (name) return name
  const code = character.charCodeAt(0)
  return code < 0x20 ? `Ctrl-${String.fromCharCode(code + 0x40)}` : character
}
