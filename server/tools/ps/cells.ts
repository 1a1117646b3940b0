/** Code points of two cells: East Asian Wide and Fullwidth (Unicode UAX #11), in ranges wide enough for a table. */
const wide = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
] as const

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u

function cellsOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (zeroWidth.test(character)) return 0
  return wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

const isNarrow = (text: string) => !/[^\x00-\u02ff]/.test(text)

/** How many cells of a terminal a text without control characters takes. */
export function cellsOf(text: string): number {
  if (isNarrow(text)) return text.length
  return Iterator.from(text).reduce((sum, character) => sum + cellsOfCharacter(character), 0)
}

/** As much of the text as fits into these cells. */
export function cutToCells(text: string, cells: number): string {
  if (isNarrow(text)) return text.slice(0, Math.max(0, cells))
  let used = 0
  let cut = ''
  for (const character of text) {
    used += cellsOfCharacter(character)
    if (used > cells) break
    cut += character
  }
  return cut
}
