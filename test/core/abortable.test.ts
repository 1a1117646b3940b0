import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { abortable } from '../../server/core/abortable.ts'

const silent = new Promise<never>(() => {})

test('a wait ends with its promise, or as soon as the signal aborts, even before it began', async () => {
  const controller = new AbortController()
  expect(await abortable(Promise.resolve(1), controller.signal)).toBe(1)
  await expect(abortable(Promise.reject(new Error('broken')), controller.signal)).rejects.toThrow('broken')
  const waiting = abortable(silent, controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(abortable(silent, controller.signal)).rejects.toThrow('enough')
})

test('a wait that ended leaves no listener on the signal', async () => {
  const { signal } = new AbortController()
  for (const promise of [Promise.resolve(), Promise.reject(new Error('broken'))])
    await abortable(promise, signal).catch(() => undefined)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
