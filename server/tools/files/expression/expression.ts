import type { FileStatus } from '../../../linux/root/status.ts'
import type { ByteText } from '../byte-text.ts'
import type { Found } from '../found.ts'
import type { Needs } from '../walk.ts'

/** What an expression may ask and do while it looks at one thing. */
export interface Look {
  /** undefined where it can't be asked: then the thing counts as not found. */
  status(found: Found): FileStatus | undefined
  target(found: Found): ByteText | undefined
  /** An action was come to, by its place among those of the expression. */
  act(found: Found, action: number): void
  /** The folder isn't gone into. */
  prune(): void
  /** Nothing more is looked at. */
  quit(): void
}

/** Whether one thing is meant. */
export type Test = (found: Found, look: Look) => boolean

/** What a test is made from when the walk begins. */
export interface Place {
  /** Milliseconds since 1970. */
  now: number
  /** Of a file that an expression names, links followed. Throws what stops it. */
  statusOf(path: string): Promise<FileStatus>
  userId(name: string): number | undefined
  groupId(name: string): number | undefined
  hasUser(uid: number): boolean
  hasGroup(gid: number): boolean
}

export type Make = (place: Place) => Test | Promise<Test>

export type Node =
  | { is: 'and' | 'or' | 'list'; left: Node; right: Node }
  | { is: 'not'; of: Node }
  | { is: 'test'; make: Make }
  | { is: 'action'; action: number }

/** What is to be shown of what was found, by a command line. */
export type Action = { is: 'print' | 'print0' | 'ls' } | { is: 'printf'; format: string }

/** Options that stand among the tests of find(1), and are true of the whole walk. */
export interface ExpressionOptions {
  depth?: number
  minDepth?: number
  oneFileSystem?: true
  postOrder?: true
  follow?: 'never' | 'named' | 'always'
}

export interface Expression {
  node: Node
  /** Empty: what is true is told of. */
  actions: Action[]
  needs: Needs
  options: ExpressionOptions
}

export async function compile(node: Node, place: Place): Promise<Test> {
  if (node.is === 'test') return await node.make(place)
  if (node.is === 'action') return actionTest(node.action)
  if (node.is === 'not') {
    const of = await compile(node.of, place)
    return (found, look) => !of(found, look)
  }
  const left = await compile(node.left, place)
  const right = await compile(node.right, place)
  if (node.is === 'and') return (found, look) => left(found, look) && right(found, look)
  if (node.is === 'or') return (found, look) => left(found, look) || right(found, look)
  return (found, look) => {
    left(found, look)
    return right(found, look)
  }
}

const actionTest =
  (action: number): Test =>
  (found, look) => {
    look.act(found, action)
    return true
  }
