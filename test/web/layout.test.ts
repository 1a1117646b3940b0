import { describe, expect, test } from 'vitest'
import {
  type Layout,
  neighbour,
  panesOf,
  place,
  readLayout,
  remove,
  rename,
  type Split,
  split,
  splitAround,
  withShare,
} from '../../web/workspace/layout.ts'

/** a above b on the left, c on the right. */
const three: Layout = split(split('a', 'a', 'row', 'c'), 'a', 'column', 'b')

test('a split shares the place of its pane in halves', () => {
  expect(panesOf(three)).toEqual(['a', 'b', 'c'])
  const { panes, dividers } = place(three)
  expect(panes.get('a')).toEqual({ left: 0, top: 0, width: 0.5, height: 0.5 })
  expect(panes.get('b')).toEqual({ left: 0, top: 0.5, width: 0.5, height: 0.5 })
  expect(panes.get('c')).toEqual({ left: 0.5, top: 0, width: 0.5, height: 1 })
  expect(dividers.map(({ split, box }) => [split.direction, box.width])).toEqual([
    ['row', 1],
    ['column', 0.5],
  ])
})

test('what is left takes the place of a pane that is removed', () => {
  expect(remove(three, 'c')).toEqual({ direction: 'column', share: 0.5, first: 'a', second: 'b' })
  expect(remove('a', 'a')).toBeUndefined()
  expect(remove(three, 'nobody')).toEqual(three)
})

test('a share that is changed stays between a tenth and nine', () => {
  const shareOf = (share: number) => (withShare(three, three as Split, share) as Split).share
  expect([shareOf(0.3), shareOf(0), shareOf(1)]).toEqual([0.3, 0.1, 0.9])
})

describe('the neighbour', () => {
  test.each([
    ['a', 'right', 'c'],
    ['b', 'right', 'c'],
    ['a', 'down', 'b'],
    ['b', 'up', 'a'],
    ['c', 'left', 'a'],
    ['a', 'left', undefined],
    ['c', 'up', undefined],
  ] as const)('of %s on the %s is %s', (pane, side, found) => expect(neighbour(three, pane, side)).toBe(found))

  test('is the one with the longest common edge', () => {
    const larger = withShare(three, (three as Split).first as Split, 0.2)
    expect(neighbour(larger, 'c', 'left')).toBe('b')
  })
})

test('the divider a pane moves is the innermost of that direction', () => {
  expect(splitAround(three, 'a', 'column')).toBe((three as Split).first)
  expect(splitAround(three, 'a', 'row')).toBe(three)
  expect(splitAround(three, 'c', 'column')).toBeUndefined()
})

test('panes without a new name are left out', () => {
  const names = new Map([
    ['b', 'B'],
    ['c', 'C'],
  ])
  expect(rename(three, names)).toEqual({ direction: 'row', share: 0.5, first: 'B', second: 'C' })
  expect(rename(three, new Map())).toBeUndefined()
})

test('what is read again is what was stored', () => {
  expect(readLayout(JSON.parse(JSON.stringify(three)))).toEqual(three)
})

test.each([
  null,
  7,
  [],
  {},
  { direction: 'row', share: 0.5, first: 'a' },
  { direction: 'round', share: 0.5, first: 'a', second: 'b' },
  { direction: 'row', share: 2, first: 'a', second: 'b' },
  { direction: 'row', share: Number.NaN, first: 'a', second: 'b' },
])('%j is no layout', value => expect(readLayout(value)).toBeUndefined())

test('splits within splits without end are no layout', () => {
  let deep: Layout = 'a'
  for (let depth = 0; depth < 100; depth++) deep = { direction: 'row', share: 0.5, first: deep, second: 'b' }
  expect(readLayout(deep)).toBeUndefined()
})
