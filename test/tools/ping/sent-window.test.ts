import { expect, test } from 'vitest'
import { SentWindow, windowSize } from '../../../server/tools/ping/sent-window.ts'

test('the low 16 bits lead back to the request, across their wrap, and to none that is too old', () => {
  const window = new SentWindow()
  for (let seq = 1; seq <= 100_000; seq++) {
    window.add(seq)
    window.settle(seq, 'answered')
  }
  expect(window.find(100_000 & 0xffff)).toBe(100_000)
  expect(window.find((100_000 - windowSize + 1) & 0xffff)).toBe(100_000 - windowSize + 1)
  expect(window.find((100_000 - windowSize) & 0xffff)).toBeUndefined()
  expect(window.find(100_001 & 0xffff)).toBeUndefined()
})

test('before anything was sent nothing is found', () => {
  const window = new SentWindow()
  expect([window.find(0), window.find(1), window.oldest()]).toEqual([undefined, undefined, undefined])
  window.add(0)
  expect([window.find(0), window.find(1), window.find(65535)]).toEqual([undefined, 1, undefined])
})

test('the oldest request that waits is found past those that are settled', () => {
  const window = new SentWindow()
  for (let at = 0; at < 5; at++) window.add(at * 10)
  window.settle(1, 'answered')
  window.settle(3, 'lost')
  expect([window.oldest(), window.inFlight]).toEqual([2, 3])
  window.settle(2, 'lost')
  window.settle(2, 'answered')
  expect([window.oldest(), window.inFlight, window.sentAt(4)]).toEqual([4, 2, 30])
  expect([window.standing(2), window.standing(3), window.standing(4)]).toEqual(['answered', 'lost', 'pending'])
})

test('what was not sent after all leaves no trace', () => {
  const window = new SentWindow()
  window.add(1)
  window.add(2)
  window.undo()
  expect([window.last, window.inFlight, window.oldest()]).toEqual([1, 1, 1])
  expect(window.add(3)).toBe(2)
})
