import { ToolError } from '../../../core/errors.ts'
import { bracketEnd, bracketSource, bytewise, literal, type Matcher } from './glob.ts'

type Syntax = 'emacs' | 'basic' | 'extended'

/** What find's `-regextype` knows, by what an operator looks like. */
export const regexTypes: ReadonlyMap<string, Syntax> = new Map([
  ['emacs', 'emacs'],
  ['findutils-default', 'emacs'],
  ['ed', 'basic'],
  ['sed', 'basic'],
  ['grep', 'basic'],
  ['posix-basic', 'basic'],
  ['egrep', 'extended'],
  ['posix-egrep', 'extended'],
  ['posix-extended', 'extended'],
])

/** A regular expression that the whole path has to match. Throws ToolError `invalid_input`. */
export function regexMatcher(pattern: string, type: string, ignoreCase: boolean): Matcher {
  const syntax = regexTypes.get(type) ?? 'emacs'
  try {
    return bytewise(pattern, pattern => sourceOf(pattern, syntax), ignoreCase)
  } catch (cause) {
    const why = (cause as Error).message.replace(/^.*\/[a-z]*: /s, '')
    throw new ToolError('invalid_input', `expression: '${pattern}' is no regular expression: ${why}`, { cause })
  }
}

/** Operators as they stand, and those that take a backslash. */
const plain: Record<Syntax, string> = { emacs: '*+?.^$', basic: '*.^$', extended: '*+?.^$(){}|' }
const escaped: Record<Syntax, string> = { emacs: '()|', basic: '(){}|+?', extended: '' }

/** The same in every syntax of GNU. */
const marks: Record<string, string> = {
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '^',
  "'": '$',
  w: '\\w',
  W: '\\W',
  b: '\\b',
  B: '\\B',
  s: '\\s',
  S: '\\S',
}

function sourceOf(pattern: string, syntax: Syntax): string {
  const characters = [...pattern]
  let source = ''
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!
    const end = character === '[' ? bracketEnd(characters, at) : -1
    if (end > 0) {
      source += bracketSource(characters.slice(at + 1, end), '^', false)
      at = end
    } else if (character === '\\' && at + 1 < characters.length) source += behindBackslash(characters[++at]!, syntax)
    else if (isOperator(character, source, syntax)) source += character
    else source += literal(character)
  }
  return source
}

/** `*` with nothing before it is itself. */
function isOperator(character: string, before: string, syntax: Syntax): boolean {
  if (!plain[syntax].includes(character)) return false
  const isFirst = before === '' || /(?:^|[^\\])[(|]$/.test(before)
  return !(isFirst && '*+?'.includes(character))
}

function behindBackslash(character: string, syntax: Syntax): string {
  if (escaped[syntax].includes(character)) return character
  if (/[1-9]/.test(character)) return `\\${character}`
  return marks[character] ?? literal(character)
}
