import { expect, test } from 'vitest'
import { formatInet, formatInet6 } from '../../server/linux/inet-address.ts'

const bytesOf = (groups: number[]) => groups.flatMap(group => [group >> 8, group & 0xff])

test('IPv4 is written in four parts', () => {
  expect(formatInet(Buffer.from([9, 255, 0, 16, 1]), 1)).toBe('255.0.16.1')
})

test.each([
  [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
  [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
  [[0xfe80, 0, 0, 0, 0, 0, 0, 0], 'fe80::'],
  [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
  [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
  [[0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], '::ffff:127.0.0.1'],
])('RFC 5952: %j is %s', (groups, text) => {
  expect(formatInet6(Buffer.from(bytesOf(groups)), 0)).toBe(text)
})

test('any other address is written as WHATWG URLs write it', () => {
  for (let seed = 1; seed < 2000; seed++) {
    const groups = Array.from(
      { length: 8 },
      (_, at) => (((seed * 2654435761) >>> at) & 1) * ((seed * 31 + at) & 0xffff),
    )
    if (groups[5] === 0xffff) continue
    const plain = groups.map(group => group.toString(16)).join(':')
    expect(formatInet6(Buffer.from(bytesOf(groups)), 0)).toBe(new URL(`http://[${plain}]`).hostname.slice(1, -1))
  }
})
