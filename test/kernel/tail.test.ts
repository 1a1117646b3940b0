import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { printed } from '../tools/contents/printed.ts'
import { dittyWords } from './own-processes.ts'
import { type Jail, openJail } from './root/jail.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
const native = ([program = '', ...rest]: string[], input: string | Buffer = '') =>
  spawnSync(program, rest, { input, env: environment, maxBuffer: 1 << 28 })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-tail-'))
  const numbered = (count: number) => Array.from({ length: count }, (_, line) => `line ${line + 1} 你好\n`).join('')
  writeFileSync(at('short'), numbered(4))
  writeFileSync(at('long'), numbered(50_000))
  writeFileSync(at('open'), `${numbered(15)}no newline`)
  writeFileSync(at('wide'), `${'x'.repeat(200_000)}\n${'y'.repeat(300_000)}\nz\n`)
  writeFileSync(at('newlines'), '\n'.repeat(70_000))
  writeFileSync(at('empty'), '')
  mkdirSync(at('folder'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const parts = [
  '',
  '-n 0',
  '-n 1',
  '-n 3',
  '-n 10000',
  '-n +1',
  '-n +3',
  '-n +0',
  '-n 1K',
  '-c 0',
  '-c 1',
  '-c 5',
  '-c +5',
]
const more = ['-c 100kB', '-c 1M', '-n -2', '-v', '-q', '--lines=2', '--bytes=3']

test.each([...parts, ...more])('tail %s prints what coreutils prints, byte for byte', async flag => {
  const flags = flag.split(' ').filter(Boolean)
  for (const names of [['short'], ['long'], ['open'], ['wide'], ['newlines'], ['empty'], ['short', 'empty', 'open']]) {
    const words = ['tail', ...flags, ...names.map(at)]
    const { stdout, stderr, status } = await printed(words)
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout.equals(native(words).stdout), words.join(' ')).toBe(true)
  }
})

test.each([...parts.filter(part => !part.includes('+')), ...more.slice(0, 2), '-5', '-v', '-q'])(
  'head %s prints what coreutils prints, byte for byte',
  async flag => {
    const flags = flag.split(' ').filter(Boolean)
    for (const names of [['short'], ['long'], ['open'], ['wide'], ['empty'], ['short', 'empty', 'open']]) {
      const words = ['head', ...flags, ...names.map(at)]
      const { stdout, stderr, status } = await printed(words)
      expect([stderr, status]).toEqual(['', 0])
      expect(stdout.equals(native(words).stdout), words.join(' ')).toBe(true)
    }
  },
)

test.each(['tail', 'head'])('%s of standard input, which has no end to start from', async word => {
  const pieces = Array.from({ length: 3000 }, (_, piece) => Buffer.from(`${piece}\n`.repeat(piece % 40)))
  pieces.push(Buffer.from('open end'))
  const counts = [
    '-n 3',
    '-n 0',
    '-n 5000',
    '-c 7',
    '-c 50000',
    ...(word === 'tail' ? ['-n +7', '-c +9', '-n +99999'] : []),
  ]
  for (const count of counts) {
    const words = [word, ...count.split(' ')]
    const { stdout } = await printed(words, { stdin: pieces })
    expect(stdout.equals(native(words, Buffer.concat(pieces)).stdout), count).toBe(true)
  }
})

test.each(['tail', 'head'])('%s names what is no file as coreutils does', async word => {
  const words = [word, at('folder'), at('short'), at('nosuch')]
  const { stdout, stderr, status } = await printed(words)
  const expected = native(words)
  expect(stdout.toString()).toBe(expected.stdout.toString())
  expect(stderr).toBe(expected.stderr.toString())
  expect(status).toBe(expected.status)
})

test('the old form of a count', async () => {
  expect((await printed(['tail', '-3', at('short')])).stdout.equals(native(['tail', '-3', at('short')]).stdout)).toBe(
    true,
  )
})

test('wrong counts are refused, with what is wrong', async () => {
  for (const words of [
    ['tail', '-n', 'x'],
    ['tail', '-c', '1Q'],
    ['head', '-n', '-3'],
    ['tail', '--follow=inode', 'x'],
  ])
    expect(await printed(words)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/invalid number|not supported|descriptor/),
    })
})

test('files of /proc are read to their end', async () => {
  const { stdout } = await printed(['tail', '-n', '1', '/proc/self/status', '/proc/version'])
  expect(stdout.toString()).toMatch(/==> \/proc\/version <==\nLinux version/)
})

/** A tail that runs, and what it printed so far. */
class Tail {
  out = ''
  err = ''
  readonly child: ChildProcess

  constructor([program = '', ...words]: string[]) {
    this.child = spawn(program, words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stdout!.on('data', data => {
      this.out += data
    })
    this.child.stderr!.on('data', data => {
      this.err += data
    })
  }

  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<{ code: number | null; signal: string | null }> {
    const exit = once(this.child, 'exit')
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal)
      await exit
    }
    return { code: this.child.exitCode, signal: this.child.signalCode }
  }
}

let tails: Tail[] = []
let jail: Jail
beforeEach(async () => {
  jail = await openJail()
})
afterEach(async () => {
  for (const tail of tails) await tail.end('SIGKILL')
  tails = []
  await jail[Symbol.asyncDispose]()
})

/** coreutils' own and ours beside each other; what both have shown is waited for. */
function both(flags: string[], names: string[], extra: string[] = []) {
  const started = [new Tail(['tail', ...flags, ...names]), new Tail(dittyWords(['tail', ...flags, ...extra, ...names]))]
  tails.push(...started)
  const [theirs, ours] = started as [Tail, Tail]
  return {
    theirs,
    ours,
    async shows(text: string) {
      for (const tail of [theirs, ours]) await expect.poll(() => tail.out + tail.err).toContain(text)
    },
    expectSame() {
      expect(ours.out).toBe(theirs.out)
      expect(ours.err).toBe(theirs.err)
    },
  }
}

