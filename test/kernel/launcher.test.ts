import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const scripts = join(import.meta.dirname, '../../scripts')
const root = mkdtempSync(join(tmpdir(), 'launcher-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A program that says who it is and how it was called. */
function program(path: string, name: string): void {
  writeFileSync(path, `#!/bin/sh\necho "${name} $*"\n`)
  chmodSync(path, 0o755)
}

const at = (...parts: string[]) => join(root, ...parts)

/** Two houses, so that a word on PATH meets both; `ls` and `find` are shared, `ping` is ours alone. */
beforeAll(() => {
  for (const house of ['script', 'native', 'other'])
    for (const part of ['ditty/bin', 'bin']) mkdirSync(at(house, part), { recursive: true })
  mkdirSync(at('system'))
  for (const word of ['ls', 'ping']) program(at('system', word), `system's ${word}`)
  program(at('node'), 'ours')
  const settings = `node='${at('node')}' flag=--flag main=main shared=' ls find '\n`
  const script = `#!/bin/sh\n${settings}${readFileSync(join(scripts, 'launcher.sh'), 'utf8')}`
  for (const house of ['script', 'other']) writeFileSync(at(house, 'ditty/bin/ditty'), script, { mode: 0o755 })
  program(at('native/ditty/node'), 'ours')
  // The loader is there for roots other than our own: here it starts what follows its two words.
  mkdirSync(at('native/lib64'))
  writeFileSync(at('native/lib64/loader'), '#!/bin/sh\nshift 2\nexec "$@"\n', { mode: 0o755 })
  const defines = { LOADER: 'loader', MULTIARCH: 'libraries', NODE_FLAG: '--flag', SHARED: 'ls find' }
  const words = Object.entries(defines).map(([name, value]) => `-D${name}="${value}"`)
  const output = at('native/ditty/bin/ditty')
  execFileSync('gcc', ['-static', '-D_GNU_SOURCE', ...words, '-o', output, join(scripts, 'launcher.c')])
  for (const house of ['script', 'native', 'other'])
    for (const word of ['ls', 'find', 'ping']) symlinkSync('ditty', at(house, 'ditty/bin', word))
})

describe.each(['script', 'native'])('the launcher, %s', house => {
  const own = at(house, 'ditty/bin')
  const run = (words: string, path = `${own}:${at('other/ditty/bin')}:${at('system')}:${process.env.PATH}`) =>
    spawnSync('/bin/sh', ['-c', words], { encoding: 'utf8', env: { PATH: path }, timeout: 20_000 })
  const out = (words: string) => run(words).stdout

  test("hands a shared word to the system's own program, as it stands", () => {
    expect(out('ls -la "a  b" -- --target x')).toBe("system's ls -la a  b -- --target x\n")
    expect(out(`${own}/ls --targets`)).toBe("system's ls --targets\n")
  })

  test.each(['--target app', '--target=app', '--json', '--help'])('keeps one with %s', words => {
    expect(out(`ls -l ${words} /x`)).toMatch(new RegExp(`^ours .*--flag .* ls -l ${words} /x\n$`))
  })

  test('keeps what is ours alone, and ditty itself', () => {
    expect(out('ping -c 1')).toMatch(/^ours .* ping -c 1\n$/)
    expect(out('ditty ls -l')).toMatch(/^ours .* ditty ls -l\n$/)
  })
})

test.each(['script', 'native'])('where the system has none, a shared word is ours, %s', house => {
  const path = at(house, 'ditty/bin')
  const { stdout } = spawnSync(`${path}/find`, ['.'], { encoding: 'utf8', env: { PATH: path } })
  expect(stdout).toMatch(/^ours .* find \.\n$/)
})
