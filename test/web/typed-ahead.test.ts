import { expect, test } from 'vitest'
import { TypedAhead } from '../../web/terminal/typed-ahead.ts'

test('what was typed comes back once, in order', () => {
  const typed = new TypedAhead()
  typed.keep(Uint8Array.of(1))
  typed.keep(Uint8Array.of(2, 3))
  expect(typed.take()).toEqual([Uint8Array.of(1), Uint8Array.of(2, 3)])
  expect(typed.take()).toEqual([])
})

test('a paste that does not fit is left out as a whole', () => {
  const typed = new TypedAhead()
  expect(typed.keep(new Uint8Array(60_000))).toBe(true)
  expect(typed.keep(new Uint8Array(10_000))).toBe(false)
  expect(typed.keep(Uint8Array.of(7))).toBe(true)
  expect(typed.take().map(piece => piece.length)).toEqual([60_000, 1])
})
