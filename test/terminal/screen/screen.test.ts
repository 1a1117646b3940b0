import { expect, onTestFinished, test } from 'vitest'
import type { TerminalSize } from '../../../server/protocol/terminal-frames.ts'
import { defaultLimits } from '../../../server/terminal/limits.ts'
import { ReplayBudget } from '../../../server/terminal/replay-budget.ts'
import { ReplayRing } from '../../../server/terminal/replay-ring.ts'
import { SessionScreen, type Snapshot } from '../../../server/terminal/screen/screen.ts'
import { ScreenBudget } from '../../../server/terminal/screen/screen-budget.ts'
import { newEmulator, stateOf } from './emulators.ts'
import { type Random, randomFrom, randomLine, randomSequence } from './random-output.ts'

const KiB = 1024

/** A screen that is fed as a session feeds it, from a ring of so many bytes. */
async function startScreen({
  ringBytes = 2048 * KiB,
  cols = 80,
  rows = 24,
  budget = defaultLimits as Partial<typeof defaultLimits>,
} = {}) {
  const ring = new ReplayRing(ringBytes, new ReplayBudget(8192 * KiB))
  const screens = new ScreenBudget({ ...defaultLimits, ...budget })
  const screen = new SessionScreen(ring, screens, { cols, rows }, () => undefined)
  onTestFinished(() => screen.close())
  // So that it can read from the first byte on: a session waits where it can't yet.
  await screen.snapshot('')
  return {
    ring,
    screen,
    screens,
    append(bytes: Uint8Array) {
      for (let at = 0; at < bytes.length; at += 4096) {
        const piece = bytes.subarray(at, at + 4096)
        screen.makeRoom(piece.length)
        ring.append(piece)
      }
    },
  }
}

/** What a client shows that was given the snapshot, then the rest of the output. */
function shown({ offset, bytes, cols, rows }: Snapshot, ring: ReplayRing) {
  const emulator = newEmulator({ cols, rows })
  emulator.write(bytes)
  const rest = new Uint8Array(ring.end - offset)
  ring.copy(offset, rest)
  emulator.write(rest)
  return emulator
}

function randomOutput(random: Random): string {
  let text = ''
  const target = random(3) === 0 ? 20_000 : 700_000
  while (text.length < target) {
    const kind = random(10)
    if (kind === 0) text += randomSequence(random)
    if (kind === 1 && random(4) === 0) text += randomSequence(random).repeat(20)
    for (let lines = random(kind === 2 ? 3000 : 40); lines > 0; lines--) text += randomLine(random, kind % 2 === 0)
  }
  return text
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'text that has scrolled out is passed over and nothing else, seed %i',
  async seed => {
    const random = randomFrom(seed)
    const size = { cols: 5 + random(150), rows: 2 + random(50) }
    const { ring, screen, append } = await startScreen({ ringBytes: (16 << random(7)) * KiB, ...size })
    const whole = newEmulator(size)
    const bytes = Buffer.from(randomOutput(random))
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + 1 + random(300_000))
      append(piece)
      whole.write(piece)
      at += piece.length
      if (random(4) !== 0) continue
      const next: TerminalSize = { cols: 5 + random(150), rows: 2 + random(50) }
      screen.resize(next)
      whole.resize(next)
    }
    const snapshot = await screen.snapshot('')
    expect(stateOf(shown(snapshot, ring))).toEqual(stateOf(whole))
  },
)
