/** `Content-Disposition` for a name of any script: RFC 6266, with a plain name for clients that don't know RFC 8187. */
export function attachment(name: string): string {
  // No system takes a slash, and a browser makes a space of a newline; what is left of ASCII goes between quotes.
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%/]/g, '_')
  const exact = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
