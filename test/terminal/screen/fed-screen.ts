import { onTestFinished } from 'vitest'
import { defaultLimits, type Limits } from '../../../server/terminal/limits.ts'
import { ReplayBudget } from '../../../server/terminal/replay-budget.ts'
import { ReplayRing } from '../../../server/terminal/replay-ring.ts'
import { SessionScreen, type Snapshot } from '../../../server/terminal/screen/screen.ts'
import { ScreenBudget } from '../../../server/terminal/screen/screen-budget.ts'
import { newEmulator } from './emulators.ts'

const KiB = 1024

/** A screen that is fed as a session feeds it, from a ring of so many bytes. */
export async function startScreen({
  ringBytes = 2048 * KiB,
  cols = 80,
  rows = 24,
  screens = new ScreenBudget(defaultLimits),
} = {}) {
  const ring = new ReplayRing(ringBytes, new ReplayBudget(8192 * KiB))
  const screen = new SessionScreen(ring, screens, { cols, rows }, () => undefined)
  onTestFinished(() => screen.close())
  // So that it can read from the first byte on: a session waits where it can't yet.
  await screen.snapshot('')
  const append = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += 4096) {
      const piece = bytes.subarray(at, at + 4096)
      screen.makeRoom(piece.length)
      ring.append(piece)
    }
  }
  /** What a client shows that comes now, and is told of `more` output too. */
  const shown = async (more: Uint8Array = new Uint8Array()) => render(await screen.snapshot(''), ring, more)
  return { ring, screen, append, shown }
}

/**
 * The snapshot and all output after it, the latter in one piece: xterm.js reads a character wrong that is cut after a second byte
 * of 0x80.
 */
export function render({ offset, bytes, cols, rows }: Snapshot, ring: ReplayRing, more: Uint8Array) {
  const emulator = newEmulator({ cols, rows })
  emulator.write(bytes)
  emulator.write(Buffer.concat([ring.slice(offset), more]))
  return emulator
}

export const budgetOf = (limits: Partial<Limits>) => new ScreenBudget({ ...defaultLimits, ...limits })
