import { type ByteText, byteTextOf, utf8Of } from '../byte-text.ts'

export type Matcher = (bytes: ByteText) => boolean

/**
 * A pattern as of a shell, fnmatch(3) without flags: `*` and `?` match `/` and a leading dot too. Characters are those of UTF-8;
 * in names that are none, bytes.
 */
export function globMatcher(pattern: string, ignoreCase = false): Matcher {
  if (!ignoreCase && !/[*?[\\]/.test(pattern)) {
    const exact = byteTextOf(pattern)
    return bytes => bytes === exact
  }
  const suffix = /^\*([^*?[\\]*)$/.exec(pattern)?.[1]
  if (!ignoreCase && suffix !== undefined) {
    const end = byteTextOf(suffix)
    return bytes => bytes.endsWith(end)
  }
  return bytewise(pattern, globSource, ignoreCase)
}

/** Matches text as text, and what is none by the same pattern's bytes. */
export function bytewise(pattern: string, sourceOf: (pattern: string) => string, ignoreCase: boolean): Matcher {
  const flags = ignoreCase ? 'isu' : 'su'
  const ofText = new RegExp(`^(?:${sourceOf(pattern)})$`, flags)
  let ofBytes: RegExp | undefined
  return bytes => {
    const text = utf8Of(bytes)
    if (text !== undefined) return ofText.test(text)
    ofBytes ??= new RegExp(`^(?:${sourceOf(byteTextOf(pattern))})$`, flags)
    return ofBytes.test(bytes)
  }
}

function globSource(pattern: string): string {
  let source = ''
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!
    const end = character === '[' ? bracketEnd(characters, at) : -1
    if (character === '*') source += source.endsWith('.*') ? '' : '.*'
    else if (character === '?') source += '.'
    else if (character === '\\' && at + 1 < characters.length) source += literal(characters[++at]!)
    else if (end > 0) {
      source += bracketSource(characters.slice(at + 1, end), '!^', true)
      at = end
    } else source += literal(character)
  }
  return source
}

/** Where a bracket ends: `]` at its very beginning stands for itself, and classes have brackets of their own. -1: nowhere. */
export function bracketEnd(characters: readonly string[], start: number): number {
  let at = start + 1
  if (characters[at] === '!' || characters[at] === '^') at++
  if (characters[at] === ']') at++
  for (; at < characters.length; at++) {
    const kind = characters[at] === '[' ? characters[at + 1] : undefined
    if (kind !== undefined && ':.='.includes(kind)) {
      const close = characters.findIndex(
        (one, index) => index > at + 2 && one === kind && characters[index + 1] === ']',
      )
      if (close > 0) at = close + 1
    } else if (characters[at] === ']') return at
  }
  return -1
}

const classes: Record<string, string> = {
  alnum: '\\p{L}\\p{N}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\p{Cc}',
  digit: '0-9',
  graph: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}',
  lower: '\\p{Ll}',
  print: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}',
  punct: '\\p{P}\\p{S}',
  space: '\\s',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
}

/** What stands between `[` and `]`, as JavaScript has it. */
export function bracketSource(inner: readonly string[], negations: string, escapes: boolean): string {
  const start = inner.length > 1 && negations.includes(inner[0]!) ? 1 : 0
  let source = ''
  for (let at = start; at < inner.length; at++) {
    const character = inner[at]!
    const named = /^\[([:.=])(.+?)\1\]/u.exec(inner.slice(at).join(''))
    if (named) {
      source += named[1] === ':' ? (classes[named[2]!] ?? '') : inBracket(named[2]!)
      at += [...named[0]].length - 1
    } else if (escapes && character === '\\' && at + 1 < inner.length) source += inBracket(inner[++at]!)
    else if (character === '-' && at > start && at + 1 < inner.length) source += '-'
    else source += inBracket(character)
  }
  return `[${start > 0 ? '^' : ''}${source}]`
}

const inBracket = (character: string) => (/[\\\]^[-]/.test(character) ? `\\${character}` : character)

export const literal = (character: string) => (/[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character)
