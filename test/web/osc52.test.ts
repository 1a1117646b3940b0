import { expect, test } from 'vitest'
import { clipboardLimitBytes, clipboardText } from '../../web/hands/osc52.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

test.each(['c', 'p', 's0', ''])('text for selection %j is taken, in any script', selection => {
  expect(clipboardText(`${selection};${base64('你好 👋')}`)).toBe('你好 👋')
})

test.each([
  ['a question for what is on it', 'c;?'],
  ['an empty text', 'c;'],
  ['what is no base64', 'c;***'],
  ['what is no text', `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`],
  ['more than the limit', `c;${base64('x'.repeat(clipboardLimitBytes + 1))}`],
])('%s is refused', (_, data) => {
  expect(clipboardText(data)).toBeUndefined()
})

test('as much as the limit is taken', () => {
  expect(clipboardText(`c;${base64('x'.repeat(clipboardLimitBytes))}`)).toHaveLength(clipboardLimitBytes)
})
