/** `\DDD`, RFC 1035, section 5.1. */
const decimalEscape = (octet: number) => `\\${String(octet).padStart(3, '0')}`

/** Each octet's text, looked up: one answer may hold millions of octets' worth of names behind compression pointers. */
function tableOf(firstPlain: number, special: string): readonly string[] {
  return Array.from({ length: 256 }, (_, octet) => {
    const character = String.fromCharCode(octet)
    if (octet < firstPlain || octet >= 0x7f) return decimalEscape(octet)
    return special.includes(character) ? `\\${character}` : character
  })
}

/** Beside what isn't printable, those characters that a zone file would read otherwise; BIND escapes the same. */
const labelTable = tableOf(0x21, '"().;\\@$')
const stringTable = tableOf(0x20, '"\\')

/** A label with all that isn't plain ASCII escaped: nothing a server sends reaches a terminal raw. */
export const presentLabel = (label: Buffer) => present(label, labelTable)

/** A character string in quotes: printable ASCII as it is, anything else as `\DDD`. */
export const quoted = (octets: Buffer) => `"${present(octets, stringTable)}"`

function present(octets: Buffer, table: readonly string[]): string {
  let text = ''
  for (let at = 0; at < octets.length; at++) text += table[octets[at]!]
  return text
}
