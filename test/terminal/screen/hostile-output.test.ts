import { expect, test } from 'vitest'
import { opened, snapshotOf, stateOf } from './emulators.ts'
import { startScreen } from './fed-screen.ts'
import { randomFrom } from './random-output.ts'

const rowsOf = (text: string) => stateOf(opened(text)).normal.lines.map(({ cells }) => cells.replace(/·[^|]*\|?/g, ''))

test.each([...'LMSTIZb'])('a count of 2^31 for CSI %s is done at once', final => {
  const emulator = opened(`abc\r\ndef\x1b[H\x1b[2147483647${final}x`)
  expect(stateOf(emulator).normal.lines.length).toBeGreaterThanOrEqual(24)
})

test('a count past the screen does what one of its size does', () => {
  expect(rowsOf('a\r\nb\r\nc\x1b[2;1H\x1b[9999Lx')).toEqual(rowsOf('a\r\nb\r\nc\x1b[2;1H\x1b[24Lx'))
  expect(rowsOf('\x1b[9999Ix')).toEqual(rowsOf('\x1b[80Ix'))
})

test('nothing asked is answered', () => {
  const emulator = opened('')
  const answers: string[] = []
  ;(emulator.core as unknown as { onData(listener: (data: string) => void): void }).onData(data => answers.push(data))
  emulator.write(Buffer.from('\x1b[5n'))
  // The emulator itself does answer: nobody listens, and a snapshot must not ask.
  expect(answers).toEqual(['\x1b[0n'])
  const copy = opened('')
  const again: string[] = []
  ;(copy.core as unknown as { onData(listener: (data: string) => void): void }).onData(data => again.push(data))
  copy.write(snapshotOf(opened('\x1b[c\x1b[6n\x1b]10;?\x07\x1b[?1004h\x1bP$qm\x1b\\text')))
  expect(again).toEqual([])
})

test('marks piled on one letter are kept up to a bound', () => {
  const bytes = snapshotOf(opened(`a${'\u0301'.repeat(100_000)}b`))
  expect(bytes.length).toBeLessThan(1000)
  expect(bytes.toString()).toContain('a\u0301\u0301')
  expect(bytes.toString()).toContain('b')
})

test('of 100,000 links the first thousand are links, and one with an address of a megabyte is text', () => {
  const links = Array.from({ length: 100_000 }, (_, index) => `\x1b]8;;http://x/${index}\x1b\\L\x1b]8;;\x1b\\`)
  const { core } = opened(`\x1b]8;;http://${'x'.repeat(1 << 20)}\x1b\\long\x1b]8;;\x1b\\${links.join('')}`, 80, 1500)
  expect(core._oscLinkService._dataByLinkId.size).toBeLessThanOrEqual(1000)
  const text = snapshotOf(
    opened(`\x1b]8;;http://${'x'.repeat(5000)}\x1b\\long\x1b]8;;\x1b\\ \x1b]8;;http://y\x1b\\short`),
  ).toString()
  expect(text).toContain('long ')
  expect(text).toContain('\x1b]8;;http://y\x1b\\short')
  expect(text).not.toContain('xxx')
})

test.each([
  ['OSC', '\x1b]2;'],
  ['OSC 52', '\x1b]52;c;'],
  ['DCS', '\x1bP$q'],
  ['APC', '\x1b_'],
])('an %s without end keeps no memory, and what comes after it shows', async (_name, opening) => {
  const { append, screen, shown } = await startScreen()
  append(Buffer.from(opening))
  const before = process.memoryUsage().heapUsed
  const piece = Buffer.alloc(1 << 20, 'x')
  for (let count = 0; count < 40; count++) append(piece)
  expect((await screen.snapshot('')).bytes.length).toBeLessThan(1000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(30 * 1024 * 1024)
  append(Buffer.from('\x1b\\after it'))
  const line = (await shown()).core.buffers.active.lines.get(0)!
  expect(String.fromCodePoint(...Array.from({ length: 8 }, (_, at) => line._data[at * 3]! & 0x1fffff))).toBe('after it')
})

test('random bytes make a screen, and its snapshot the same one', async () => {
  const random = randomFrom(7)
  const { append, shown } = await startScreen({ ringBytes: 64 * 1024 })
  const bytes = Buffer.from(Uint8Array.from({ length: 400_000 }, () => random(256)))
  append(bytes)
  expect((await shown()).size).toEqual({ cols: 80, rows: 24 })
})
