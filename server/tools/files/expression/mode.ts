import { ToolError } from '../../../core/errors.ts'

const who: Record<string, number> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 }
const what: Record<string, number> = { r: 0o444, w: 0o222, x: 0o111, X: 0o111, s: 0o6000, t: 0o1000 }

/** `644` or `u=rw,go+r`, symbols counted from nothing, as chmod(1) reads them. Throws ToolError `invalid_input`. */
export function parseMode(word: string): number {
  if (/^[0-7]{1,5}$/.test(word) && Number.parseInt(word, 8) <= 0o7777) return Number.parseInt(word, 8)
  let mode = 0
  for (const clause of word.split(',')) mode = applyClause(mode, clause, word)
  return mode
}

function applyClause(mode: number, clause: string, word: string): number {
  const [, people = '', changes = ''] = /^([ugoa]*)((?:[-+=](?:[rwxXst]+|[ugo])?)+)$/.exec(clause) ?? []
  if (changes === '') throw new ToolError('invalid_input', `expression: '${word}' is no mode: 644, or u=rw,go=r`)
  const mask = [...(people || 'a')].reduce((bits, letter) => bits | who[letter]!, 0)
  let result = mode
  for (const [, sign, letters = ''] of changes.matchAll(/([-+=])([rwxXst]+|[ugo])?/g)) {
    const bits = mask & (/^[ugo]$/.test(letters) ? copied(result, letters) : bitsOf(letters))
    if (sign === '+') result |= bits
    else if (sign === '-') result &= ~bits
    else result = (result & ~mask) | bits
  }
  return result
}

const bitsOf = (letters: string) => [...letters].reduce((bits, letter) => bits | what[letter]!, 0)

/** The permissions of one, for all: `g=u`. */
const copied = (mode: number, from: string) => ((mode >> { u: 6, g: 3, o: 0 }[from as 'u' | 'g' | 'o']) & 7) * 0o111
