import { expect, test } from 'vitest'
import { explainKillDenial } from '../../server/linux/kill-access.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { fixtureLinux } from '../fixture-linux.ts'

test("another user's process: both UIDs, and what would grant it", () => {
  expect(explainKillDenial(fixtureLinux('proc/web-dbg-restricted'), 6)).toEqual({
    reason: 'process 6 runs as UID 0, ditty as UID 1000 without CAP_KILL',
    remedy: expect.stringMatching(/^run ditty as UID 0 with CAP_KILL/),
  })
})

test('the same user, or one with the capability, was refused by something else', () => {
  for (const [fixture, pid] of [
    ['web-dbg-restricted', 1],
    ['web-dbg-general', 1],
  ] as const)
    expect(explainKillDenial(fixtureLinux(`proc/${fixture}`), pid).reason).toMatch(/user namespace|security module/)
})

test('a process that has gone meanwhile leaves a general answer', () => {
  expect(explainKillDenial(fixtureLinux('proc/odd'), 4242).reason).toContain('process 4242')
})

test.each([0, -1, -process.pid, 1.5, Number.NaN])('no group, and not everybody, is ever signalled by %s', pid => {
  expect(() => linuxAt('/').kill?.(pid, 0)).toThrow(RangeError)
})

test('signal 0 asks for the right alone; a missing process is ESRCH', () => {
  expect(linuxAt('/').kill?.(process.pid, 0)).toBeUndefined()
  expect(() => linuxAt('/').kill?.(2_147_483_647, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }))
  expect(fixtureLinux('proc/odd').kill).toBeUndefined()
  expect(linuxAt('/proc/self/root').kill).toBeUndefined()
})
