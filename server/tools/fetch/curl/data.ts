import { fileProblem } from '../../../core/file-problem.ts'
import type { Draft, Flag, WordFiles } from '../../../core/tool.ts'
import { CurlError } from './error.ts'

type Encode = (word: string, files: WordFiles) => Promise<Uint8Array>

/** Each `-d` and its kin adds to the body, with `&` between. The draft holds bytes until `finishBody`. */
const dataFlag = (long: string, help: string, encode: Encode, short?: string): Flag => ({
  field: 'body',
  ...(short === undefined ? {} : { short }),
  long,
  metavar: 'DATA',
  help,
  async parse(word, previous, files) {
    const bytes = await encode(word, files)
    return previous instanceof Uint8Array ? Buffer.concat([previous, Buffer.from('&'), bytes]) : bytes
  },
})

export const dataFlags: Flag[] = [
  dataFlag('data', 'Body to POST; @FILE reads it without line breaks, @- from stdin', withoutBreaks, 'd'),
  dataFlag('data-ascii', 'As --data', withoutBreaks),
  dataFlag('data-binary', 'Body to POST; @FILE reads it as it is', asItIs),
  dataFlag('data-raw', 'Body to POST; @ has no meaning', async word => Buffer.from(word)),
  dataFlag('data-urlencode', 'Body to POST, percent-encoded: CONTENT, NAME=CONTENT, @FILE or NAME@FILE', urlEncoded),
]

async function asItIs(word: string, files: WordFiles): Promise<Uint8Array> {
  return word.startsWith('@') ? readNamed(word.slice(1), files) : Buffer.from(word)
}

async function withoutBreaks(word: string, files: WordFiles): Promise<Uint8Array> {
  const bytes = await asItIs(word, files)
  return word.startsWith('@') ? bytes.filter(byte => byte !== 0x0a && byte !== 0x0d && byte !== 0) : bytes
}

async function urlEncoded(word: string, files: WordFiles): Promise<Uint8Array> {
  const at = word.search(/[=@]/)
  const name = at > 0 ? `${word.slice(0, at)}=` : ''
  const content = word[at] === '@' ? await readNamed(word.slice(at + 1), files) : Buffer.from(word.slice(at + 1))
  return Buffer.from(`${name}${percentEncoded(content)}`)
}

/** All but RFC 3986's unreserved characters; a space is `+`, as in forms. */
const percentEncoded = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^A-Za-z0-9\-._~ ]/g, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    .replaceAll(' ', '+')

/** A file that a flag names; with the status and words that curl has for its failure. */
export async function readNamed(
  path: string,
  files: WordFiles,
  [status, words]: readonly [status: number, words: string] = [26, 'Failed to open'],
): Promise<Uint8Array> {
  try {
    return await files.read(path)
  } catch (error) {
    throw new CurlError(status, `${words} ${path}: ${fileProblem(error)}`)
  }
}

/** Bytes become the text they are, or base64 where they are none; a form's type goes with them unless another was named. */
export function finishBody(draft: Draft): void {
  const { body } = draft
  if (!(body instanceof Uint8Array)) return
  const bytes = Buffer.from(body)
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  draft.body = isText ? text : bytes.toString('base64')
  draft.bodyEncoding = isText ? 'utf8' : 'base64'
  const headers = (draft.headers ?? {}) as Record<string, unknown>
  const typed = Object.keys(headers).some(name => name.toLowerCase() === 'content-type')
  if (!typed && draft.bodyAsQuery !== true)
    draft.headers = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }
}
