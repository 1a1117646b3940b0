import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { printed } from '../tools/contents/printed.ts'
import { mountSilentFuse } from './fuse/silent-fuse.ts'
import { asNobody, ditty, dittyWords } from './own-processes.ts'
import { openJail } from './root/jail.ts'

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-cat-'))
  chmodSync(folder, 0o755)
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  writeFileSync(at('bytes'), Buffer.concat([everyByte, everyByte.reverse()]))
  writeFileSync(at('text'), 'one\n\n\n\ttwo\r\nthree \r four\n\n\n\nfive')
  writeFileSync(at('blank'), '\n\n\nx\n\n')
  writeFileSync(at('returns'), 'a\r\r\n\r\nb\r')
  writeFileSync(at('empty'), '')
  writeFileSync(at('lines'), Array.from({ length: 120_000 }, (_, line) => `line ${line} 你好\n`).join(''))
  symlinkSync('text', at('link'))
  mkdirSync(at('folder'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
const native = (words: string[], input = '') => {
  const [program = '', ...rest] = words
  return spawnSync(program, rest, { input, cwd: folder, env: environment, maxBuffer: 1 << 28 })
}

const flags = [
  '',
  '-n',
  '-b',
  '-s',
  '-E',
  '-T',
  '-v',
  '-A',
  '-e',
  '-t',
  '-et',
  '-nb',
  '-ns',
  '-bsE',
  '-nET',
  '-u',
  '-As',
]
const operands = [['text'], ['bytes'], ['blank', 'text', 'blank'], ['returns', 'text', 'returns'], ['empty', 'link']]

test.each(flags)('cat %s prints what coreutils prints, byte for byte', async flag => {
  for (const names of [...operands, ['lines']]) {
    const words = ['cat', ...(flag ? [flag] : []), ...names.map(at)]
    const { stdout, stderr, status } = await printed(words)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout.equals(native(words).stdout), words.join(' ')).toBe(true)
  }
})

test('standard input is read where it is named, or nothing is', async () => {
  for (const words of [
    ['cat', '-n'],
    ['cat', '-n', at('text'), '-', at('blank')],
  ]) {
    const expected = native(words, 'from\nstdin\n').stdout
    const { stdout } = await printed(words, { stdin: [Buffer.from('from\nst'), Buffer.from('din\n')] })
    expect(stdout.toString()).toBe(expected.toString())
  }
  expect(await printed(['cat'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('on a command line alone'),
  })
})

test('what is no file is named as coreutils names it, and the rest is shown', async () => {
  const words = ['cat', at('folder'), at('text'), at('nosuch'), join(at('text'), 'x')]
  const { stdout, stderr, status } = await printed(words)
  const expected = native(words)
  expect(stdout.toString()).toBe(expected.stdout.toString())
  expect(stderr).toBe(expected.stderr.toString())
  expect(status).toBe(expected.status)
})

test('pipes and devices are named and not waited for', async () => {
  spawnSync('mkfifo', [at('pipe')])
  const { stdout, stderr, status } = await printed(['cat', at('pipe'), '/dev/zero'])
  expect([stdout.toString(), status]).toEqual(['', 1])
  expect(stderr).toBe(
    `cat: ${at('pipe')}: Is a pipe, and not read\ncat: give it as standard input: cat < ${at('pipe')}\n` +
      'cat: /dev/zero: Is a device, and not read\ncat: give it as standard input: cat < /dev/zero\n',
  )
})

test('what may not be read is told with its mode and owner, and the rest is shown', () => {
  writeFileSync(at('secret'), 'secret')
  chmodSync(at('secret'), 0o600)
  const { stdout, stderr, status } = ditty(['cat', at('secret'), at('text')], ...asNobody)
  expect(stdout).toBe(native(['cat', 'text']).stdout.toString())
  expect(stderr.split('\n')[0]).toBe(`cat: ${at('secret')}: Permission denied`)
  expect(stderr).toMatch(/UID 65532 may not read it: has mode 0600 and is owned by 0:0; run ditty as UID 0/)
  expect(status).toBe(1)
})

test('a name of any bytes is read from the command line', () => {
  const name = Buffer.concat([Buffer.from(`${folder}/a%`), Buffer.from([0xff, 0xfe]), Buffer.from('你')])
  writeFileSync(name, 'odd')
  const script = `cat ${folder}/a%*`
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      script.replace('cat', `'${process.execPath}' '${join(import.meta.dirname, '../../server/main.ts')}' cat`),
    ],
    { encoding: 'utf8' },
  )
  expect([stdout, stderr]).toEqual(['odd', ''])
})

test('files of /proc, which say that they are empty', async () => {
  const { stdout } = await printed(['cat', '/proc/cpuinfo', '/proc/kallsyms'])
  expect(stdout.length).toBe(native(['cat', '/proc/cpuinfo', '/proc/kallsyms']).stdout.length)
})

test("a container's files, and no way out of it", async () => {
  await using jail = await openJail()
  writeFileSync(join(jail.inside, 'hello'), 'inside\n')
  writeFileSync(join(jail.outside, 'hello'), 'outside\n')
  symlinkSync('../outside/hello', join(jail.inside, 'out'))
  symlinkSync('/hello', join(jail.inside, 'absolute'))
  const target = ['--target', String(jail.pid)]
  const { stdout, stderr } = await printed(['cat', ...target, 'hello', '/absolute', '../../hello', 'out'])
  expect(stdout.toString()).toBe('inside\n'.repeat(3))
  expect(stderr).toBe('cat: out: No such file or directory\n')
})

test('a mount that never answers is told of, and the files beside it are shown', async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'dead'))
  writeFileSync(join(jail.inside, 'alive'), 'alive\n')
  await using _fuse = await mountSilentFuse(join(jail.inside, 'dead'))
  const { stdout, stderr } = await printed(['cat', '--target', String(jail.pid), '/dead/x', '/alive'])
  expect(stdout.toString()).toBe('alive\n')
  expect(stderr).toMatch(/^cat: \/dead\/x: .*the fuse\S* mounted there does not answer.*\n.*bring back what serves it/)
})

test('a file that shrinks while it is read ends where it ends', async () => {
  writeFileSync(at('shrinking'), Buffer.alloc(4 << 20, 'x'))
  const { stdout, status } = await printed(['cat', at('shrinking')], {
    onEvent: ({ type }) => type === 'body' && truncateSync(at('shrinking'), 1 << 20),
  })
  expect(status).toBe(0)
  expect(stdout.length).toBeLessThan(4 << 20)
  expect(stdout.length).toBeGreaterThanOrEqual(64 * 1024)
})

test('Ctrl-C ends an endless standard input with the status of an interrupt', async () => {
  const stop = new AbortController()
  const endless = Array.from({ length: 1000 }, () => Buffer.from('x\n'))
  const { status, stdout } = await printed(['cat'], { stdin: endless, stop: stop.signal, onEvent: () => stop.abort() })
  expect(status).toBe(130)
  expect(stdout.length).toBeLessThan(10)
})

test('Ctrl-C ends what reads from a terminal or a pipe that stays open, and all that came is there', async () => {
  const [program = '', ...rest] = dittyWords(['cat'])
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  try {
    child.stdin.write('one\n')
    const [printed] = (await once(child.stdout, 'data')) as [Buffer]
    expect(printed.toString()).toBe('one\n')
    child.kill('SIGINT')
    expect(await Promise.race([ended, delay(20_000)])).toEqual([130, null])
  } finally {
    child.kill('SIGKILL')
  }
})
