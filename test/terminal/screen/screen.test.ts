import { expect, test } from 'vitest'
import { WholeCharacters } from '../../../server/core/whole-characters.ts'
import { newEmulator, opened, snapshotOf, stateOf } from './emulators.ts'
import { budgetOf, render, startScreen } from './fed-screen.ts'
import { goldenFiles, readGolden } from './golden.ts'
import { type Random, randomFrom, randomLine, randomSequence } from './random-output.ts'

const KiB = 1024

function randomOutput(random: Random, clusters: boolean): string {
  let text = ''
  const target = random(3) === 0 ? 20_000 : 700_000
  while (text.length < target) {
    const kind = random(10)
    if (kind === 0) text += randomSequence(random)
    if (kind === 1 && random(4) === 0) text += randomSequence(random).repeat(20)
    for (let lines = random(kind === 2 ? 3000 : 40); lines > 0; lines--)
      text += randomLine(random, { colours: kind % 2 === 0, clusters })
  }
  return text
}

const randomSize = (random: Random) => ({ cols: 5 + random(150), rows: 2 + random(50) })

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'text that has scrolled out is passed over and nothing else, seed %i',
  async seed => {
    const random = randomFrom(seed)
    const size = randomSize(random)
    const resizes = seed % 2 === 0
    // Else screens are put by and taken up again whenever another one is used, and what a resize would still bring back is lost:
    // a saved cursor that had scrolled out, and that an empty cell in colour is empty.
    const screens = budgetOf({ liveScreens: resizes ? 2 : 1 })
    const { screen, append, shown } = await startScreen({ ringBytes: (16 << random(7)) * KiB, screens, ...size })
    const other = await startScreen({ screens })
    const whole = newEmulator(size)
    const characters = new WholeCharacters()
    const bytes = Buffer.from(randomOutput(random, !resizes))
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + 1 + random(300_000))
      append(piece)
      whole.write(characters.push(piece))
      at += piece.length
      if (random(3) === 0) await other.shown()
      if (!resizes || random(4) !== 0) continue
      const next = randomSize(random)
      screen.resize(next)
      whole.resize(next)
    }
    expect(stateOf(await shown())).toEqual(stateOf(whole))
  },
)

test.each([
  ['plain text', 'The quick brown fox jumps over the lazy dog, 中文 and all.\r\n'],
  [
    'coloured text',
    '\x1b[1;32mThe quick\x1b[0m \x1b[38;5;99mbrown fox\x1b[m \x1b[4:3mjumps\x1b[0;7m over\x1b[m it\r\n',
  ],
])('of a flood of %s only what stays is read', async (_name, line) => {
  const { screen, append, shown } = await startScreen()
  const flood = Buffer.from(line.repeat(200_000))
  append(flood)
  expect(screen.readBytes).toBe(0)
  const emulator = await shown()
  expect(screen.readBytes).toBeLessThan(2200 * line.length)
  expect(stateOf(emulator)).toEqual(stateOf(opened(flood)))
})

test.each(goldenFiles)('cut at any byte, a snapshot and the rest make the whole: %s', async file => {
  const bytes = Buffer.from(readGolden(file))
  const whole = stateOf(opened(bytes))
  const { ring, screen, append } = await startScreen()
  for (let at = 0; at < bytes.length; at++) {
    append(bytes.subarray(at, at + 1))
    const snapshot = await screen.snapshot('')
    if (at % 3 !== 0 && bytes.length > 150) continue
    const late = render(snapshot, ring, bytes.subarray(at + 1))
    expect(stateOf(late), JSON.stringify(bytes.subarray(0, at + 1).toString())).toEqual(whole)
  }
})

test.each([
  ['a control character within a sequence', 'ab\x1b[3\n1', 'mred'],
  ['a sequence in C1', 'ab\u009b3', '1mred'],
  ['a title in C1 with a character that begins like C1', '\x1b[31mab\u009d2;°', 'title\u009cred'],
  ['a character', Buffer.from('ab中').subarray(0, 3), Buffer.from('中c').subarray(1)],
  ['a character whose second byte is 0x80', Buffer.from('䀀').subarray(0, 2), Buffer.from('䀀c').subarray(2)],
  ['a string longer than is held for it', `\x1b]2;${'x'.repeat(100_000)}`, 'y\x07after'],
  ['an image longer than is held for it', `\x1bPq${'#'.repeat(100_000)}`, '#\x1b\\after'],
])('cut amid %s, what comes after the snapshot is read as it is meant', async (_name, before, after) => {
  const { append, shown } = await startScreen()
  const [start, end] = [Buffer.from(before as string), Buffer.from(after as string)]
  append(start)
  expect(stateOf(await shown(end))).toEqual(stateOf(opened(Buffer.concat([start, end]))))
})

test('a snapshot holds the title', async () => {
  const { screen, append } = await startScreen()
  append(Buffer.from('text'))
  const { bytes } = await screen.snapshot('its title')
  expect(bytes.toString()).toContain('\x1b]2;its title\x1b\\')
})

test('at the end all is read, down to the last byte, and the bytes can be let go', async () => {
  const { ring, screen, append, shown } = await startScreen()
  const output = Buffer.concat([Buffer.from('\x1b[31mlast words\r\n'.repeat(3000)), Buffer.from('中').subarray(0, 2)])
  append(output)
  await screen.finish()
  ring.release()
  expect(screen.frozenBytes).toBeGreaterThan(0)
  expect((await screen.snapshot('')).offset).toBe(ring.end)
  expect(stateOf(await shown())).toEqual(stateOf(opened(output)))
})

test('screens that were put by have no more memory than their budget, the latest lines of each kept', async () => {
  const screens = budgetOf({ liveScreens: 1, screenBudgetBytes: 300 * KiB })
  const line = '\x1b[31mred \x1b[32mgreen \x1b[34mblue\x1b[m and some more words to fill it\r\n'
  const all = await Promise.all(Array.from({ length: 8 }, () => startScreen({ screens })))
  for (const { append, shown } of all) {
    append(Buffer.from(line.repeat(3000)))
    await shown()
  }
  const held = all.map(({ screen }) => screen.frozenBytes)
  expect(held.at(-1)).toBe(0)
  expect(Math.max(...held.slice(3))).toBeLessThanOrEqual(64 * KiB)
  expect(held.reduce((sum, bytes) => sum + bytes)).toBeLessThan((300 + 7 * 64) * KiB)
  const { core } = await all[5]!.shown()
  expect(core.buffers.normal.ybase).toBeGreaterThan(200)
  expect(core.buffers.normal.lines.get(core.buffers.normal.ybase)?._data[0]).toBe(
    opened('r').core.buffers.normal.lines.get(0)?._data[0],
  )
})

test('a snapshot is bounded however much colour a huge window has', () => {
  const cells = Array.from(
    { length: 400 * 200 },
    (_, index) => `\x1b[38;2;${index % 255};${index >> 8};9;48;2;1;2;${index % 99}mX`,
  )
  const emulator = opened(cells.join('').repeat(3), 400, 200)
  const bytes = snapshotOf(emulator)
  expect(bytes.length).toBeLessThanOrEqual(4096 * KiB)
  const copy = opened(bytes, 400, 200)
  expect(copy.core.buffers.active.y).toBe(199)
  expect(bytes.length).toBeGreaterThan(1024 * KiB)
})
