import type { ByteText } from './byte-text.ts'

/** What stands between the % and the letter of a directive of printf(3). */
export interface CellSpec {
  flags: string
  width: number
  precision: number | undefined
}

/** `%-10.10s`. */
export const textCell = (text: ByteText, { flags, width, precision }: CellSpec): ByteText => {
  const cut = text.slice(0, precision)
  return flags.includes('-') ? cut.padEnd(width) : cut.padStart(width)
}

/** `%+05d`, `%#x`: digits are filled up by the precision, or where there is none, by zeros; `sign` stands before them. */
export function digitsCell(digits: string, spec: CellSpec, sign = ''): string {
  const { flags, width, precision } = spec
  const hasZeros = flags.includes('0') && !flags.includes('-') && precision === undefined
  const filled = digits.padStart(precision ?? (hasZeros ? width - sign.length : 0), '0')
  return textCell(sign + filled, { flags, width, precision: undefined })
}

export const signOf = (flags: string): string => (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '')
