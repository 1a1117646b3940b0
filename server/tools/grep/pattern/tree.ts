/** A pattern of grep as its parts, whatever syntax it was written in. */
export type Node =
  | { type: 'char'; code: number }
  /** Any character but the line's end. */
  | { type: 'any' }
  | { type: 'set'; negated: boolean; items: SetItem[] }
  | { type: 'assertion'; kind: Assertion }
  | { type: 'group'; node: Node; index: number }
  | { type: 'reference'; index: number }
  | { type: 'repeat'; node: Node; min: number; max: number }
  | { type: 'sequence'; nodes: Node[] }
  | { type: 'alternatives'; nodes: Node[] }

export type Assertion = 'start' | 'end' | 'boundary' | 'not boundary' | 'word start' | 'word end'

export type SetItem = { from: number; to: number } | { name: ClassName }

export const classNames = [
  'alnum',
  'alpha',
  'blank',
  'cntrl',
  'digit',
  'graph',
  'lower',
  'print',
  'punct',
  'space',
  'upper',
  'xdigit',
  'word',
] as const
export type ClassName = (typeof classNames)[number]

export const literalNode = (text: string): Node => ({
  type: 'sequence',
  nodes: Array.from(text, character => ({ type: 'char', code: character.codePointAt(0)! })),
})
