/** Characters that a zone file would read otherwise (RFC 1035, section 5.1); these BIND escapes too. */
const special = new Set('"().;\\@$')

/** A label with all that isn't plain ASCII escaped: nothing a server sends reaches a terminal raw. */
export function presentLabel(label: Buffer): string {
  let text = ''
  for (const octet of label) {
    const character = String.fromCharCode(octet)
    if (octet <= 0x20 || octet >= 0x7f) text += decimalEscape(octet)
    else text += special.has(character) ? `\\${character}` : character
  }
  return text
}

/** A character string in quotes: printable ASCII as it is, anything else as `\DDD` (RFC 1035, section 5.1). */
export function quoted(octets: Buffer): string {
  let text = ''
  for (const octet of octets) {
    const character = String.fromCharCode(octet)
    if (octet < 0x20 || octet >= 0x7f) text += decimalEscape(octet)
    else text += character === '"' || character === '\\' ? `\\${character}` : character
  }
  return `"${text}"`
}

/** `\DDD`, RFC 1035, section 5.1. */
const decimalEscape = (octet: number) => `\\${String(octet).padStart(3, '0')}`
