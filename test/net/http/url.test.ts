import { describe, expect, test } from 'vitest'
import { fieldsOf, isHeaderValue, isToken, shownHeaders } from '../../../server/net/http/headers.ts'
import { credentialsOf, hostOf, portOf, shownUrl, urlProblem } from '../../../server/net/http/url.ts'

describe('an address', () => {
  test.each([
    'http://a',
    'HTTPS://a:65535/',
    'http://[::1]:80/?q#f',
    'http://me:pw@a.example/',
    'http://täst.example/',
  ])('%s can be fetched', url => expect(urlProblem(url)).toBeUndefined())

  test.each([
    ['a.example', 'no_scheme'],
    ['//a.example', 'no_scheme'],
    ['mailto:x', 'no_scheme'],
    ['ws://a', 'unknown_scheme'],
    ['http://a:70000', 'malformed'],
    ['http://a:b/', 'malformed'],
    ['http://', 'malformed'],
    ['http://:80/', 'malformed'],
    ['http://[::1/', 'malformed'],
    ['http://a/\tb', 'malformed'],
    [' http://a', 'malformed'],
    ['', 'no_scheme'],
  ])('%j can not: %s', (url, kind) => expect(urlProblem(url)?.kind).toBe(kind))

  test('is shown without its credentials, which are decoded for use', () => {
    const url = new URL('https://me:p%40ss@[2001:db8::1]/x')
    expect(shownUrl(url)).toBe('https://[2001:db8::1]/x')
    expect(credentialsOf(url)).toBe('me:p@ss')
    expect([hostOf(url), portOf(url)]).toEqual(['2001:db8::1', 443])
    expect(credentialsOf(new URL('http://a%ff@b/'))).toBe('a%ff:')
  })
})

test('headers are tokens with values of one line', () => {
  expect(['X-A', 'x_b', "!#$%&'*+-.^`|~"].every(isToken)).toBe(true)
  expect(['', 'a b', 'a:', 'é', 'a\r'].some(isToken)).toBe(false)
  expect(isHeaderValue('a\tb é')).toBe(true)
  expect(['a\nb', 'a\rb', 'a\0b', '\x7f'].some(isHeaderValue)).toBe(false)
})

test('fields are found by lower-case name, repeated ones as a list, even __proto__', () => {
  const fields = fieldsOf([
    ['X-A', '1'],
    ['x-a', '2'],
    ['__proto__', '3'],
  ])
  expect(fields['x-a']).toEqual(['1', '2'])
  expect(Object.entries(fields)).toContainEqual(['__proto__', '3'])
})

test('secrets are shown as such', () => {
  const shown = shownHeaders([
    ['authorization', 'Bearer abc'],
    ['Cookie', 'a=1'],
    ['X', 'y'],
  ])
  expect(shown).toEqual([
    ['authorization', 'Bearer [redacted]'],
    ['Cookie', '[redacted]'],
    ['X', 'y'],
  ])
})
