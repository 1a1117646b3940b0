import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Terminal } from '@xterm/headless'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { endAll, isAlive, native, start, startProgram } from './own-processes.ts'

/** What of node-pty is used here. */
interface PtyProcess {
  pid: number
  write(text: string): void
  resize(columns: number, rows: number): void
  kill(signal: string): void
  onData(take: (text: string) => void): void
  onExit(take: (end: { exitCode: number; signal?: number }) => void): void
}
type Spawn = (
  file: string,
  words: string[],
  options: { cols: number; rows: number; env: NodeJS.ProcessEnv },
) => PtyProcess

const pty = createRequire(import.meta.url)('node-pty') as { spawn: Spawn }

const main = join(import.meta.dirname, '../../server/main.ts')
const pids: Record<string, number> = {}

/** On a machine that is busy with other things a look, and a start, may take long. */
const soon = { timeout: 20_000 }

beforeAll(async () => {
  pids.busy = await start('echo ready; while :; do :; done')
  pids.idle = await start('echo ready; exec -a "你好 世界" sleep 300')
  pids.odd = await start(`echo ready; exec -a $'a\\e[31mred\\tb' sleep 300`)
  pids.threads = (await startProgram([process.execPath, '-e', `setTimeout(() => {}, 3e5); console.log('ready')`])).pid
})

const screens: LiveTop[] = []

afterEach(() => {
  for (const screen of screens.splice(0)) screen.kill()
})
afterAll(endAll)

/** top on a terminal of its own. */
class LiveTop {
  readonly process: PtyProcess
  readonly terminal: Terminal
  output = ''
  ended: { exitCode: number; signal?: number } | undefined

  constructor(words: string[] = [], columns = 100, rows = 24) {
    screens.push(this)
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
    const env = { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }
    this.process = pty.spawn(process.execPath, [main, 'top', ...words], { cols: columns, rows, env })
    this.process.onData(data => {
      this.output += data
      this.terminal.write(data)
    })
    this.process.onExit(end => {
      this.ended = end
    })
  }

  get lines(): string[] {
    const { active } = this.terminal.buffer
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    )
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** Lines of processes. */
  get processes(): string[] {
    const header = this.lines.findIndex(line => /^ *PID /.test(line))
    return header < 0 ? [] : this.lines.slice(header + 1).filter(line => line.trim() !== '')
  }

  async shows(what: RegExp | string): Promise<void> {
    await vi.waitFor(() => expect(this.text).toEqual(expect.stringMatching(what)), soon)
  }

  async opens(): Promise<this> {
    await this.shows(/^ *PID .*COMMAND/m)
    await vi.waitFor(() => expect(this.processes.length).toBeGreaterThan(0), soon)
    return this
  }

  type(keys: string): void {
    this.process.write(keys)
  }

  async ends() {
    await vi.waitFor(() => expect(this.ended).toBeDefined(), soon)
    return this.ended
  }

  kill(): void {
    if (!this.ended) this.process.kill('SIGKILL')
  }
}

const watch = (words: string[] = []) => ['-d', '0.5', '-p', Object.values(pids).join(','), ...words]

