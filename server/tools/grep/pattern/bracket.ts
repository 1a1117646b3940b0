import { PatternError } from './problem.ts'
import { type ClassName, classNames, type Node, type SetItem } from './tree.ts'

/** A bracket expression; `start` is just behind its `[`. Throws PatternError. regex(7). */
export function parseBracket(text: string, start: number): { node: Node; end: number } {
  let at = start
  const negated = text[at] === '^'
  if (negated) at++
  const items: SetItem[] = []
  const first = at
  for (;;) {
    if (at >= text.length) throw new PatternError('Unmatched [, [^, [:, [., or [=')
    if (text[at] === ']' && at > first) break
    const element = elementAt(text, at)
    at = element.end
    if ('name' in element) {
      items.push({ name: element.name })
      continue
    }
    const isRange = text[at] === '-' && text[at + 1] !== ']' && at + 1 < text.length
    if (!isRange) {
      items.push({ from: element.code, to: element.code })
      continue
    }
    const last = elementAt(text, at + 1)
    if ('name' in last || last.code < element.code) throw new PatternError('Invalid range end')
    items.push({ from: element.code, to: last.code })
    at = last.end
  }
  const inside = text.slice(start, at)
  if (/^:.*:$/.test(inside)) throw new PatternError('character class syntax is [[:space:]], not [:space:]')
  return { node: { type: 'set', negated, items }, end: at + 1 }
}

type Element = { end: number } & ({ code: number } | { name: ClassName })

function elementAt(text: string, at: number): Element {
  const kind = text[at] === '[' ? text[at + 1] : undefined
  if (kind === undefined || !':.='.includes(kind)) {
    const code = text.codePointAt(at)!
    return { code, end: at + String.fromCodePoint(code).length }
  }
  const close = text.indexOf(`${kind}]`, at + 2)
  if (close < 0) throw new PatternError('Unmatched [, [^, [:, [., or [=')
  const word = text.slice(at + 2, close)
  const end = close + 2
  if (kind === ':') {
    const name = classNames.find(name => name === word && name !== 'word')
    if (!name) throw new PatternError('Invalid character class name')
    return { name, end }
  }
  if ([...word].length !== 1) throw new PatternError('Invalid collation character')
  return { code: word.codePointAt(0)!, end }
}
