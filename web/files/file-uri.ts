/** Longer ones are no path that the kernel takes. */
const maxPathBytes = 4095

/**
 * The bytes of the path in `file://host/path`, where `ls --hyperlink` and others lead; undefined where it is none. The host is
 * whatever the program calls its machine: only this terminal's files are ever asked for.
 */
export function pathInUri(uri: string): Uint8Array | undefined {
  const escaped = /^file:\/\/[^/?#]*(\/[^?#]*)$/i.exec(uri)?.[1]
  if (escaped === undefined) return undefined
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (const part of escaped.match(/%[\da-f]{2}|[^%]+|%/gi) ?? [])
    bytes.push(...(/^%../.test(part) ? [Number.parseInt(part.slice(1), 16)] : encoder.encode(part)))
  return bytes.includes(0) || bytes.length > maxPathBytes ? undefined : Uint8Array.from(bytes)
}
