import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../golden/screen')

/** Sequences as people read them: `\e`, `\n`, `\xNN`, `\u{N}`; a line that begins with `#` is a comment, and line ends mean nothing. */
export function readGolden(file: string): string {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  const text = lines.filter(line => !line.startsWith('#')).join('')
  return text.replace(/\\(?:u\{(\w+)\}|x(\w\w)|(.))/g, (_, unicode, hex, letter) =>
    letter === undefined ? String.fromCodePoint(Number.parseInt(unicode ?? hex, 16)) : (escapes[letter] ?? letter),
  )
}
const escapes: Record<string, string> = { e: '\x1b', n: '\n', r: '\r', t: '\t', b: '\b' }

export const goldenFiles = readdirSync(folder)
