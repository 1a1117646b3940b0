/** Statuses as people name them, with the reason phrase the server sent. */
export const statusLine = ({
  httpVersion,
  status,
  statusText,
}: {
  httpVersion: string
  status: number
  statusText: string
}) => `HTTP/${httpVersion} ${status} ${statusText}`.trimEnd()

/** `512 B`, `1.2 kB`, `3.4 GB`: powers of ten. */
export function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `0.4 ms`, `41 ms`, `2.31 s`: three digits are what one reads. */
export function shownMs(ms: number): string {
  if (ms >= 9_995) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`
  return ms >= 99.5 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`
}

/** What a failure usually means, in the flags of the word that says so. */
export function hintOf(
  { reason, hint }: { reason: string; hint: string | null },
  [trust, insecure] = ['--cacert', '-k'],
): string | null {
  return reason === 'verify_failed' ? `${trust} FILE or ${insecure} would let it go on` : hint
}

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 }

export type Style = keyof typeof styles

/** Wraps text in a style where the screen has colours. */
export const painter =
  (colour: boolean) =>
  (style: Style, text: string): string =>
    colour && text !== '' ? `\x1b[${styles[style]}m${text}\x1b[0m` : text

export type Paint = ReturnType<typeof painter>

/** A control character out of the network must not reach the terminal as such. */
export const harmless = (text: string): string =>
  text.replace(
    /[\0-\x08\x0b-\x1f\x7f-\x9f]/g,
    character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
