import { ToolError } from '../../../core/errors.ts'
import { emit, type Manner, wordSet } from './emit.ts'
import { isByteSafe, literalOf, longestFirst, mayBacktrack, requiredText } from './facts.ts'
import { parsePosix } from './parse.ts'
import { PatternError } from './problem.ts'
import { literalNode, type Node } from './tree.ts'

export const syntaxes = ['basic', 'extended', 'fixed', 'perl'] as const

export interface PatternOptions {
  syntax: (typeof syntaxes)[number]
  ignoreCase: boolean
  /** Nothing of a word may stand on either side. */
  word: boolean
  /** The whole line has to match. */
  line: boolean
  /** 10, or 0. */
  endOfLine: number
}

/** Patterns, of which one has to match, as what finds them. */
export interface Compiled {
  /** Where a plain text is all that is looked for. */
  literal: Buffer | undefined
  /** What stands in every line that matches; empty where that isn't known. */
  required: Buffer
  /** Lines can be told from their bytes, whatever the text is. */
  byteSafe: boolean
  mayBacktrack: boolean
  /** JavaScript's `.` and classes know no line's end of ours: one line at a time. */
  lineByLine: boolean
  regexp(manner: Omit<Manner, 'endOfLine'>, flags?: string): RegExp
}

/** Throws ToolError `invalid_input`. */
export function compile(patterns: readonly string[], options: PatternOptions): Compiled {
  return options.syntax === 'perl' ? compilePerl(patterns, options) : compilePosix(patterns, options)
}

function compilePosix(patterns: readonly string[], options: PatternOptions): Compiled {
  const { ignoreCase, word, line, endOfLine } = options
  const nodes = patterns.map(pattern => parseOne(pattern, options))
  const node: Node = longestFirst(nodes.length === 1 ? nodes[0]! : { type: 'alternatives', nodes })
  const literal = ignoreCase || word || line ? undefined : literalOf(node)
  const byteSafe = isByteSafe(node) && !word && !(ignoreCase && !patterns.every(isAscii))
  return {
    literal: literal ? Buffer.from(literal) : undefined,
    required: Buffer.from(ignoreCase ? '' : requiredText(node)),
    byteSafe,
    mayBacktrack: mayBacktrack(node),
    lineByLine: false,
    regexp(manner, flags = '') {
      const whole = { ...manner, endOfLine }
      const source = within(emit(node, whole), whole, options)
      return made(
        source,
        `${flags}g${ignoreCase ? 'i' : ''}${manner.text === 'unicode' ? 'u' : ''}${manner.lines === 'by flag' ? 'm' : ''}`,
        patterns,
      )
    },
  }
}

function parseOne(pattern: string, { syntax }: PatternOptions): Node {
  if (syntax === 'fixed') return literalNode(pattern)
  try {
    return parsePosix(pattern, syntax === 'extended')
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw refusal(error.message, error)
  }
}

function within(source: string, manner: Manner, { word, line }: PatternOptions): string {
  if (line) {
    const start = emit({ type: 'assertion', kind: 'start' }, manner)
    return `${start}(?:${source})${emit({ type: 'assertion', kind: 'end' }, manner)}`
  }
  return word ? `(?<!${wordSet(manner)})(?:${source})(?!${wordSet(manner)})` : source
}

/** As JavaScript reads it, which knows nearly all of Perl's syntax. */
function compilePerl(patterns: readonly string[], options: PatternOptions): Compiled {
  const source = patterns.map(pattern => `(?:${fromPerl(pattern)})`).join('|')
  return {
    literal: undefined,
    required: Buffer.alloc(0),
    byteSafe: false,
    mayBacktrack: true,
    lineByLine: true,
    regexp(manner, flags = '') {
      const whole = { ...manner, endOfLine: options.endOfLine }
      const text = manner.text === 'unicode' ? 'u' : ''
      return made(within(source, whole, options), `${flags}gs${options.ignoreCase ? 'i' : ''}${text}`, patterns)
    },
  }
}

const perlClasses: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
}

/** What JavaScript has in other words. */
const perlEscapes: Record<string, string> = { A: '^', z: '$', Z: '$', h: '[ \\t]', a: '\\x07', e: '\\x1b' }

/** With flag u, which is strict, a backslash only stands before what needs one. */
const fromPerl = (pattern: string) =>
  pattern
    .replace(/\[:([a-z]+):\]/g, (written, name: string) => perlClasses[name] ?? written)
    .replace(
      /\\([\s\S])/g,
      (written, letter: string) => perlEscapes[letter] ?? (/[\w^$\\.*+?()[\]{}|/-]/.test(letter) ? written : letter),
    )

function made(source: string, flags: string, patterns: readonly string[]): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    const said = (error as Error).message.replace(/^.*\/[a-z]*: /s, '')
    throw refusal(`'${patterns.join("', '")}' is no expression that can be looked for here: ${said}`, error)
  }
}

const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text)

function refusal(message: string, cause: unknown): ToolError {
  return new ToolError('invalid_input', message, { fields: [{ path: 'patterns', message }], cause })
}
