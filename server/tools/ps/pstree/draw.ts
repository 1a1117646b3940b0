import { cellsOf } from '../cells.ts'
import type { PsView } from '../schema.ts'
import { Line } from './line.ts'
import type { TreeNode } from './node.ts'
import type { Symbols } from './symbols.ts'

export interface DrawOptions {
  view: PsView
  symbols: Symbols
  columns: number
  highlighted: ReadonlySet<TreeNode>
}

interface Visit {
  node: TreeNode
  level: number
  /** How many like it stand here. */
  count: number
  /** It stands behind its parent, in the same line. */
  isInline: boolean
  isLast: boolean
  parentUid: number
  /** Brackets that are open. */
  open: number
}

/** Draws one tree as pstree(1) of psmisc does: first children behind their parents, the others below them. */
export function drawTree(root: TreeNode, options: DrawOptions): string {
  return new Drawing(options).draw(root)
}

class Drawing {
  readonly #view: PsView
  readonly #symbols: Symbols
  readonly #highlighted: ReadonlySet<TreeNode>
  readonly #line: Line
  /** By level: cells of the name there, and whether siblings follow. */
  readonly #widths: number[] = []
  readonly #more: boolean[] = []
  /** An explicit stack: a chain of 30,000 shells must not overflow ours. */
  readonly #stack: Visit[] = []
  #text = ''

  constructor({ view, symbols, columns, highlighted }: DrawOptions) {
    this.#view = view
    this.#symbols = symbols
    this.#highlighted = highlighted
    this.#line = new Line(columns)
  }

  draw(root: TreeNode): string {
    this.#stack.push({ node: root, level: 0, count: 1, isInline: true, isLast: true, parentUid: 0, open: 0 })
    for (let visit = this.#stack.pop(); visit; visit = this.#stack.pop()) {
      if (!visit.isInline) this.#indent(visit)
      if (this.#view.showArguments) this.#drawWithArguments(visit)
      else this.#drawInline(visit)
    }
    return this.#text
  }

  #indent({ level, isLast }: Visit): void {
    const { branch, last, vertical, draw } = this.#symbols
    for (let at = 0; at < level; at++) {
      this.#line.add(' '.repeat(this.#widths[at]! + 1))
      const below = this.#more[at + 1] ? vertical : '  '
      this.#line.add(at < level - 1 ? below : isLast ? last : branch, draw)
    }
  }

  #drawInline(visit: Visit): void {
    const { node, level, isLast, open } = visit
    const start = this.#line.cells
    this.#drawNode(visit)
    this.#more[level] = !isLast
    this.#widths[level] = this.#line.cells - start
    if (node.children.length > 0) this.#drawChildren(visit)
    else this.#endLine(open)
  }

  #drawChildren(visit: Visit): void {
    const { node, open } = visit
    const groups = this.#group(node.children, () => this.#view.compact)
    const { isFull } = this.#line
    const { first, single, draw } = this.#symbols
    this.#line.add(groups.length > 1 || isFull ? first : single, draw)
    if (isFull) this.#endLine(0)
    else this.#pushAll(groups, visit, (count, at) => ({ open: open + (count > 1 ? 1 : 0), isInline: at === 0 }))
  }

  #drawWithArguments(visit: Visit): void {
    const { node, level, isLast, open } = visit
    const nameCells = cellsOf(escaped(node.name))
    this.#drawNode(visit)
    for (const [at, word] of (node.words ?? []).entries()) if (!this.#addWord(word, node.words!.length - at)) break
    this.#endLine(open)
    this.#more[level] = !isLast
    this.#widths[level] = nameCells > 1 ? 1 : 0
    const groups = this.#group(node.children, child => this.#view.compact && child.isThread)
    this.#pushAll(groups, visit, count => ({ open: count > 1 ? 1 : 0, isInline: false }))
  }

  #addWord(word: string, left: number): boolean {
    if (word === '' && left === 1) return true
    this.#line.add(' ')
    const text = escaped(word)
    const fits = this.#line.hasRoom(cellsOf(text), 4)
    this.#line.add(fits ? text : '...')
    return fits
  }

  #drawNode({ node, count, parentUid }: Visit): void {
    const { showArguments, showPids, showPgids, showUsers } = this.#view
    const hasNoArguments = showArguments && node.words === undefined
    const facts = [
      ...(showPids ? [String(node.id)] : []),
      ...(showPgids ? [String(node.pgid)] : []),
      ...(showUsers && node.uid !== parentUid ? [escaped(node.user)] : []),
    ]
    const marked = this.#highlighted.has(node)
    if (count > 1) this.#line.add(`${count}*[`)
    if (marked) this.#line.addMark('\x1b[1m')
    this.#line.add(hasNoArguments ? `(${escaped(node.name)}` : escaped(node.name))
    if (showArguments) this.#line.add(facts.map(fact => `,${fact}`).join('') + (hasNoArguments ? ')' : ''))
    else if (facts.length > 0) this.#line.add(`(${facts.join(',')})`)
    if (marked) this.#line.addMark('\x1b[0m')
  }

  #endLine(open: number): void {
    this.#line.add(']'.repeat(open))
    this.#text += this.#line.end()
  }

  /** Siblings that are drawn the same, together at the first of them. */
  #group(children: readonly TreeNode[], mayJoin: (child: TreeNode) => boolean): [TreeNode, number][] {
    const groups: [TreeNode, number][] = []
    const byShape = new Map<number, [TreeNode, number]>()
    for (const child of children) {
      const known = mayJoin(child) ? byShape.get(child.shape) : undefined
      if (known) known[1]++
      else {
        const group: [TreeNode, number] = [child, 1]
        groups.push(group)
        if (mayJoin(child)) byShape.set(child.shape, group)
      }
    }
    return groups
  }

  #pushAll(
    groups: readonly [TreeNode, number][],
    { node: { uid }, level }: Visit,
    place: (count: number, at: number) => Pick<Visit, 'open' | 'isInline'>,
  ): void {
    for (let at = groups.length - 1; at >= 0; at--) {
      const [node, count] = groups[at]!
      const isLast = at === groups.length - 1
      this.#stack.push({ node, level: level + 1, count, isLast, parentUid: uid, ...place(count, at) })
    }
  }
}

/** Control characters, bytes that were no UTF-8, and the backslash that tells of them: octal, as psmisc writes them. */
const escaped = (text: string) =>
  text.replaceAll('\ufffd', '?').replace(/[\\\x00-\x1f\x7f-\x9f]/g, character => {
    if (character === '\\') return '\\\\'
    return [...Buffer.from(character)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  })
