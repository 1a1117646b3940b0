import { describe, expect, test } from 'vitest'
import { opened, restored, stateOf } from './emulators.ts'
import { goldenFiles, readGolden } from './golden.ts'

/** What shows state that can't be read: each is given to both terminals, and they must still be the same. */
const probes = {
  'a letter': 'z',
  'a wide character': '好',
  'a combining mark': '\u0301',
  'a joiner and an emoji': '\u200d👩',
  'a flag’s second half': '\u{1F1EB}',
  repetition: '\x1b[3b',
  'a long line': 'wraps '.repeat(30),
  tabs: '\tA\tB\r\tC\x1b[ZD',
  'line feeds': '\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nx',
  'reverse line feeds': '\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bM\x1bMx',
  'the saved cursor': '\x1b8restored q',
  'the saved cursor of the normal screen': '\x1b[?1049l\x1b[umarked q',
  'the other charsets': 'qx\x0eqx#\x0fqx\x1bnqx\x1boqx',
  'an erased display': '\x1b[J\x1b[1J',
  'a selective erase': '\x1b[?2J',
  'inserted lines': '\x1b[2L\x1b[3M\x1b[2@',
  backspaces: '\b\b\b\b\b\b\b\b\b\bx',
  'the cursor at home': '\x1b[Hhome',
}

describe.each(goldenFiles)('%s', file => {
  const input = readGolden(file)

  test('is the same terminal after a snapshot', () => {
    const emulator = opened(input)
    expect(stateOf(restored(emulator))).toEqual(stateOf(emulator))
  })

  test.each(Object.entries(probes))('goes on the same with %s', (_name, probe) => {
    const emulator = opened(input)
    const copy = restored(emulator)
    for (const each of [emulator, copy]) each.write(Buffer.from(probe))
    expect(stateOf(copy)).toEqual(stateOf(emulator))
  })

  test('is the same through a snapshot of the snapshot', () => {
    const emulator = opened(input)
    expect(stateOf(restored(restored(emulator)))).toEqual(stateOf(emulator))
  })
})

test('a snapshot is the same after a resize, and reflows as the original', () => {
  for (const file of goldenFiles) {
    const emulator = opened(readGolden(file))
    emulator.resize({ cols: 61, rows: 17 })
    expect(stateOf(restored(emulator)), file).toEqual(stateOf(emulator))
  }
})
