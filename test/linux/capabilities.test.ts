import { expect, test } from 'vitest'
import { capabilityNames } from '../../server/linux/capabilities.ts'

test('the set of a general debug container is named bit by bit, lowest first', () => {
  const names = capabilityNames('00000000a80c25fb')
  expect(names).toHaveLength(15)
  expect(names[0]).toBe('CAP_CHOWN')
  expect(names).toContain('CAP_SYS_PTRACE')
  expect(names).toContain('CAP_SETFCAP')
  expect(names).not.toContain('CAP_NET_ADMIN')
})

test('an empty set has no names, and a bit newer than the list is shown by its number', () => {
  expect(capabilityNames('0000000000000000')).toEqual([])
  expect(capabilityNames('0000020000000000')).toEqual(['CAP_41'])
})
