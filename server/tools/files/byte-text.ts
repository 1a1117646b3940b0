import { shownName } from '../../core/shown-name.ts'

/**
 * Names and paths of any bytes as strings of one character a byte (latin1): they are cut, joined and sorted as the kernel's bytes
 * are, and cost no more than text.
 */
export type ByteText = string

const beyondAscii = /[\x80-\xff]/
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const bytesOf = (bytes: ByteText): Buffer => Buffer.from(bytes, 'latin1')

export const byteTextOf = (text: string): ByteText => Buffer.from(text).toString('latin1')

/** The text that the bytes are in UTF-8; undefined where they are none. */
export function utf8Of(bytes: ByteText): string | undefined {
  if (!beyondAscii.test(bytes)) return bytes
  try {
    return strict.decode(bytesOf(bytes))
  } catch {
    return undefined
  }
}

/** As the API shows it: see shownName(). */
export const shown = (bytes: ByteText): string => (beyondAscii.test(bytes) ? shownName(bytesOf(bytes)) : bytes)

/** A field for the text, and another one for the bytes where the text can't stand for them: `{path}` or `{path, pathBase64}`. */
export function textFields<Name extends string>(name: Name, bytes: ByteText) {
  const text = utf8Of(bytes)
  const exact = text === undefined ? { [`${name}Base64`]: bytesOf(bytes).toString('base64') } : {}
  return { [name]: text ?? shown(bytes), ...exact } as { [Key in Name]: string } & { [Key in `${Name}Base64`]?: string }
}

/** What goes to standard output: the bytes themselves. */
export const rawText = (bytes: ByteText): string | Uint8Array => utf8Of(bytes) ?? bytesOf(bytes)

/** The last name of a path, slashes at its end left off; `/` is its own. */
export function baseName(path: ByteText): ByteText {
  let end = path.length
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end--
  return end === 1 ? path.slice(0, 1) : path.slice(path.lastIndexOf('/', end - 1) + 1, end)
}

/** What textFields() made of a path. */
export const bytesOfFields = ({ path, pathBase64 }: { path: string; pathBase64?: string | undefined }): ByteText =>
  pathBase64 === undefined ? byteTextOf(path) : Buffer.from(pathBase64, 'base64').toString('latin1')
