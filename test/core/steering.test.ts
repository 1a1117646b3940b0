import { expect, test } from 'vitest'
import { Steering } from '../../server/core/steering.ts'

test('a wish is there at once, and each change wakes whoever waits', async () => {
  const steering = new Steering({ count: 1 })
  let woken = 0
  const wait = () => steering.changed.then(() => woken++)
  const first = wait()
  steering.steer({ count: 2 })
  expect(steering.wish).toEqual({ count: 2 })
  await first
  const second = wait()
  await Promise.resolve()
  expect(woken).toBe(1)
  steering.hurry()
  await second
  expect([woken, steering.isHurried, steering.wish]).toEqual([2, true, { count: 2 }])
})
