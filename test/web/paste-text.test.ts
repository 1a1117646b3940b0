import { describe, expect, test } from 'vitest'
import { inOneLine, manyLines, needsQuestion, piecesOf, readPaste } from '../../web/hands/paste-text.ts'

test.each([
  ['an escape that would end bracketed paste', 'ls\x1b[201~\rrm -rf /', 'ls[201~\rrm -rf /', 1],
  ['C0 and DEL', 'a\x00b\x03c\x04d\x7f', 'abcd', 4],
  ['the one-byte CSI of C1', 'a\x9b201~', 'a201~', 1],
  ['marks that turn the order of reading', 'x\u202ey\u2066z', 'xyz', 2],
])('%s is left out of a paste', (_, raw, text, hidden) => {
  expect(readPaste(raw)).toMatchObject({ text, hidden })
})

test('tabs, line ends, joiners of emoji and every script stay', () => {
  const raw = 'a\tb\r\nc\n你好 👩‍👩‍👧 é\u200f'
  expect(readPaste(raw)).toEqual({ text: raw, lines: 3, hidden: 0 })
})

test.each([
  ['', 1],
  ['a', 1],
  ['a\n', 1],
  ['a\nb', 2],
  ['a\r\nb\r\n', 2],
  ['\n\n', 2],
])('the lines of %j are %i', (raw, lines) => {
  expect(readPaste(raw).lines).toBe(lines)
})

describe('whether a person is asked', () => {
  const asked = (raw: string, isBracketed: boolean, warns: boolean) => needsQuestion(readPaste(raw), isBracketed, warns)

  test('about two lines where a program would run them, and about many anyhow', () => {
    expect(asked('one\n', false, true)).toBe(false)
    expect(asked('one\ntwo', false, true)).toBe(true)
    expect(asked('one\ntwo', true, true)).toBe(false)
    expect(asked('x\n'.repeat(manyLines - 1), true, true)).toBe(false)
    expect(asked('x\n'.repeat(manyLines), true, true)).toBe(true)
  })

  test('not about lines when they said so, yet always about what is hidden', () => {
    expect(asked('one\ntwo', false, false)).toBe(false)
    expect(asked('one\x1b', true, false)).toBe(true)
  })
})

test('in one line, ends become single spaces', () => {
  expect(inOneLine('kubectl get pods \\\n   -A\r\n\r\n  -o wide\n')).toBe('kubectl get pods \\ -A -o wide')
})

test('the preview shows hidden characters by a symbol each', () => {
  expect(piecesOf('a\x1b[201~\x7f\u202eb')).toEqual([
    { text: 'a', isHidden: false },
    { text: '^[', isHidden: true },
    { text: '[201~', isHidden: false },
    { text: '^?', isHidden: true },
    { text: 'U+202E', isHidden: true },
    { text: 'b', isHidden: false },
  ])
})
