import { expect, test } from 'vitest'
import { printable } from '../../../server/tools/processes/printable.ts'

test('what would move the cursor of a terminal is not printed', () => {
  expect(printable('a\nb\x1b[31m\x07\x9b\ufffd\x7f你')).toBe('a b?[31m????你')
})
