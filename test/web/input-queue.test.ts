import { expect, test } from 'vitest'
import { InputQueue } from '../../web/terminal/input-queue.ts'

const bytes = (...values: number[]) => Uint8Array.of(...values)
const flat = (pieces: Uint8Array[]) => pieces.flatMap(piece => [...piece])

test('what was typed is sent once, in order', () => {
  const input = new InputQueue()
  input.add(bytes(1), false)
  input.add(bytes(2, 3), false)
  expect(input.take()).toEqual([bytes(1), bytes(2, 3)])
  expect(input.take()).toEqual([])
})

test('what did not arrive is sent again by the next connection, and nothing else', () => {
  const input = new InputQueue()
  input.add(bytes(1, 2), false)
  input.add(bytes(3, 4, 5), false)
  input.take()
  input.received(1)
  input.add(bytes(6), true)
  input.rewind(3)
  expect(flat(input.take())).toEqual([4, 5, 6])
  input.received(5)
  input.rewind(6)
  expect(input.take()).toEqual([])
})

test('what arrived is forgotten while more is under way', () => {
  const input = new InputQueue()
  input.add(bytes(1, 2), false)
  input.take()
  input.add(bytes(3), false)
  input.received(2)
  expect(flat(input.take())).toEqual([3])
  input.add(bytes(4), false)
  input.received(3)
  expect(flat(input.take())).toEqual([4])
})

test('a server that has forgotten us gets what it was not known to have, and counts anew', () => {
  const input = new InputQueue()
  input.add(new Uint8Array(100), false)
  input.take()
  input.received(90)
  input.rewind(0)
  expect(flat(input.take())).toHaveLength(10)
  input.add(bytes(7), false)
  input.take()
  input.received(10)
  input.rewind(10)
  expect(flat(input.take())).toEqual([7])
})

test('a paste that does not fit into a cut is left out as a whole', () => {
  const input = new InputQueue()
  expect(input.add(new Uint8Array(60_000), true)).toBe(true)
  expect(input.add(new Uint8Array(10_000), true)).toBe(false)
  expect(input.add(bytes(7), true)).toBe(true)
  expect(input.take().map(piece => piece.length)).toEqual([60_000, 1])
})

test('a long paste is cut into frames that the server takes', () => {
  const input = new InputQueue()
  expect(input.add(new Uint8Array((2 << 20) + 1), false)).toBe(true)
  expect(input.take().map(piece => piece.length)).toEqual([1 << 20, 1 << 20, 1])
})
