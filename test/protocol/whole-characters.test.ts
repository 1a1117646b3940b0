import { expect, test } from 'vitest'
import { WholeCharacters } from '../../server/protocol/whole-characters.ts'

const sample = 'a“é…汉怀耀👩‍👩‍👧z'
const joined = (pieces: Uint8Array[]) => Buffer.concat(pieces)

test('every piece is whole characters, and together they are the stream, wherever it is cut', () => {
  const bytes = Buffer.from(sample)
  for (let first = 0; first <= bytes.length; first++)
    for (let second = first; second <= bytes.length; second++) {
      const characters = new WholeCharacters()
      const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
      const pieces = parts.flatMap(part => characters.take(part))
      for (const piece of pieces) new TextDecoder('utf-8', { fatal: true }).decode(piece)
      expect(joined(pieces).toString()).toBe(sample)
    }
})

test('byte by byte too', () => {
  const characters = new WholeCharacters()
  const pieces = [...Buffer.from(sample)].flatMap(byte => characters.take(Uint8Array.of(byte)))
  expect(pieces.map(piece => Buffer.from(piece).toString())).toEqual([...sample])
})

test.each([
  [[0xe6, 0xb1], [0x41]],
  [[0xff, 0xfe], [0x41]],
  [
    [0x80, 0x80],
    [0x80, 0x41],
  ],
  [
    [0xf0, 0x9f, 0x91],
    [0xe6, 0xb1, 0x89],
  ],
  [[0xc3], [0xc3, 0xa9]],
])('what is no UTF-8 is held no longer than until the next byte: %j %j', (first, second) => {
  const characters = new WholeCharacters()
  const pieces = [first, second].flatMap(part => characters.take(Uint8Array.from(part)))
  expect([...joined(pieces)]).toEqual([...first, ...second])
})

test('after a reset nothing of before is given', () => {
  const characters = new WholeCharacters()
  characters.take(Uint8Array.of(0xe6, 0xb1))
  characters.reset()
  expect(characters.take(Uint8Array.of(0x41))).toEqual([Uint8Array.of(0x41)])
})
