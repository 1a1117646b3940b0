import { expect, test } from 'vitest'
import { parsePasswd, readPasswd } from '../../server/linux/passwd.ts'
import { fixtureLinux } from '../fixture-linux.ts'

test('the first name of a uid counts and broken lines are passed over', () => {
  expect([...readPasswd(fixtureLinux('proc/odd'))]).toEqual([
    [0, 'root'],
    [1000, 'web'],
  ])
  expect(parsePasswd('nonsense\n:x:1:\nname:x:-1:0\n').size).toBe(0)
})

test('a scratch image without the file names nobody', () => {
  expect(readPasswd(fixtureLinux('proc/web-dbg-general')).size).toBe(0)
})
