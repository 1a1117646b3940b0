import { expect, test } from 'vitest'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { SendWindow } from '../../server/terminal/send-window.ts'

const KiB = 1024

/** A link of so many bytes a millisecond that has one frame after the other, each acked when it has passed; the window in the end. */
function windowOn(bytesPerMs: number, latencyMs = 0): number {
  const window = new SendWindow(defaultLimits)
  let [sent, acked, now] = [0, 0, 0]
  for (let round = 0; round < 50; round++) {
    for (; sent - acked < window.bytes; sent += 16 * KiB) window.sent(sent + 16 * KiB, sent + 16 * KiB - acked, now)
    now += (sent - acked) / bytesPerMs + latencyMs
    acked = sent
    window.acked(acked, now)
  }
  return window.bytes
}

test('a fast viewer gets a window of 1 MiB', () => expect(windowOn(50_000)).toBe(1024 * KiB))

test('a slow link gets about 200 ms of its rate', () => {
  const window = windowOn(1000)
  expect(window).toBeGreaterThan(150_000)
  expect(window).toBeLessThan(250_000)
})

test('no link gets less than 64 KiB', () => {
  expect(windowOn(10)).toBe(64 * KiB)
  expect(windowOn(50_000, 5000)).toBe(64 * KiB)
})

test('echoes of single keys tell nothing of the rate', () => {
  const window = new SendWindow(defaultLimits)
  for (let offset = 1, now = 0; offset < 100; offset++, now += 300) {
    window.sent(offset, 1, now)
    window.acked(offset, now + 250)
  }
  expect(window.bytes).toBe(64 * KiB)
})
