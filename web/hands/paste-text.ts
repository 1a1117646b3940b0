/**
 * What no paste may carry: control characters beside tab and line ends (an ESC could end bracketed paste and run what follows,
 * a ^C or ^D acts at once), and marks that show text in another order than a shell would read it.
 */
const hidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** Lines from which a paste is asked about though the program knows it for one: a shell shows each again, which takes seconds. */
export const manyLines = 200

export interface Paste {
  /** Without what no paste may carry. */
  text: string
  lines: number
  /** How many characters were left out. */
  hidden: number
}

export function readPaste(raw: string): Paste {
  const text = raw.replace(hidden, '')
  return { text, lines: countLines(text), hidden: raw.length - text.length }
}

/** A line end at the very end begins no further line. */
function countLines(text: string): number {
  const ends = text.match(/\r\n?|\n/g)?.length ?? 0
  return /[\r\n]$/.test(text) ? ends : ends + 1
}

/**
 * Without bracketed paste each line end is an Enter, so a program runs the lines one by one. `warns`: the person wants to be asked
 * about lines; about what was hidden they are asked always.
 */
export const needsQuestion = ({ lines, hidden }: Paste, isBracketed: boolean, warns: boolean): boolean =>
  hidden > 0 || (warns && lines >= (isBracketed ? manyLines : 2))

export const inOneLine = (text: string): string =>
  text
    .split(/\s*[\r\n]+\s*/)
    .filter(line => line !== '')
    .join(' ')

export interface Piece {
  text: string
  isHidden: boolean
}

/** A line as a person should see it before it is pasted: what would be left out is shown as a symbol. */
export function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: character, index } of line.matchAll(hidden)) {
    if (index > at) pieces.push({ text: line.slice(at, index), isHidden: false })
    pieces.push({ text: symbolOf(character.charCodeAt(0)), isHidden: true })
    at = index + 1
  }
  if (at < line.length) pieces.push({ text: line.slice(at), isHidden: false })
  return pieces
}

/** ASCII's control characters as terminals write them, ESC being `^[`; fonts have no pictures for them. */
function symbolOf(code: number): string {
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
