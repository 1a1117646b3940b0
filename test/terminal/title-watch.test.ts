import { expect, test } from 'vitest'
import { TitleWatch } from '../../server/terminal/title-watch.ts'

function titleOf(...pieces: (string | Uint8Array)[]): string {
  const watch = new TitleWatch()
  for (const piece of pieces) watch.read(Buffer.from(piece as string))
  return watch.title
}

test('the last title set counts, by OSC 0 or 2, ended by BEL or ST', () => {
  expect(titleOf('a\x1b]0;one\x07b\x1b]2;two; three\x1b\\c')).toBe('two; three')
  expect(titleOf('\x1b]2;vi 中文.txt\x07', '\x1b]1;icon\x07\x1b]20;x\x07\x1b]8;;http://x\x07')).toBe('vi 中文.txt')
  expect(titleOf('\x1b]2;set\x07\x1b]2;\x07')).toBe('')
  expect(titleOf('\x1b]2;kept\x07\x1b]2;cancelled\x18')).toBe('kept')
})

test('a title cut at any byte is the same', () => {
  const bytes = Buffer.from('before\x1b]2;标题 of it\x1b\\after')
  for (let at = 0; at <= bytes.length; at++)
    expect(titleOf(bytes.subarray(0, at), bytes.subarray(at))).toBe('标题 of it')
  expect(titleOf(...Array.from(bytes, byte => Uint8Array.of(byte)))).toBe('标题 of it')
})

test('of a title of a megabyte a thousand characters are kept, without control characters', () => {
  expect(titleOf(`\x1b]2;${'好'.repeat(400_000)}\x07`)).toBe('好'.repeat(1000))
  const pieces = Array.from({ length: 256 }, () => 'x'.repeat(4096))
  expect(titleOf('\x1b]2;', ...pieces, '\x07')).toBe('x'.repeat(1000))
  expect(titleOf('\x1b]2;a\tb\nc\u0085d\x07')).toBe('abcd')
})
