import { describe, expect, test } from 'vitest'
import { queryName } from '../../../server/net/dns/query-name.ts'
import { typeName, typeNumber } from '../../../server/net/dns/registries.ts'
import { reverseName } from '../../../server/net/dns/reverse-name.ts'
import { searchNames } from '../../../server/net/dns/search-names.ts'

describe('a name to ask for', () => {
  test.each([
    ['example.com', 'example.com', false],
    ['example.com.', 'example.com', true],
    ['.', '.', true],
    ['_sip._tcp.中文.com', '_sip._tcp.xn--fiq228c.com', false],
    ['Bücher.example', 'xn--bcher-kva.example', false],
    ['*.example', '*.example', false],
  ])('%s', (typed, name, absolute) => expect(queryName(typed)).toEqual({ name, absolute }))

  test.each([
    ['a..b', 'empty label'],
    ['.a', 'empty label'],
    ['..', 'empty label'],
    [`${'a'.repeat(64)}.com`, 'has 64 octets, at most 63 fit'],
    [Array(5).fill('a'.repeat(60)).join('.'), '304 octets, at most 253 fit'],
    ['a b.com', "can't be a host name"],
    ['a\\.b', 'backslash escapes are not supported'],
    ['\ud800.com', "can't be a host name"],
  ])('%s is refused and the reason said', (typed, why) => {
    expect(() => queryName(typed)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(why) }),
    )
  })
})

describe('the name of an address', () => {
  test.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::', `${'0.'.repeat(32)}ip6.arpa`],
    ['::ffff:192.0.2.1', '1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
    ['fe80::1%eth0', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa'],
  ])('%s', (address, name) => expect(reverseName(address)).toBe(name))

  test('what is no address is refused', () => {
    expect(() => reverseName('example.com')).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('the search list', () => {
  const search = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local']
  const names = (typed: string, ndots: number) => searchNames(queryName(typed), search, ndots)

  test('a name with fewer dots than ndots goes through the list, then as it stands', () => {
    expect(names('web', 5)).toEqual([
      'web.default.svc.cluster.local',
      'web.svc.cluster.local',
      'web.cluster.local',
      'web',
    ])
  })

  test('a name with enough dots is tried as it stands first', () => {
    expect(names('example.com', 1)[0]).toBe('example.com')
    expect(names('example.com', 2).at(-1)).toBe('example.com')
  })

  test('a final dot ends the search', () => expect(names('web.', 5)).toEqual(['web']))

  test('a domain that makes the name too long is left out, the root domain is the name itself', () => {
    const long = Array(4).fill('a'.repeat(60)).join('.')
    expect(searchNames(queryName(long), [...search, '.'], 9)).toEqual([`${long}`])
  })
})

test('a type is known by its name in any case, or by its number', () => {
  expect(['mx', 'Https', 'TYPE65', 'type1234'].map(typeNumber)).toEqual([15, 65, 65, 1234])
  expect(['TYPE70000', 'nosuch', 'toString', ''].map(typeNumber)).toEqual([undefined, undefined, undefined, undefined])
  expect([65, 1234].map(typeName)).toEqual(['HTTPS', 'TYPE1234'])
})
