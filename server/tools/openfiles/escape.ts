const letters: Record<string, string> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
}

/** As lsof(8) prints what is not printable: `\n`, `^[`, `\x7f`. Of a name that is no UTF-8 its bytes are given as well. */
export function escaped(text: string, base64?: string): string {
  if (base64 !== undefined) return escapedBytes(Buffer.from(base64, 'base64'))
  return text.replace(/[\x00-\x1f\\\x7f-\x9f]/g, character => letters[character] ?? control(character.charCodeAt(0)))
}

/** A command's blanks too, since columns are parted by them. */
export const escapedCommand = (comm: string) => escaped(comm).replaceAll(' ', '\\x20')

const control = (code: number) => (code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : hex(code))
const hex = (code: number) => `\\x${code.toString(16).padStart(2, '0')}`

const escapedBytes = (bytes: Buffer) =>
  Array.from(bytes, byte => (byte < 0x80 ? escaped(String.fromCharCode(byte)) : hex(byte))).join('')
