import { expect, test } from 'vitest'
import { Backoff } from '../../web/terminal/backoff.ts'

const waits = (backoff: Backoff, random: number) => Array.from({ length: 7 }, () => backoff.nextMs(() => random))

test('each wait is twice the one before, up to five seconds', () => {
  expect(waits(new Backoff(), 1)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
})

test('chance shortens a wait by half at most', () => {
  expect(waits(new Backoff(), 0)).toEqual([125, 250, 500, 1000, 2000, 2500, 2500])
})

test('after a success it starts anew', () => {
  const backoff = new Backoff()
  waits(backoff, 1)
  backoff.reset()
  expect(backoff.nextMs(() => 1)).toBe(250)
})
