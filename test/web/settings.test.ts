import { expect, test } from 'vitest'
import { choices, readSettings } from '../../web/settings.ts'

const defaults = Object.fromEntries(Object.entries(choices).map(([name, [first]]) => [name, first]))

test('a browser that chose nothing has the defaults', () => expect(readSettings(null)).toEqual(defaults))

test('what was chosen stays, and what is not a choice is the default', () => {
  const stored = JSON.stringify({ theme: 'light', fontSize: 9000, rightClick: 'paste', extra: 1 })
  expect(readSettings(stored)).toEqual({ ...defaults, theme: 'light', rightClick: 'paste' })
})

test.each(['', 'no JSON', 'null', '[]', '"text"'])('%j in the storage is as good as nothing', stored =>
  expect(readSettings(stored)).toEqual(defaults),
)