test('a screen of its own, live, and the old one back at the end', async () => {
  const top = await new LiveTop(watch()).opens()
  expect(top.lines[0]).toMatch(/^top - \d\d:\d\d:\d\d up .*load average/)
  expect(top.text).toMatch(/^Tasks: +4 total/m)
  expect(top.terminal.buffer.active.type).toBe('alternate')
  await vi.waitFor(() => expect(top.processes[0]).toMatch(new RegExp(`^ *${pids.busy} .* R +[1-9]`)), soon)
  const before = top.lines[0]
  await vi.waitFor(() => expect(top.lines[0]).not.toBe(before), soon)
  expect(top.output.match(/\x1b\[2?J/g)).toBeNull()
  top.type('q')
  expect(await top.ends()).toMatchObject({ exitCode: 0 })
  expect(top.terminal.buffer.active.type).toBe('normal')
  expect(top.output).toMatch(/\x1b\[\?25h\x1b\[\?1049l$/)
})

test.each([
  ['Ctrl-C', (top: LiveTop) => top.type('\x03'), { exitCode: 0 }],
  ['SIGTERM', (top: LiveTop) => top.process.kill('SIGTERM'), { signal: 15 }],
  ['SIGHUP', (top: LiveTop) => top.process.kill('SIGHUP'), { signal: 1 }],
])('%s leaves the terminal as it was', async (_, end, status) => {
  const top = await new LiveTop(watch()).opens()
  const modes = () => native(['stty', '-F', `/proc/${top.process.pid}/fd/0`, '-a']).stdout
  expect(modes()).toContain('-icanon')
  end(top)
  expect(await top.ends()).toMatchObject(status)
  expect(top.terminal.buffer.active.type).toBe('normal')
  expect(top.output).toContain('\x1b[?7h\x1b[?25h\x1b[?1049l')
})

test('after the end a shell on the same terminal has its modes back', async () => {
  const top = new LiveTop()
  top.kill()
  const words = [process.execPath, main, 'top', ...watch()].map(word => `'${word}'`).join(' ')
  const shell = pty.spawn(
    'bash',
    ['--norc', '-c', `stty -a > /dev/shm/before-${process.pid}; ${words}; stty -a > /dev/shm/after-${process.pid}`],
    {
      cols: 80,
      rows: 24,
      env: process.env,
    },
  )
  let output = ''
  let hasEnded = false
  shell.onData(data => (output += data))
  shell.onExit(() => (hasEnded = true))
  await vi.waitFor(() => expect(output).toContain('COMMAND'), soon)
  shell.write('q')
  await vi.waitFor(() => expect(hasEnded).toBe(true), soon)
  const [before, after] = ['before', 'after'].map(name => readFileSync(`/dev/shm/${name}-${process.pid}`, 'utf8'))
  native(['rm', `/dev/shm/before-${process.pid}`, `/dev/shm/after-${process.pid}`])
  expect(after).toBe(before)
})

test('keys of the list: sorting, turning round, names and command lines, tree, threads, idle ones', async () => {
  const top = await new LiveTop(watch()).opens()
  const order = () => top.processes.map(line => Number.parseInt(line, 10))
  const sorted = (pids: number[]) => pids.toSorted((a, b) => a - b)
  top.type('N')
  await vi.waitFor(() => expect(order()).toEqual(sorted(order()).reverse()), soon)
  top.type('R')
  await vi.waitFor(() => expect(order()).toEqual(sorted(order())), soon)
  top.type('c')
  await top.shows(/你好 世界 300/)
  expect(top.text).toMatch(/a\?\[31mred\?b 300/)
  top.type('c')
  await vi.waitFor(() => expect(top.text).not.toContain('世界'), soon)
  top.type('H')
  await top.shows(/^Threads: /m)
  await vi.waitFor(() => expect(top.processes.length).toBeGreaterThan(6), soon)
  top.type('H')
  await top.shows(/^Tasks: +4 total/m)
  top.type('i')
  await vi.waitFor(() => expect(order()).toEqual([pids.busy]), soon)
  top.type('i')
  await vi.waitFor(() => expect(order()).toHaveLength(4), soon)
  top.type('>')
  await top.shows(/sorted by PPID|sorted by USER/)
  top.type('V1')
  await top.shows(/^%Cpu0 +:/m)
  top.type('f')
  await top.shows(/nFD +RD\/S +WR\/S CONTAINER/)
  await vi.waitFor(
    () => expect(top.processes.find(line => line.trim().startsWith(`${pids.threads} `))).toMatch(/ \d+ +0 +0 /),
    soon,
  )
  top.type('lmt')
  await vi.waitFor(() => expect(top.text).not.toMatch(/load average|Mem :|Tasks/), soon)
})

test('questions: delay, users, filters, how many; what is wrong is said; Escape leaves', async () => {
  const top = await new LiveTop(watch()).opens()
  top.type('d')
  await top.shows('Change delay from 0.5 to')
  top.type('x9\r')
  await top.shows('Unacceptable delay: x9')
  top.type('dx\x7f0.2\r')
  await vi.waitFor(() => expect(top.text).not.toContain('delay'), soon)
  top.type('u')
  await top.shows('Which user')
  top.type('no-such\r')
  await top.shows('Invalid user: no-such')
  top.type('u!root\r')
  await vi.waitFor(() => expect(top.processes).toEqual([]), soon)
  top.type('=')
  await vi.waitFor(() => expect(top.processes).toHaveLength(4), soon)
  top.type('o%CPU\r')
  await top.shows('filter delimiter is missing')
  top.type('oCOMMAND=sleep\r')
  await vi.waitFor(() => expect(top.processes).toHaveLength(2), soon)
  top.type('\x0f')
  await top.shows('filters: COMMAND=sleep')
  top.type('=n2\r')
  await vi.waitFor(() => expect(top.processes).toHaveLength(2), soon)
  top.type('k')
  await top.shows('PID to signal/kill')
  top.type('\x1b')
  await vi.waitFor(() => expect(top.text).not.toContain('PID to signal'), soon)
  top.type('W')
  await top.shows('nothing is written')
  top.type('w')
  await top.shows('Unknown command')
  top.type('h')
  await top.shows('Keys of top')
  top.type(' ')
  await top.opens()
})

test('k sends a signal and says what came of it', async () => {
  const pid = await start('echo ready; exec sleep 300')
  const top = await new LiveTop(['-d', '0.5', '-p', String(pid)]).opens()
  top.type(`k${pid}\r`)
  await top.shows(`Send pid ${pid} signal \\[15/sigterm\\]`)
  top.type('NOSUCH\r')
  await top.shows("there is no signal 'NOSUCH'")
  top.type('k\r\r')
  await top.shows(new RegExp(`pid ${pid}: TERM: (exited|zombie)`))
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), soon)
  await top.shows(/^Tasks: +[01] total/m)
})

test('one moves through a long list, finds something in it, and shifts command lines', async () => {
  await start('for i in $(seq 60); do sleep 300 & done; exec -a "nee""dle in the hay" sleep 300 & echo ready; wait')
  const top = await new LiveTop(['-d', '60', '-c', '-o', '-PID'], 100, 20).opens()
  const first = () => Number.parseInt(top.processes[0] ?? '', 10)
  const start_ = first()
  top.type('\x1b[B\x1b[B')
  await vi.waitFor(() => expect(first()).toBeGreaterThan(start_), soon)
  top.type('\x1b[6~')
  const second = first()
  await vi.waitFor(() => expect(first()).toBeGreaterThan(second), soon)
  top.type('\x1b[H')
  await vi.waitFor(() => expect(first()).toBe(start_), soon)
  top.type('Lneedle in\r')
  await vi.waitFor(() => expect(top.processes[0]).toContain('needle in the hay'), soon)
  top.type('\x1b[C')
  await vi.waitFor(() => expect(top.processes[0]).toMatch(/ n the hay 300/), soon)
  top.type('\x1b[D&')
  await top.shows('"needle in" not found')
  top.type('\x1b[FC')
  await top.shows(/scroll coordinates: y = \d+\/\d+/)
})

test('a window that changes its size is drawn anew, down to 40 cells and 10 lines and below', async () => {
  const top = await new LiveTop(watch(['-c'])).opens()
  for (const [columns, rows] of [
    [40, 10],
    [20, 5],
    [150, 40],
    [60, 12],
  ] as const) {
    top.terminal.resize(columns, rows)
    top.process.resize(columns, rows)
    const wide = columns >= 40 ? /PID .*COMMAND/ : /PID/
    await top.shows(wide)
    await vi.waitFor(() => {
      expect(top.processes.length).toBeGreaterThan(0)
      expect(top.lines.filter(line => /^ *PID /.test(line))).toHaveLength(1)
      if (columns >= 40) expect(top.text).toMatch(/\d .*(sleep|bash|MainT|node|你)/)
    }, soon)
  }
  top.type('\x0c')
  await top.opens()
})

test('without a terminal to read keys from, or with -b, it writes lines', () => {
  const line = [process.execPath, main, 'top', '-n1', ...watch()].map(word => `'${word}'`).join(' ')
  for (const words of [`${line} < /dev/null`, `${line} -b`]) {
    const { stdout } = native(['script', '-qec', words, '/dev/null'])
    expect(stdout).toMatch(/^top - /)
    expect(stdout).not.toContain('\x1b[?1049h')
  }
})
