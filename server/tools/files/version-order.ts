import type { ByteText } from './byte-text.ts'

/**
 * filevercmp() of gnulib: runs of digits count as numbers, `~` sorts before everything, a dot file before the rest, and an
 * extension like `.tar.gz` only where what stands before it is equal.
 */
export function compareVersions(a: ByteText, b: ByteText): number {
  if (a === b) return 0
  const special = compareSpecial(a, b)
  if (special !== 0) return special
  const result = compareRuns(withoutExtension(a), withoutExtension(b))
  return result || compareRuns(a, b)
}

/** The empty name, `.`, `..`, then other names with a dot before. */
function compareSpecial(a: ByteText, b: ByteText): number {
  const rank = (name: ByteText) =>
    name === '' ? 0 : name === '.' ? 1 : name === '..' ? 2 : name.startsWith('.') ? 3 : 4
  return rank(a) - rank(b)
}

const withoutExtension = (name: ByteText) => {
  const start = name.startsWith('.') ? 1 : 0
  return name.slice(0, start) + name.slice(start).replace(/(\.[A-Za-z~][A-Za-z0-9~]*)*$/, '')
}

function compareRuns(a: ByteText, b: ByteText): number {
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [textA = '', textB = ''] = [/^\D*/.exec(a.slice(i))?.[0], /^\D*/.exec(b.slice(j))?.[0]]
    const result = compareTexts(textA, textB)
    if (result !== 0) return result
    i += textA.length
    j += textB.length
    const [digitsA = '', digitsB = ''] = [/^\d*/.exec(a.slice(i))?.[0], /^\d*/.exec(b.slice(j))?.[0]]
    const [numberA, numberB] = [digitsA.replace(/^0+/, ''), digitsB.replace(/^0+/, '')]
    if (numberA.length !== numberB.length) return numberA.length - numberB.length
    if (numberA !== numberB) return numberA < numberB ? -1 : 1
    i += digitsA.length
    j += digitsB.length
  }
  return 0
}

/** Letters before other signs, `~` before the end. */
function compareTexts(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = weight(a, at) - weight(b, at)
    if (difference !== 0) return difference
  }
  return 0
}

function weight(text: string, at: number): number {
  const character = text[at]
  if (character === undefined) return 0
  if (character === '~') return -1
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
}
