import { expect, test } from 'vitest'
import { commandOf } from '../../server/cli/grammar.ts'
import { inWordsOf } from '../../server/cli/usage-error.ts'
import { wrap, wrapParagraphs } from '../../server/cli/wrap.ts'
import { parseInput } from '../../server/core/input.ts'
import type { Tool } from '../../server/core/tool.ts'
import { counting } from '../core/counting-tool.ts'

const command = commandOf(counting as unknown as Tool, undefined)
const refusal = async (input: object) =>
  inWordsOf(command, await parseInput(counting.input, input).catch(error => error))

test('a missing operand is named, with the usage', async () => {
  expect((await refusal({})).message).toBe('UPTO is missing; usage: ditty counting [flags] UPTO [WORDS…]')
})

test('a value out of range is told by the flag that was typed, and by the field for scripts', async () => {
  const { message, fields } = await refusal({ upTo: 1, stepMs: -1 })
  expect(message).toBe('-s: Too small: expected number to be >=0')
  expect(fields).toEqual([{ path: 'stepMs', message: 'Too small: expected number to be >=0' }])
})

test('text is broken between words, and a longer word stands alone', () => {
  expect(wrap('a bb cccccc d', 4)).toEqual(['a bb', 'cccccc', 'd'])
})

test('examples keep their lines while prose is filled anew', () => {
  expect(wrapParagraphs('One two\nthree.\n  ditty x   y\n\nFour.', 10)).toBe('One two\nthree.\n  ditty x   y\n\nFour.')
  expect(wrapParagraphs('One\ntwo three.', 80)).toBe('One two three.')
})
