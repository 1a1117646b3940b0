import type { Assertion, ClassName, Node, SetItem } from './tree.ts'

/**
 * How text stands before the engine: `bytes` one character for each byte, `unicode` as characters. `lines`: whether several lines
 * stand there, with `^` and `$` at each (flag m, for text without carriage returns, which JavaScript takes for ends of lines).
 */
export interface Manner {
  text: 'bytes' | 'unicode'
  lines: 'one' | 'by flag' | 'by looking'
  /** 10, or 0. */
  endOfLine: number
}

/** The source of a JavaScript expression that means the same, for flag u where the text is unicode. */
export function emit(node: Node, manner: Manner): string {
  return new Emitter(manner, hasReference(node)).source(node)
}

/** A word's characters. */
export const wordSet = ({ text }: Pick<Manner, 'text'>) =>
  text === 'bytes' ? '[A-Za-z0-9_]' : '[\\p{Alphabetic}\\p{M}\\p{N}_]'

class Emitter {
  readonly #manner: Manner
  readonly #captures: boolean

  constructor(manner: Manner, captures: boolean) {
    this.#manner = manner
    this.#captures = captures
  }

  source(node: Node): string {
    switch (node.type) {
      case 'char':
        return this.#char(node.code)
      case 'any':
        return `[^${hex(this.#manner.endOfLine)}]`
      case 'set':
        return this.#set(node)
      case 'assertion':
        return this.#assertion(node.kind)
      case 'group':
        return `${this.#captures ? '(' : '(?:'}${this.source(node.node)})`
      case 'reference':
        return `(?:\\${node.index})`
      case 'repeat':
        return `(?:${this.source(node.node)})${quantifier(node.min, node.max)}`
      case 'sequence':
        return node.nodes.map(part => this.source(part)).join('')
      case 'alternatives':
        return `(?:${node.nodes.map(part => this.source(part)).join('|')})`
    }
  }

  #char(code: number): string {
    if (code < 0x80 || this.#manner.text === 'unicode') return hex(code)
    return Array.from(Buffer.from(String.fromCodePoint(code)), hex).join('')
  }

  #assertion(kind: Assertion): string {
    const { lines, endOfLine } = this.#manner
    const word = wordSet(this.#manner)
    const isBytes = this.#manner.text === 'bytes'
    switch (kind) {
      case 'start':
        return lines === 'by looking' ? `(?<![^${hex(endOfLine)}])` : '^'
      case 'end':
        return lines === 'by looking' ? `(?![^${hex(endOfLine)}])` : '$'
      case 'boundary':
        return isBytes ? '\\b' : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
      case 'not boundary':
        return isBytes ? '\\B' : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
      case 'word start':
        return `(?<!${word})(?=${word})`
      case 'word end':
        return `(?<=${word})(?!${word})`
    }
  }

  #set({ negated, items }: Extract<Node, { type: 'set' }>): string {
    const { text, endOfLine } = this.#manner
    const inside = items.map(item => this.#item(item)).join('')
    if (negated) return `[^${inside}${hex(endOfLine)}]`
    if (text === 'unicode') return inside === '' ? '[]' : `[${inside}]`
    const others = items.flatMap(item =>
      'from' in item && item.from >= 0x80 && item.from === item.to ? [item.from] : [],
    )
    const ways = [...(inside === '' ? [] : [`[${inside}]`]), ...others.map(code => this.#char(code))]
    return ways.length === 0 ? '[]' : `(?:${ways.join('|')})`
  }

  #item(item: SetItem): string {
    const { text, endOfLine } = this.#manner
    if ('name' in item) return classSource(item.name, text, endOfLine)
    const to = text === 'bytes' ? Math.min(item.to, 0x7f) : item.to
    return rangesWithout(item.from, to, endOfLine)
  }
}

const quantifier = (min: number, max: number) =>
  max === Infinity
    ? min === 0
      ? '*'
      : min === 1
        ? '+'
        : `{${min},}`
    : min === 0 && max === 1
      ? '?'
      : `{${min},${max}}`

function hex(code: number): string {
  const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  if (isPlain) return String.fromCharCode(code)
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A line's end is in no set. */
function rangesWithout(from: number, to: number, without: number): string {
  if (from > to) return ''
  if (without < from || without > to) return from === to ? hex(from) : `${hex(from)}-${hex(to)}`
  return rangesWithout(from, without - 1, without) + rangesWithout(without + 1, to, without)
}

const asciiClasses: Record<ClassName, [number, number][]> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  blank: [
    [0x20, 0x20],
    [0x09, 0x09],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x20, 0x20],
    [0x09, 0x0d],
  ],
  upper: [[0x41, 0x5a]],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
}

/** What each class has beyond ASCII in a UTF-8 locale. */
const unicodeClasses: Partial<Record<ClassName, string>> = {
  alnum: '\\p{Alphabetic}\\p{M}\\p{N}',
  alpha: '\\p{Alphabetic}\\p{M}',
  blank: '\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u205f\\u3000',
  cntrl: '\\x80-\\x9f\\u2028\\u2029',
  graph: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}',
  lower: '\\p{Lowercase}',
  print: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}\\p{Cf}\\p{Co}',
  punct: '\\p{P}\\p{S}',
  space: '\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000',
  upper: '\\p{Uppercase}',
  word: '\\p{Alphabetic}\\p{M}\\p{N}',
}

function classSource(name: ClassName, text: Manner['text'], endOfLine: number): string {
  const ascii = asciiClasses[name].map(([from, to]) => rangesWithout(from, to, endOfLine)).join('')
  return text === 'bytes' ? ascii : ascii + (unicodeClasses[name] ?? '')
}

function hasReference(node: Node): boolean {
  switch (node.type) {
    case 'reference':
      return true
    case 'group':
    case 'repeat':
      return hasReference(node.node)
    case 'sequence':
    case 'alternatives':
      return node.nodes.some(hasReference)
    default:
      return false
  }
}
