import type { Node } from './tree.ts'

/** The text where a pattern is nothing but that. */
export function literalOf(node: Node): string | undefined {
  if (node.type === 'char') return String.fromCodePoint(node.code)
  if (node.type !== 'sequence') return undefined
  const parts = node.nodes.map(literalOf)
  return parts.every(part => part !== undefined) ? parts.join('') : undefined
}

/** The longest text that stands in every line which matches, as far as that is plain to see. */
export function requiredText(node: Node): string {
  let longest = ''
  let run = ''
  const end = (text = '') => {
    for (const candidate of [run, text]) if (candidate.length > longest.length) longest = candidate
    run = ''
  }
  const visit = (part: Node): void => {
    switch (part.type) {
      case 'char':
        run += String.fromCodePoint(part.code)
        break
      case 'sequence':
        part.nodes.forEach(visit)
        break
      case 'group':
        visit(part.node)
        break
      case 'assertion':
        break
      case 'repeat':
        end(part.min > 0 ? requiredText(part.node) : '')
        break
      default:
        end()
    }
  }
  visit(node)
  end()
  return longest
}

/**
 * Whether the lines that match are the same when each byte of UTF-8 is taken for a character: so many characters of any kind may
 * be twice as many bytes, but any number of them is any number.
 */
export function isByteSafe(node: Node): boolean {
  switch (node.type) {
    case 'char':
    case 'reference':
      return true
    case 'any':
      return false
    case 'set':
      return !node.negated && node.items.every(item => 'from' in item && (item.to < 0x80 || item.from === item.to))
    case 'assertion':
      return node.kind === 'start' || node.kind === 'end'
    case 'group':
      return isByteSafe(node.node)
    case 'repeat':
      return isByteSafe(node.node) || (node.min <= 1 && node.max === Infinity && isAnyKind(node.node))
    case 'sequence':
    case 'alternatives':
      return node.nodes.every(isByteSafe)
  }
}

/** Takes any byte beyond ASCII. */
function isAnyKind(node: Node): boolean {
  if (node.type === 'any') return true
  if (node.type === 'set') return node.negated && node.items.every(item => 'from' in item && item.to < 0x80)
  return false
}

/** Whether trying in vain may take longer than the text is long. */
export function mayBacktrack(node: Node): boolean {
  switch (node.type) {
    case 'repeat':
      return node.max > 1
    case 'reference':
      return true
    case 'group':
      return mayBacktrack(node.node)
    case 'sequence':
    case 'alternatives':
      return node.nodes.some(mayBacktrack)
    default:
      return false
  }
}

/** Of texts to choose from the longest come first, since JavaScript takes the first that fits and POSIX the longest. */
export function longestFirst(node: Node): Node {
  switch (node.type) {
    case 'group':
    case 'repeat':
      return { ...node, node: longestFirst(node.node) }
    case 'sequence':
      return { ...node, nodes: node.nodes.map(longestFirst) }
    case 'alternatives': {
      const nodes = node.nodes.map(longestFirst)
      const lengths = new Map(nodes.map(node => [node, literalOf(node)?.length]))
      if ([...lengths.values()].includes(undefined)) return { ...node, nodes }
      return { ...node, nodes: nodes.toSorted((one, other) => lengths.get(other)! - lengths.get(one)!) }
    }
    default:
      return node
  }
}
