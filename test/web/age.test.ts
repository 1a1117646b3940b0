import { expect, test } from 'vitest'
import { showAge } from '../../web/workspace/age.ts'

const now = new Date('2026-11-24T12:00:00Z')

test.each([
  [0, 'now'],
  [59, 'now'],
  [60, '1 min. ago'],
  [3_600 * 5, '5 hr. ago'],
  [86_400, 'yesterday'],
  [-30, 'now'],
])('%i seconds are %j', (seconds, text) =>
  expect(showAge(new Date(now.getTime() - seconds * 1000), now, 'en')).toBe(text),
)

test('in Chinese too', () => expect(showAge(new Date(now.getTime() - 300_000), now, 'zh-CN')).toBe('5分钟前'))
