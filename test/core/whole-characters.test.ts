import { expect, test } from 'vitest'
import { WholeCharacters, wholeCharacters } from '../../server/core/whole-characters.ts'

test('text cut at any two bytes comes out whole, and broken text comes out as it was', () => {
  for (const text of [Buffer.from('aé你👩‍👧z'), Buffer.from([0x61, 0xff, 0xe4, 0xbd, 0x41, 0xf0, 0x9f])]) {
    for (let first = 0; first <= text.length; first++)
      for (let second = first; second <= text.length; second++) {
        const characters = new WholeCharacters()
        const parts = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)]
        const passed = [...parts.map(part => Buffer.from(characters.push(part))), Buffer.from(characters.rest())]
        expect(Buffer.concat(passed)).toEqual(text)
        if (text[0] === 0x61 && text[1] === 0xc3) expect(passed.join('')).toBe(text.toString())
      }
  }
})

test('a character that is cut is kept, though the buffer it came in is used again', () => {
  const characters = new WholeCharacters()
  const [first, second] = [Buffer.from('a你').subarray(0, 3), Buffer.from('你b').subarray(2)]
  const buffer = Buffer.alloc(3)
  let passed = ''
  for (const piece of [first, second]) {
    const length = piece.copy(buffer.fill(0x3f))
    passed += Buffer.from(characters.push(buffer.subarray(0, length))).toString()
  }
  expect(passed).toBe('a你b')
})

test('only a character that is begun is taken off the end', () => {
  const whole = (...bytes: number[]) => [...wholeCharacters(Uint8Array.from(bytes))]
  expect(whole(0x61, 0xe4, 0xbd)).toEqual([0x61])
  expect(whole(0xe4, 0xbd, 0xa0)).toEqual([0xe4, 0xbd, 0xa0])
  for (const continued of [[], [0x80], [0x80, 0x80], [0x80, 0x80, 0x80]]) expect(whole(...continued)).toEqual(continued)
})
