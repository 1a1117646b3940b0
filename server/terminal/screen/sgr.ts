import { bgFlag, colourMask, colourModeMask, fgFlag } from './core.ts'

const isSet = (value: number, flag: number) => (value & flag) !== 0

/** Palette colours up to 15 that were set by their own numbers (30 to 37, 90 to 97) are told from those of `38;5`. */
function colour(value: number, base: number): string {
  const index = value & 0xff
  switch (value & colourModeMask) {
    case 0x1000000:
      return `;${(index < 8 ? base : base + 52) + index}`
    case 0x2000000:
      return `;${base + 8};5;${index}`
    case 0x3000000:
      return `;${base + 8};2;${rgb(value, ';')}`
    default:
      return ''
  }
}

const rgb = (value: number, separator: string) =>
  [(value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff].join(separator)

function underlineColour(extended: number): string {
  switch (extended & colourModeMask) {
    case 0x3000000:
      return `;58:2::${rgb(extended, ':')}`
    case 0x1000000:
    case 0x2000000:
      return `;58:5:${extended & 0xff}`
    default:
      return ''
  }
}

function flags(fg: number, bg: number, extended: number): string {
  let codes = ''
  if (isSet(fg, fgFlag.bold)) codes += ';1'
  if (isSet(bg, bgFlag.dim)) codes += ';2'
  if (isSet(bg, bgFlag.italic)) codes += ';3'
  if (isSet(fg, fgFlag.underline)) codes += `;4:${(extended >>> 26) & 7 || 1}`
  if (isSet(fg, fgFlag.blink)) codes += ';5'
  if (isSet(fg, fgFlag.inverse)) codes += ';7'
  if (isSet(fg, fgFlag.invisible)) codes += ';8'
  if (isSet(fg, fgFlag.strikethrough)) codes += ';9'
  if (isSet(bg, bgFlag.overline)) codes += ';53'
  return codes
}

/** What sets these attributes, whatever was set before. Protection (DECSCA) is one that SGR 0 takes away and can't give. */
export function sgr(fg: number, bg: number, extended: number): string {
  const codes = flags(fg, bg, extended) + colour(fg, 30) + colour(bg, 40) + underlineColour(extended)
  const protect = isSet(bg, bgFlag.protected) ? '\x1b[1"q' : ''
  return `\x1b[${codes && `0${codes}`}m${protect}`
}

/** An erased cell keeps a background colour and nothing else. */
export const isErased = (fg: number, bg: number) => fg === 0 && (bg & ~colourMask) === 0

export const hasBackground = (bg: number) => (bg & colourModeMask) !== 0
