import { ToolError } from '../../../core/errors.ts'
import { type ByteText, byteTextOf } from '../byte-text.ts'
import type { CellSpec } from '../printf-cell.ts'

export type Directive<Thing> = (thing: Thing, spec: CellSpec) => ByteText
export type Directives<Thing> = Readonly<Record<string, Directive<Thing>>>

const wrong = (message: string) => new ToolError('invalid_input', `template: ${message}`)

const piece = /\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)|%([-'+ #0I]*)(\d*)(?:\.(\d*))?([HL][dr]|.|$)|[^\\%]+|\\/gsu

/**
 * A format of stat(1), `-c` or, with escapes, `--printf`. Throws ToolError `invalid_input` for a directive or an escape that isn't
 * known: stat(1) writes a question mark for it.
 */
export function parseTemplate<Thing>(
  template: string,
  escapes: boolean,
  directives: Directives<Thing>,
): (thing: Thing) => ByteText {
  const source = escapes ? template : template.replaceAll('\\', '\\\\')
  const parts = [...source.matchAll(piece)].map(([whole, letters, flags, width, precision, name]) => {
    if (letters !== undefined) return constant(escapes ? escaped(letters) : letters)
    if (name === undefined) return constant(byteTextOf(whole))
    if (whole === '%' || whole === '%%') return constant('%')
    const directive = Object.hasOwn(directives, name) ? directives[name] : undefined
    if (!directive) throw wrong(`there is no directive ${whole} for what is shown`)
    const spec = { flags: flags ?? '', width: Number(width), precision: precisionOf(precision, name) }
    return (thing: Thing) => directive(thing, spec)
  })
  return thing => parts.map(part => part(thing)).join('')
}

/** Without digits a time is meant to the nanosecond, and all else as if there were a zero. */
function precisionOf(digits: string | undefined, name: string): number | undefined {
  if (digits === '') return epochs.test(name) ? 9 : 0
  return digits === undefined ? undefined : Number(digits)
}

const epochs = /^[WXYZ]$/

const constant =
  (text: ByteText): (() => ByteText) =>
  () =>
    text

const characters: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
}

function escaped(letters: string): ByteText {
  if (/^x./.test(letters)) return String.fromCharCode(Number.parseInt(letters.slice(1), 16))
  if (/^[0-7]/.test(letters)) return String.fromCharCode(Number.parseInt(letters, 8) & 0xff)
  const known = Object.hasOwn(characters, letters) ? characters[letters] : undefined
  if (known === undefined) throw wrong(`there is no escape \\${letters}`)
  return known
}
