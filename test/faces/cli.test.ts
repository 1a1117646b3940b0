import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, behaviours, type Event } from './behaviours.ts'
import { makeWorld, type World } from './world.ts'

const ditty = join(resolve(import.meta.dirname, '../..'), 'dist/bin/ditty')
let world: World

beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world.close())

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

function run(words: string[], interruptAfter?: RegExp): Promise<Ended> {
  const child = spawn(ditty, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { status: null, stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', text => {
    ended.stderr += text
  })
  child.stdout.setEncoding('utf8').on('data', text => {
    ended.stdout += text
    if (!child.killed && interruptAfter?.test(ended.stdout)) child.kill('SIGINT')
  })
  return new Promise(resolve => child.on('close', status => resolve({ ...ended, status })))
}

function answerOf({ stdout, status }: Ended): Answer {
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Event)
  const error = lines.find(({ type }) => type === 'error') as unknown as Answer['error']
  const summary = lines.find(({ type }) => type === 'summary')
  const outcome =
    status === 0 ? ({ outcome: 'positive' } as const) : status === 1 ? ({ outcome: 'negative' } as const) : {}
  const events = lines.filter(({ type }) => type !== 'summary' && type !== 'error')
  return { events, ...(summary ? { summary } : {}), ...(error ? { error } : {}), ...outcome }
}

describe.each(behaviours)('$tool $does', behaviour => {
  test('as ditty NAME --json', async () => {
    const ended = await run([behaviour.tool, '--json', ...behaviour.words(world)])
    expect(ended.status, ended.stderr).toBe(behaviour.status)
    behaviour.expects(answerOf(ended), world)
  })

  test('in words, with the same exit status and errors on standard error alone', async () => {
    const { status, stdout, stderr } = await run([behaviour.tool, ...behaviour.words(world)])
    expect(status, stderr).toBe(behaviour.status)
    if (status === 2) {
      expect(stdout).toBe('')
      expect(stderr).toMatch(new RegExp(`^ditty ${behaviour.tool}: .+\n`))
    } else expect(stdout + stderr).not.toBe('')
  })
})

test.each(['ping', 'dns', 'ports', 'fetch', 'ps', 'signal', 'limits', 'files'])(
  '%s --help is worth reading',
  async tool => {
    const { status, stdout, stderr } = await run([tool, '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: ditty ${tool} `))
    expect(stdout).toContain('Flags:')
    expect(stdout).toContain('Exit status:')
    expect(stdout).toMatch(new RegExp(`ditty ${tool} \\S`))
  },
)

test('an unknown tool is named, with where to look', async () => {
  const { status, stderr } = await run(['pong'])
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "ditty: there is no tool or command 'pong'; ditty help lists them\n",
  })
})

test('Ctrl-C ends ping with its summary', async () => {
  const { status, stdout } = await run(['ping', '-c', '1000', '-i', '0.05', '127.0.0.1'], /icmp_seq=3/)
  expect(stdout).toMatch(/--- 127\.0\.0\.1 ping statistics ---\n\d+ packets transmitted, \d+ received/)
  expect(status).toBe(0)
})

test('Ctrl-C cancels what has no summary to give', async () => {
  const url = `http://127.0.0.1:${world.webPort}/slow`
  const { status } = await run(['fetch', '--json', url], /"type":"request"/)
  expect(status).toBe(130)
})

test('a reader that leaves ends the tool', async () => {
  const child = spawn('/bin/sh', ['-c', `${ditty} ping -i 0.01 -c 100000 127.0.0.1 | head -n 2`], { stdio: 'pipe' })
  const lines = (await Array.fromAsync(child.stdout.setEncoding('utf8'))).join('').split('\n')
  expect(lines[0]).toMatch(/^PING 127\.0\.0\.1/)
})
