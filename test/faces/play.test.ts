import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openPty } from '../../server/terminal/pty.ts'

const main = join(import.meta.dirname, '../../server/main.ts')

async function castFile(...events: unknown[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'play-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'a.cast')
  const lines = [{ version: 3, term: { cols: 80, rows: 24 } }, ...events]
  await writeFile(file, lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return file
}

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Without a terminal. */
function play(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, 'ditty', 'play', ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', data => (stdout += data))
  child.stderr.on('data', data => (stderr += data))
  return new Promise(resolve => child.on('close', status => resolve({ status, stdout, stderr })))
}

/** On a terminal of 80x24. */
async function playOnTerminal(...words: string[]) {
  let text = ''
  const ended = Promise.withResolvers<number>()
  const shown = new Set<() => void>()
  const pty = await openPty(
    {
      file: process.execPath,
      args: [main, 'ditty', 'play', ...words],
      environment: { PATH: process.env.PATH ?? '', TERM: 'xterm' },
      cwd: '/',
    },
    { cols: 80, rows: 24 },
    {
      readable(bytes) {
        text += Buffer.from(bytes).toString()
        for (const look of shown) look()
      },
      drain: () => undefined,
      exit: status => ended.resolve(status),
      end: () => undefined,
    },
  )
  const shows = (wanted: string) =>
    new Promise<void>(resolve => {
      const look = () => text.includes(wanted) && resolve()
      shown.add(look)
      look()
    })
  return {
    shows,
    ended: ended.promise,
    text: () => text,
    press: (key: string) => pty.input.write(Buffer.from(key)),
  }
}

test('a recording is played to its end, with silences cut and faster than it was', async () => {
  const file = await castFile([0.1, 'o', 'one '], [3600, 'o', '你好 '], [0.1, 'i', 'typed'], [0.1, 'o', 'three'])
  expect(await play('--idle', '0.2', '-s', '4', file)).toEqual({ status: 0, stdout: 'one 你好 three', stderr: '' })
})

test('q ends it, and leaves the terminal as a shell wants it', async () => {
  const { ended, press, shows, text } = await playOnTerminal(
    await castFile([0, 'o', '\x1b[?1049h\x1b[?25lhere'], [3600, 'o', '']),
  )
  await shows('here')
  press('q')
  expect(await ended).toBe(0)
  expect(text()).toContain('\x1b[?1049l')
  expect(text()).toContain('\x1b[?25h')
})

test('Ctrl-C ends it with 130, also while it is paused', async () => {
  const { ended, press, shows } = await playOnTerminal(await castFile([0, 'o', 'here'], [3600, 'o', '']))
  await shows('here')
  press(' ')
  press('\x03')
  expect(await ended).toBe(130)
})

test('space pauses and goes on', async () => {
  const file = await castFile([0, 'o', 'first'], [0.5, 'o', 'second'])
  const { ended, press, shows, text } = await playOnTerminal(file)
  await shows('first')
  press(' ')
  await new Promise(resolve => setTimeout(resolve, 1000))
  expect(text()).not.toContain('second')
  press(' ')
  expect(await ended).toBe(0)
  expect(text()).toContain('second')
})

test('a terminal that is too small is told of', async () => {
  const { ended, text } = await playOnTerminal(await castFile([0, 'r', '120x50'], [0, 'o', 'done']))
  expect(await ended).toBe(0)
  expect(text()).toContain('recorded at 120x50, larger than this terminal of 80x24')
})

test('a broken file is told of with its line, a missing one by name', async () => {
  const broken = await castFile([0, 'o', 'a'], '{nonsense', [0, 'o', 'b'])
  expect(await play(broken)).toEqual({
    status: 2,
    stdout: '',
    stderr: `ditty play: ${broken}, line 3: this is no event of a recording\n`,
  })
  expect(await play('/no/such.cast')).toMatchObject({
    status: 2,
    stderr: 'ditty play: /no/such.cast: No such file or directory\n',
  })
})

test.each([
  [['--speed', '0', 'a'], "--speed takes a number above 0, not '0'"],
  [['--idle', 'x', 'a'], "--idle takes a number above 0, not 'x'"],
  [[], 'one recording is played at a time'],
  [['a', 'b'], 'one recording is played at a time'],
  [['--loop', 'a'], "Unknown option '--loop'"],
])('ditty play %j is refused in words', async (words, message) => {
  const { status, stderr } = await play(...words)
  expect(status).toBe(2)
  expect(stderr).toContain(message)
})
