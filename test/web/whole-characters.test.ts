import { expect, test } from 'vitest'
import { WholeCharacters } from '../../web/terminal/whole-characters.ts'

test('text cut at any byte comes in whole characters, and all of it', () => {
  const bytes = Buffer.from('a’—\u200d中👩é')
  for (let at = 0; at <= bytes.length; at++) {
    const characters = new WholeCharacters()
    const pieces = [characters.push(bytes.subarray(0, at)), characters.push(bytes.subarray(at))]
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    for (const piece of pieces) expect(Buffer.from(piece).toString()).not.toContain('\ufffd')
  }
})

test('bytes that are no text pass, and what is held is forgotten with the output it belonged to', () => {
  const characters = new WholeCharacters()
  expect([...characters.push(Uint8Array.of(0x80, 0x80, 0xff, 0x41))]).toEqual([0x80, 0x80, 0xff, 0x41])
  expect(characters.push(Uint8Array.of(0xe2, 0x80)).length).toBe(0)
  characters.forget()
  expect([...characters.push(Uint8Array.of(0x42))]).toEqual([0x42])
})
