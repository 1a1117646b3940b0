import { expect, test } from 'vitest'
import { Typing } from '../../server/terminal/typing.ts'

test('a session sees keys of the others alone, also once it is typed into itself', () => {
  const typing = new Typing()
  expect(typing.elsewhere('flood')).toBe(false)
  typing.typed('flood')
  expect(typing.elsewhere('flood')).toBe(false)
  expect(typing.elsewhere('shell')).toBe(true)
  typing.typed('shell')
  typing.typed('shell')
  expect(typing.elsewhere('shell')).toBe(true)
  expect(typing.elsewhere('flood')).toBe(true)
  typing.typed('flood')
  expect(typing.elsewhere('flood')).toBe(true)
})
