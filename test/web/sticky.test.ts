import { expect, test } from 'vitest'
import { cursorSequence } from '../../web/hands/bar-keys.ts'
import { StickyModifiers } from '../../web/hands/sticky.ts'

test('Ctrl holds for one key', () => {
  const modifiers = new StickyModifiers()
  modifiers.tap('ctrl', 0)
  expect([modifiers.apply('c'), modifiers.apply('c')]).toEqual(['\x03', 'c'])
})

test('a double tap locks it, a further tap lets go', () => {
  const modifiers = new StickyModifiers()
  modifiers.tap('ctrl', 0)
  modifiers.tap('ctrl', 300)
  expect([modifiers.apply('a'), modifiers.apply('e')]).toEqual(['\x01', '\x05'])
  modifiers.tap('ctrl', 2_000)
  expect(modifiers.apply('a')).toBe('a')
})

test('two slow taps are on and off', () => {
  const modifiers = new StickyModifiers()
  modifiers.tap('alt', 0)
  modifiers.tap('alt', 900)
  expect(modifiers.apply('b')).toBe('b')
})

test('Alt sends ESC first, and both go together', () => {
  const modifiers = new StickyModifiers()
  modifiers.tap('alt', 0)
  modifiers.tap('ctrl', 0)
  expect(modifiers.apply('h')).toBe('\x1b\b')
})

test.each([
  [' ', '\x00'],
  ['[', '\x1b'],
  ['_', '\x1f'],
  ['/', '\x1f'],
  ['?', '\x7f'],
  ['1', '1'],
  ['你', '你'],
])('Ctrl makes %j into %j', (typed, sent) => {
  const modifiers = new StickyModifiers()
  modifiers.tap('ctrl', 0)
  expect(modifiers.apply(typed)).toBe(sent)
})

test('a word of an input method and a sequence pass untouched, and what is held stays', () => {
  const modifiers = new StickyModifiers()
  modifiers.tap('ctrl', 0)
  expect([modifiers.apply('你好'), modifiers.apply('\x1b[A'), modifiers.apply('c')]).toEqual(['你好', '\x1b[A', '\x03'])
})

test('arrows carry what is held, and follow the application mode when nothing is', () => {
  const modifiers = new StickyModifiers()
  expect(modifiers.parameter).toBe(1)
  modifiers.tap('ctrl', 0)
  modifiers.tap('alt', 0)
  expect(cursorSequence('A', modifiers.parameter, true)).toBe('\x1b[1;7A')
  expect([cursorSequence('A', 1, true), cursorSequence('A', 1, false)]).toEqual(['\x1bOA', '\x1b[A'])
})
