import { expect, test, vi } from 'vitest'
import { Pace } from '../../web/terminal/pace.ts'

const frameBytes = 64 * 1024

test('what is seen is written at once', () => {
  const pace = new Pace()
  const write = vi.fn()
  for (let frames = 0; frames < 100; frames++) pace.pass(frameBytes, write)
  expect(write).toHaveBeenCalledTimes(100)
})

test('what nobody sees comes by and by, in order, and at once when it is seen again', async () => {
  const [pace, other] = [new Pace(), new Pace()]
  const written: number[] = []
  pace.isHidden = other.isHidden = true
  for (let frame = 0; frame < 100; frame++) pace.pass(frameBytes, () => written.push(frame))
  let others = 0
  other.pass(frameBytes, () => others++)
  expect(written.length).toBeLessThan(10)
  expect(others).toBe(0)
  const before = written.length
  await vi.waitUntil(() => written.length > before)
  pace.isHidden = false
  expect(written).toEqual(Array.from({ length: 100 }, (_, frame) => frame))
  other.stop()
})

test('what waited for a session that was left is never written', () => {
  const pace = new Pace()
  const write = vi.fn()
  pace.isHidden = true
  for (let frames = 0; frames < 10; frames++) pace.pass(frameBytes, write)
  const before = write.mock.calls.length
  pace.stop()
  pace.flush()
  expect(write).toHaveBeenCalledTimes(before)
})
