import { expect, test } from 'vitest'
import type { Cast } from '../../server/protocol/asciicast-reader.ts'
import { clockText, Timeline } from '../../web/player/timeline.ts'

const cast: Cast = {
  version: 3,
  header: { cols: 80, rows: 24 },
  events: [
    { ms: 0, code: 'o', data: 'a' },
    { ms: 1000, code: 'o', data: 'b' },
    { ms: 61_000, code: 'm', data: 'here' },
    { ms: 61_000, code: 'o', data: 'c' },
    { ms: 62_000, code: 'o', data: 'd' },
  ],
  durationMs: 162_000,
}

test('as it was, each event comes at its time', () => {
  const timeline = new Timeline(cast, false)
  expect([-1, 0, 999, 1000, 60_999, 61_000, 1e9].map(ms => timeline.countAt(ms))).toEqual([0, 1, 1, 2, 2, 4, 5])
  expect(timeline.durationMs).toBe(162_000)
  expect(timeline.marks).toEqual([{ ms: 61_000, label: 'here' }])
})

test('with silences cut each is two seconds long at most, also the last one', () => {
  const timeline = new Timeline(cast, true)
  expect([0, 1000, 2999, 3000, 4000].map(ms => timeline.countAt(ms))).toEqual([1, 2, 2, 4, 5])
  expect(timeline.durationMs).toBe(6000)
  expect(timeline.marks).toEqual([{ ms: 3000, label: 'here' }])
})

test('a place is found again by how many events it shows', () => {
  const timeline = new Timeline(cast, true)
  expect([0, 1, 2, 4, 5].map(count => timeline.timeOf(count))).toEqual([0, 0, 1000, 3000, 4000])
})

test('an empty recording has no length and no events', () => {
  const timeline = new Timeline({ ...cast, events: [], durationMs: 0 }, true)
  expect([timeline.durationMs, timeline.countAt(5), timeline.timeOf(0)]).toEqual([0, 0, 0])
})

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [61_000, '1:01'],
  [3_600_000, '1:00:00'],
  [360_061_000, '100:01:01'],
])('%d ms are shown as %s', (ms, text) => {
  expect(clockText(ms)).toBe(text)
})
