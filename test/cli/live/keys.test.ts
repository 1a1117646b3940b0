import { expect, test } from 'vitest'
import { KeyReader } from '../../../server/cli/live/keys.ts'

const read = (...pieces: string[]) => {
  const reader = new KeyReader()
  return pieces.flatMap(piece => reader.read(Buffer.from(piece, 'latin1')))
}

test.each([
  ['aZ ', ['a', 'Z', ' ']],
  ['\r\n\t\x7f\b', ['Enter', 'Enter', 'Tab', 'Backspace', 'Backspace']],
  ['\x03\x0f\x15', ['Ctrl-C', 'Ctrl-O', 'Ctrl-U']],
  ['\x1b[A\x1bOB\x1b[1;5C\x1b[D', ['Up', 'Down', 'Right', 'Left']],
  ['\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['Home', 'End', 'Home', 'End', 'Home', 'End']],
  ['\x1b[5~\x1b[6;2~\x1b[2~\x1b[3~', ['PageUp', 'PageDown', 'Insert', 'Delete']],
  ['\x1b[?62;22c\x1b[12;40R\x1b[<0;5;5Mx', ['x']],
  ['\xe4\xbd\xa0\xe2\x82\xac', ['你', '€']],
])('%j is %j', (typed, keys) => {
  expect(read(typed)).toEqual(keys)
  expect(read(...typed)).toEqual(keys)
})

test('ESC alone is the key once nothing follows it', () => {
  const reader = new KeyReader()
  expect(reader.read(Buffer.from('\x1b'))).toEqual([])
  expect(reader.isHalfway).toBe(true)
  expect(reader.giveUp()).toEqual(['Escape'])
  expect(reader.isHalfway).toBe(false)
  expect(reader.giveUp()).toEqual([])
  expect(reader.read(Buffer.from('\x1bq'))).toEqual(['Escape', 'q'])
})