test.each(['-f', '-F', '--follow=name', '--follow=descriptor'])(
  'tail %s shows what is appended, and Ctrl-C ends it',
  async flag => {
    writeFileSync(at('log'), 'first\n')
    const run = both([flag, '-n', '1'], [at('log')])
    await run.shows('first\n')
    appendFileSync(at('log'), 'second\nthird')
    await run.shows('third')
    appendFileSync(at('log'), ' part\n')
    await run.shows(' part\n')
    run.expectSame()
    expect(await run.ours.end()).toEqual({ code: 130, signal: null })
  },
)

test('a log that was cut is read again from its beginning', async () => {
  writeFileSync(at('log'), 'a long first line\n')
  const run = both(['-f'], [at('log')])
  await run.shows('first')
  truncateSync(at('log'))
  await run.shows('truncated')
  appendFileSync(at('log'), 'new\n')
  await run.shows('new\n')
  run.expectSame()
})

test('a log that was renamed and made anew is gone on with by name', async () => {
  writeFileSync(at('log'), 'old\n')
  const run = both(['-F'], [at('log')])
  await run.shows('old\n')
  renameSync(at('log'), at('log.1'))
  await run.shows('inaccessible')
  writeFileSync(at('log'), 'new\n')
  await run.shows('new\n')
  appendFileSync(at('log.1'), 'late\n')
  appendFileSync(at('log'), 'newer\n')
  await run.shows('newer\n')
  run.expectSame()
})

test('a log that another took the place of loses nothing of the old one', async () => {
  writeFileSync(at('log'), 'old\n')
  writeFileSync(at('next'), 'new\n')
  const run = both(['-F'], [at('log')])
  await run.shows('old\n')
  appendFileSync(at('log'), 'last of old\n')
  renameSync(at('next'), at('log'))
  await run.shows('new\n')
  expect(run.ours.out).toBe('old\nlast of old\nnew\n')
  expect(run.ours.err).toBe(run.theirs.err)
})

test('by its descriptor the old log is followed', async () => {
  writeFileSync(at('log'), 'old\n')
  const run = both(['-f'], [at('log')])
  await run.shows('old\n')
  renameSync(at('log'), at('log.1'))
  writeFileSync(at('log'), 'new\n')
  appendFileSync(at('log.1'), 'late\n')
  await run.shows('late\n')
  run.expectSame()
})

test('a file that is not there yet is waited for with --retry', async () => {
  const run = both(['-F'], [at('later')])
  await run.shows('No such file')
  writeFileSync(at('later'), 'there\n')
  await run.shows('there\n')
  run.expectSame()
  unlinkSync(at('later'))
})

test('several files are told apart', async () => {
  writeFileSync(at('one'), '1\n')
  writeFileSync(at('two'), '2\n')
  const run = both(['-f'], [at('one'), at('two')])
  await run.shows('2\n')
  for (const [name, text] of [
    ['two', '2b\n'],
    ['one', '1b\n'],
    ['one', '1c\n'],
    ['two', '2c\n'],
  ] as const) {
    appendFileSync(at(name), text)
    await run.shows(text)
  }
  run.expectSame()
})

test('nothing is left to be followed', async () => {
  for (const words of [
    ['-f', at('nosuch')],
    ['-f', at('folder')],
    ['--follow=name', at('nosuch')],
  ]) {
    const { stdout, stderr, status } = await printed(['tail', ...words])
    const expected = native(['tail', ...words])
    expect([stdout.toString(), stderr, status]).toEqual([
      expected.stdout.toString(),
      expected.stderr.toString(),
      expected.status,
    ])
  }
})

test('it ends with the process that writes', async () => {
  const writer = spawn('sleep', ['300'], { stdio: 'ignore' })
  writeFileSync(at('log'), 'x\n')
  const run = both(['-f', '-s', '0.1', `--pid=${writer.pid}`], [at('log')])
  await run.shows('x\n')
  const ends = [run.theirs, run.ours].map(({ child }) => once(child, 'exit'))
  writer.kill('SIGKILL')
  await once(writer, 'exit')
  expect(await Promise.all(ends)).toEqual([
    [0, null],
    [0, null],
  ])
})

test("a rotation in a container's root is followed", async () => {
  mkdirSync(join(jail.inside, 'log'))
  const log = join(jail.inside, 'log/app.log')
  writeFileSync(log, 'old\n')
  const tail = new Tail(dittyWords(['tail', '-F', '--target', String(jail.pid), 'log/app.log']))
  tails.push(tail)
  await expect.poll(() => tail.out).toBe('old\n')
  renameSync(log, `${log}.1`)
  writeFileSync(log, 'new\n')
  await expect.poll(() => tail.out).toBe('old\nnew\n')
  copyFileSync(log, `${log}.2`)
  truncateSync(log)
  await expect.poll(() => tail.err).toContain('truncated')
  appendFileSync(log, 'again\n')
  await expect.poll(() => tail.out).toBe('old\nnew\nagain\n')
})

test('by the API it ends after the seconds that were asked for', async () => {
  writeFileSync(at('log'), 'x\n')
  let summary: unknown
  const { stdout } = await printed(['ditty', 'read', '--follow=name', '--seconds', '0.2', at('log')], {
    onEvent: event => {
      summary = event
    },
  })
  expect(stdout.toString()).toBe('x\n')
  expect(summary).toMatchObject({ ending: 'time is up', bytes: 2 })
})
