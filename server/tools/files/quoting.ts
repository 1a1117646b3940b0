import { type ByteText, bytesOf, byteTextOf } from './byte-text.ts'

/** How a name is written, `--quoting-style` of ls(1). */
export const quotingStyles = [
  'literal',
  'shell',
  'shell-always',
  'shell-escape',
  'shell-escape-always',
  'c',
  'escape',
] as const
export type QuotingStyle = (typeof quotingStyles)[number]

/** One character of a name, or one byte that is part of none. */
interface Sign {
  bytes: ByteText
  /** undefined for a byte that is part of no character. */
  text: string | undefined
  isPrintable: boolean
}

/** Control characters, what steers a terminal without being seen, and what is no character. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u
const plainAscii = /^[\x20-\x7e]*$/

function signsOf(name: ByteText): Sign[] {
  if (plainAscii.test(name)) return [...name].map(text => ({ bytes: text, text, isPrintable: true }))
  const bytes = bytesOf(name)
  const signs: Sign[] = []
  for (let at = 0; at < bytes.length; ) {
    const text = characterAt(bytes, at)
    const encoded = text === undefined ? name.charAt(at) : byteTextOf(text)
    signs.push({ bytes: encoded, text, isPrintable: text !== undefined && !unprintable.test(text) })
    at += encoded.length
  }
  return signs
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function characterAt(bytes: Buffer, at: number): string | undefined {
  const lead = bytes[at]!
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  try {
    return strict.decode(bytes.subarray(at, at + length))
  } catch {
    return undefined
  }
}

const letters: Record<string, string> = {
  '\x07': 'a',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
}

/** As C has it: `\n`, and three octal digits for each byte of what has no letter. */
const escaped = ({ bytes }: Sign): string =>
  [...bytes].map(byte => `\\${letters[byte] ?? byte.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')

/** What a shell would not take as it stands; the latter two at the beginning alone. */
const special = /[ !"$&'()*;<=>?[\\^`|]/
const specialFirst = /^[#~]/

const needsQuotes = (name: ByteText, signs: readonly Sign[], escapes: boolean): boolean =>
  name === '' ||
  name === '{' ||
  name === '}' ||
  specialFirst.test(name) ||
  special.test(name) ||
  (escapes ? signs.some(({ isPrintable }) => !isPrintable) : /[\n\t]/.test(name))

/** quotearg() of gnulib. `hides`: what can't be printed becomes `?`, where the style writes it as it is. */
export function quoted(name: ByteText, style: QuotingStyle, hides = false): ByteText {
  if (style === 'literal') return hides ? hidden(signsOf(name)) : name
  const signs = signsOf(name)
  if (style === 'c' || style === 'escape') return style === 'c' ? `"${inC(signs, '"')}"` : inC(signs, ' ')
  const escapes = style.startsWith('shell-escape')
  if (!style.endsWith('always') && !needsQuotes(name, signs, escapes)) return hides ? hidden(signs) : name
  const text = inShell(signs, escapes)
  return hides ? hidden(signsOf(text)) : text
}

const hidden = (signs: readonly Sign[]) => signs.map(({ bytes, isPrintable }) => (isPrintable ? bytes : '?')).join('')

const inC = (signs: readonly Sign[], also: string): ByteText =>
  signs
    .map(sign => {
      if (!sign.isPrintable) return escaped(sign)
      return sign.text === '\\' || sign.text === also ? `\\${sign.bytes}` : sign.bytes
    })
    .join('')

/** A quote stands in double quotes where nothing else there means something to the shell. */
function inShell(signs: readonly Sign[], escapes: boolean): ByteText {
  const text = signs.map(({ bytes }) => bytes).join('')
  const isAllPrintable = signs.every(({ isPrintable }) => isPrintable)
  if (text.includes("'") && (isAllPrintable || !escapes) && !/[!"$&()*;<=>?[\\^`|]/.test(text)) return `"${text}"`
  let written = "'"
  let inEscapes = false
  for (const sign of signs) {
    if (escapes && !sign.isPrintable) {
      written += (inEscapes ? '' : "'$'") + escaped(sign)
      inEscapes = true
      continue
    }
    if (sign.text === "'") written += inEscapes ? "'\\''" : "'\\''"
    else written += (inEscapes ? "''" : '') + sign.bytes
    inEscapes = false
  }
  return `${written}'`
}
