import { expect, test } from 'vitest'
import { nearWords } from '../../server/core/near-words.ts'

const words = ['HUP', 'INT', 'TERM', 'USR1', 'USR2', 'VTALRM', 'WINCH']

test.each([
  ['HUPP', ['HUP']],
  ['TREM', ['TERM']],
  ['usr3', ['USR1', 'USR2']],
  ['USR2', ['USR2', 'USR1']],
  ['winhc', ['WINCH']],
  ['COLOUR', []],
  ['', []],
])('of a mistyped %j those are near: %j', (typed, near) => {
  expect(nearWords(typed, words)).toEqual(near)
})
