const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A name of any bytes as text. UTF-8 stays as it is; in a name that is none, each byte that isn't part of a character becomes
 * `%FF`, and a `%` of its own `%25`, so that different names look different.
 */
export function shownName(bytes: Uint8Array): string {
  return decoded(bytes) ?? escaped(bytes)
}

function escaped(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    const character = byte === 0x25 ? undefined : decoded(bytes.subarray(at, at + length))
    text += character ?? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    at += character === undefined ? 1 : length
  }
  return text
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}
