import { expect, test } from 'vitest'
import { compilePattern, matchTexts } from '../../server/tools/pattern.ts'

const hits = (pattern: string, texts: string[], options = {}) =>
  matchTexts('patterns', compilePattern('patterns', pattern, options), texts)

test('a pattern is looked for anywhere, or has to match as a whole', async () => {
  expect(await hits('gin', ['nginx', 'GINGER', 'go'])).toEqual([true, false, false])
  expect(await hits('gin', ['nginx', 'GINGER'], { ignoreCase: true })).toEqual([true, true])
  expect(await hits('a|b', ['a', 'ab', 'b'], { exact: true })).toEqual([true, false, true])
})

test('POSIX classes mean what they do in C tools', async () => {
  expect(await hits('^[[:digit:]]+$', ['12', 'a'])).toEqual([true, false])
  expect(await hits('^[^[:space:]]$', [' ', 'x'])).toEqual([false, true])
  expect(await hits('[[:punct:]]', ['a', ']', '-', '~'])).toEqual([false, true, true, true])
})

test.each(['[', '(', 'a)|(b', '*x'])('%s is no regular expression, and says why', pattern => {
  expect(() => compilePattern('patterns', pattern, { exact: true })).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(`'${pattern}'`) }),
  )
})

test('a pattern that would never end is given up', async () => {
  await expect(hits('^(a+)+$', [`${'a'.repeat(40)}b`])).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('takes too long'),
  })
})
