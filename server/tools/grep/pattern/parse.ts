import { parseBracket } from './bracket.ts'
import { PatternError } from './problem.ts'
import type { Assertion, Node } from './tree.ts'

/** RE_DUP_MAX of the C library. */
const maxRepeat = 32_767

/** What GNU adds to both syntaxes, behind a backslash. */
const assertions: Record<string, Assertion> = {
  '<': 'word start',
  '>': 'word end',
  b: 'boundary',
  B: 'not boundary',
  '`': 'start',
  "'": 'end',
}

const sets: Record<string, Node> = {
  w: { type: 'set', negated: false, items: [{ name: 'word' }] },
  W: { type: 'set', negated: true, items: [{ name: 'word' }] },
  s: { type: 'set', negated: false, items: [{ name: 'space' }] },
  S: { type: 'set', negated: true, items: [{ name: 'space' }] },
}

/** A basic or extended regular expression of POSIX as GNU grep reads it. Throws PatternError. Source: regex(7), grep(1). */
export function parsePosix(pattern: string, isExtended: boolean): Node {
  return new Parser(pattern, isExtended).whole()
}

type Operator = '(' | ')' | '|' | '{' | '*' | '+' | '?'

class Parser {
  readonly #text: string
  readonly #isExtended: boolean
  #at = 0
  #groups = 0
  #closed = new Set<number>()
  #depth = 0

  constructor(pattern: string, isExtended: boolean) {
    this.#text = pattern
    this.#isExtended = isExtended
  }

  whole(): Node {
    const node = this.#alternatives()
    if (this.#at < this.#text.length) throw new PatternError('Unmatched ) or \\)')
    return node
  }

  #alternatives(): Node {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? nodes[0]! : { type: 'alternatives', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    const start = this.#at
    while (this.#at < this.#text.length && !this.#sees('|') && !this.#sees(')')) {
      const atom = this.#atom(nodes.length === 0 && this.#at === start, nodes)
      nodes.push(this.#repeated(atom))
    }
    return { type: 'sequence', nodes }
  }

  #repeated(atom: Node): Node {
    const isAnchor = atom.type === 'assertion' && atom.kind === 'start' && !this.#isExtended
    let node = atom
    for (;;) {
      if (isAnchor && this.#text[this.#at] === '*') return node
      const range = this.#repetition()
      if (!range) return node
      node = { type: 'repeat', node, ...range }
    }
  }

  #repetition(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity }
    if (this.#take('+')) return { min: 1, max: Infinity }
    if (this.#take('?')) return { min: 0, max: 1 }
    return this.#sees('{') ? this.#interval() : undefined
  }

  #interval(): { min: number; max: number } | undefined {
    const [open, close] = this.#isExtended ? ['{', '}'] : ['\\{', '\\}']
    const rest = this.#text.slice(this.#at + open!.length)
    const end = rest.indexOf(close!)
    const words = /^(\d*)(,?)(\d*)$/.exec(end < 0 ? 'x' : rest.slice(0, end))
    if (!words || (words[1] === '' && words[2] === '')) {
      if (this.#isExtended) return undefined
      throw new PatternError(end < 0 ? 'Unmatched \\{' : 'Invalid content of \\{\\}')
    }
    const min = Number(words[1])
    const max = words[2] === '' ? min : words[3] === '' ? Infinity : Number(words[3])
    if (min > max) throw new PatternError('Invalid content of \\{\\}')
    if (min > maxRepeat || (max !== Infinity && max > maxRepeat)) throw new PatternError('Regular expression too big')
    this.#at += open!.length + end + close!.length
    return { min, max }
  }

  #atom(isFirst: boolean, before: readonly Node[]): Node {
    if (this.#take('(')) return this.#group()
    const isOperator = this.#isExtended && ['*', '+', '?'].some(operator => this.#sees(operator as Operator))
    // An operator with nothing before it repeats nothing.
    if (isOperator && isFirst) return { type: 'sequence', nodes: [] }
    const character = this.#next()
    switch (character) {
      case '.':
        return { type: 'any' }
      case '[':
        return this.#bracket()
      case '\\':
        return this.#escape()
      case '^':
        if (this.#isExtended || isFirst || before.length === 0) return { type: 'assertion', kind: 'start' }
        break
      case '$':
        if (this.#isExtended || this.#isAtEnd()) return { type: 'assertion', kind: 'end' }
    }
    return { type: 'char', code: character.codePointAt(0)! }
  }

  #isAtEnd(): boolean {
    return this.#at === this.#text.length || this.#sees('|') || this.#sees(')')
  }

  #group(): Node {
    if (++this.#depth > 200) throw new PatternError('Regular expression too big')
    const index = ++this.#groups
    const node = this.#alternatives()
    if (!this.#take(')')) throw new PatternError('Unmatched ( or \\(')
    this.#closed.add(index)
    this.#depth--
    return { type: 'group', node, index }
  }

  #bracket(): Node {
    const { node, end } = parseBracket(this.#text, this.#at)
    this.#at = end
    return node
  }

  #escape(): Node {
    if (this.#at === this.#text.length) throw new PatternError('Trailing backslash')
    const character = this.#next()
    const kind = assertions[character]
    if (kind) return { type: 'assertion', kind }
    if (/[1-9]/.test(character)) {
      if (!this.#closed.has(Number(character))) throw new PatternError('Invalid back reference')
      return { type: 'reference', index: Number(character) }
    }
    return sets[character] ?? { type: 'char', code: character.codePointAt(0)! }
  }

  #next(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at)!)
    this.#at += character.length
    return character
  }

  #sees(operator: Operator): boolean {
    return this.#text.startsWith(this.#written(operator), this.#at) && !this.#isLiteral(operator)
  }

  /** A parenthesis that closes nothing still is one. */
  #isLiteral(operator: Operator): boolean {
    return !this.#isExtended && operator === '*' && this.#isStarLiteral()
  }

  /** In a basic expression a * at the beginning of one, or of a part of it, is itself. */
  #isStarLiteral(): boolean {
    const before = this.#text.slice(0, this.#at)
    return /(^|(?<!\\)(\\\\)*\\[(|])\^?$/.test(before)
  }

  #take(operator: Operator): boolean {
    if (!this.#sees(operator)) return false
    this.#at += this.#written(operator).length
    return true
  }

  #written(operator: Operator): string {
    return this.#isExtended || operator === '*' ? operator : `\\${operator}`
  }
}
