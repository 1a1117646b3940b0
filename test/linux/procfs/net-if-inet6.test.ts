import { expect, test } from 'vitest'
import { parseNetIfInet6, readNetIfInet6 } from '../../../server/linux/procfs/net-if-inet6.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

test('addresses are read with their scope and device, cut lines passed over', () => {
  const text =
    'fe800000000000000000000000000001 02 40 20 80     eth0\n00000000000000000000000000000001 01 80 10 80       lo\nfe80'
  expect(parseNetIfInet6(text)).toEqual([
    { address: 'fe800000000000000000000000000001', scope: 0x20, device: 'eth0' },
    { address: '00000000000000000000000000000001', scope: 0x10, device: 'lo' },
  ])
})

test('a kernel without IPv6 has no such file, and no address', () => {
  expect(readNetIfInet6(fixtureLinux('proc/odd'))).toEqual([])
})
