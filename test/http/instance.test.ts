import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkToken, makeInstance, makeToken, readTokenFile } from '../../server/http/instance.ts'

async function fileOf(text: string | Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'token-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'token')
  await writeFile(path, text)
  return path
}

test('a token that is made is long, a new one each time, and good', () => {
  expect(makeToken()).toMatch(/^[\w-]{43}$/)
  expect(makeToken()).not.toBe(makeToken())
  expect(checkToken(makeToken(), 'us')).toHaveLength(43)
  expect(makeInstance()).toMatch(/^[\da-f]{8}$/)
})

test('a token file may end in a line break', async () => {
  expect(readTokenFile(await fileOf('a-token-that-is-long-enough\n'))).toBe('a-token-that-is-long-enough')
})

test.each([
  ['empty', ''],
  ['too short', 'short'],
  ['too long', 'x'.repeat(600)],
  ['of two words', 'two words that are long enough'],
  ['no text', Buffer.from([0, 1, 2, 3, 255, 254, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])],
])('a token file that is %s is refused without showing what it holds', async (_what, text) => {
  const path = await fileOf(text)
  expect(() => readTokenFile(path)).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(path) }),
  )
  expect(() => readTokenFile(path)).not.toThrow(/short ?$|xxxx|two words that/)
})

test('a token file that is not there or is a directory is a clear error', async () => {
  expect(() => readTokenFile('/no/such/file')).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(() => readTokenFile('/')).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
