import { expect, test } from 'vitest'
import { openLibc } from '../../server/linux/libc.ts'
import { openSocketAddresses } from '../../server/linux/socket-address.ts'

const addresses = openSocketAddresses(await openLibc())

test.each(['127.0.0.1', '255.255.255.255', '::1', 'fe80::1%lo', '2001:db8::42', '::ffff:10.0.0.1'])(
  '%s comes back from its sockaddr',
  text => {
    expect(addresses.decode(addresses.encode(text)!)).toBe(text)
  },
)

test.each(['', 'localhost', '127.1', '256.0.0.1', '::zz', 'fe80::1%nosuch'])('%j is no address', text => {
  expect(addresses.encode(text)).toBeUndefined()
})

test('a zone may be a number too, and a sockaddr of another family has no address', () => {
  expect(addresses.decode(addresses.encode('fe80::1%1')!)).toBe('fe80::1%lo')
  expect(addresses.decode(Buffer.alloc(28, 1))).toBeUndefined()
})
