import type { Expression } from './expression/expression.ts'
import { beginsExpression, parseExpression } from './expression/parse.ts'
import type { FilesInput } from './schema.ts'

/** The input's fields that are tests of find(1), and what they are called there. */
const tests = {
  name: '-name',
  iname: '-iname',
  path: '-path',
  regex: '-regex',
  fileType: '-type',
  size: '-size',
  mtime: '-mtime',
  mmin: '-mmin',
  newer: '-newer',
  user: '-user',
  group: '-group',
  perm: '-perm',
  links: '-links',
  inode: '-inum',
} as const satisfies Partial<Record<keyof FilesInput, string>>

/** What is searched for; nothing where everything is meant. */
function wordsOf(input: FilesInput): string[] {
  const words = Object.entries(tests).flatMap(([field, test]) => {
    const word = input[field as keyof typeof tests]
    return word === undefined ? [] : [test, word]
  })
  if (input.empty) words.push('-empty')
  if (input.expression.length > 0)
    words.push(...(words.length > 0 ? ['(', ...input.expression, ')'] : input.expression))
  return words
}

export const isSearch = (input: FilesInput): boolean =>
  wordsOf(input).length > 0 || input.skip.length > 0 || input.depth !== undefined || input.minDepth !== undefined

/** The whole expression of an input. Throws ToolError. */
export function expressionOf(input: FilesInput): Expression {
  const words = wordsOf(input)
  if (input.skip.length === 0) return parseExpression(words)
  const names = input.skip.flatMap(name => ['-o', '-name', name]).slice(1)
  const rest = words.length > 0 ? ['(', ...words, ')'] : ['-true']
  const { actions } = parseExpression(words)
  const shown = actions.length > 0 ? [] : ['-print']
  const whole = parseExpression(['-type', 'd', '(', ...names, ')', '-prune', '-o', ...rest, ...shown])
  return actions.length > 0 ? whole : { ...whole, actions: [] }
}

export { beginsExpression }
