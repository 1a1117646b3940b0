import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Acks } from '../../web/terminal/acks.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const acksInto = (sent: number[]) => new Acks(offset => sent.push(offset))

test('output that goes on is acknowledged in batches', () => {
  const sent: number[] = []
  const acks = acksInto(sent)
  for (let offset = 4096; offset <= 131_072; offset += 4096) acks.rendered(offset)
  expect(sent).toEqual([32_768, 65_536, 98_304, 131_072])
})

test('the rest is acknowledged when nothing more comes, in one frame', () => {
  const sent: number[] = []
  const acks = acksInto(sent)
  for (const offset of [1, 2, 3]) acks.rendered(offset)
  expect(sent).toEqual([])
  vi.runAllTimers()
  expect(sent).toEqual([3])
})

test('nothing is sent after the end', () => {
  const sent: number[] = []
  const acks = acksInto(sent)
  acks.rendered(1)
  acks.stop()
  expect(vi.getTimerCount()).toBe(0)
  expect(sent).toEqual([])
})
