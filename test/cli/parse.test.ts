import { expect, test } from 'vitest'
import { commandOf } from '../../server/cli/grammar.ts'
import { helpText } from '../../server/cli/help.ts'
import { parseWords } from '../../server/cli/parse.ts'
import type { Draft, Tool } from '../../server/core/tool.ts'
import { counting } from '../core/counting-tool.ts'

const tool = counting as unknown as Tool
const files = { read: async (path: string) => Buffer.from(path) }
const parse = (words: string[], applet?: string) => parseWords(commandOf(tool, applet), words, files)
const draft = async (words: string[], applet?: string) => (await parse(words, applet)).draft

test('words fill the positional fields in order, the last one as often as there are words', async () => {
  expect(await draft(['3', 'a', 'b'])).toEqual({ upTo: 3, words: ['a', 'b'] })
})

test('a short flag takes its value attached or as the next word, and clusters', async () => {
  expect(await draft(['-s5', '2'])).toEqual({ stepMs: 5, upTo: 2 })
  expect(await draft(['-qs', '5', '2'])).toEqual({ quiet: true, stepMs: 5, upTo: 2 })
})

test('every field has a long flag made from its name', async () => {
  expect(await draft(['--step-ms=5', '--fail-at', '1', '--quiet', '2'])).toEqual({
    stepMs: 5,
    failAt: 1,
    quiet: true,
    upTo: 2,
  })
})

test('what follows -- is no flag', async () => {
  expect(await draft(['2', '--', '-q', '--json'])).toEqual({ upTo: 2, words: ['-q', '--json'] })
})

test('--json and --help are there for every word', async () => {
  expect(await parse(['--json', '2'])).toMatchObject({ json: true, help: false })
  expect(await parse(['-h'])).toMatchObject({ help: true })
})

test('an applet has its own flags and defaults', async () => {
  expect(await draft(['2', '-q'], 'tally')).toEqual({ stepMs: 1, upTo: 2, quiet: true })
  await expect(draft(['--step-ms', '2'], 'tally')).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a word with one dash may be taken as a whole before it is read as flags', async () => {
  const command = commandOf(tool, 'tally')
  const dashed = (word: string, draft: Draft) => {
    if (word === '-42') draft.upTo = 42
    return word === '-42'
  }
  const read = async (...words: string[]) =>
    (await parseWords({ ...command, grammar: { ...command.grammar, dashed } }, words, files)).draft
  expect(await read('-q', '-42')).toEqual({ stepMs: 1, quiet: true, upTo: 42 })
  await expect(read('-43')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('-4') })
  expect(await read('2', '--', '-42')).toMatchObject({ words: ['-42'] })
})

test('a flag that may stand bare takes its value attached alone', async () => {
  const command = commandOf(tool, 'tally')
  const flags = [{ field: 'upTo', short: 'u', long: 'up-to', metavar: 'N', bare: 7 }]
  const read = async (...words: string[]) =>
    (await parseWords({ ...command, grammar: { ...command.grammar, flags } }, words, files)).draft
  expect(await read('--up-to')).toMatchObject({ upTo: 7 })
  expect(await read('--up-to=9')).toMatchObject({ upTo: 9 })
  expect(await read('-u')).toMatchObject({ upTo: 7 })
  expect(await read('-u9')).toMatchObject({ upTo: 9 })
  expect(await read('3', '-u', 'x')).toMatchObject({ upTo: 7, words: ['x'] })
  const text = helpText({ ...command, grammar: { ...command.grammar, flags } }, 80)
  expect(text).toContain('-u, --up-to[=N]')
})

test.each([
  [['-z', '2'], 'ditty counting has no flag -z; ditty counting --help lists those it has'],
  [['--zoom=2'], 'ditty counting has no flag --zoom=2; ditty counting --help lists those it has'],
  [['two'], "upTo takes a number, not 'two'"],
  [['-s'], '-s needs a value: -s MS'],
  [['--quiet=yes', '2'], '--quiet takes no value'],
])('%j is refused with a word on what would be right', async (words, message) => {
  await expect(parse(words)).rejects.toMatchObject({ code: 'invalid_input', message })
})

test('a word too many is refused where the last field holds only one', async () => {
  const narrow = { ...tool, positional: ['upTo'] }
  await expect(parseWords(commandOf(narrow, undefined), ['1', '2'], files)).rejects.toThrow(
    'one word too many: 2 (usage: ditty counting [flags] UPTO)',
  )
})

test('help lists every flag with its description, its default and the exit statuses', () => {
  const text = helpText(commandOf(tool, undefined), 80)
  expect(text).toContain('Usage: ditty counting [flags] UPTO [WORDS…]')
  expect(text).toContain('-s, --step-ms MS')
  expect(text).toContain('Pause before each number')
  expect(text).toContain('Exit status: 0 found good, 1 found bad')
})

test('a detached value may be the next word, unless that is a flag', async () => {
  const command = commandOf(tool, 'tally')
  const flags = [
    { field: 'words', short: 'i', metavar: 'WORD', bare: 'any', detached: true },
    { field: 'quiet', short: 'q' },
  ]
  const read = async (...words: string[]) =>
    (await parseWords({ ...command, grammar: { ...command.grammar, flags } }, words, files)).draft
  expect(await read('-i', ':80', '-i', '-q')).toEqual({ stepMs: 1, words: [':80', 'any'], quiet: true })
  expect(await read('3', '-i', '-q', '-i:90')).toMatchObject({ words: ['any', ':90'] })
  expect(await read('-i')).toMatchObject({ words: ['any'] })
})
