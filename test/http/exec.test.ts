import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startProcess } from '../../server/http/exec/process.ts'
import { execRequest } from '../../server/http/exec/request.ts'
import { linesOf, serve, until } from './serve.ts'

const path = '/api/v1/exec'
const sh = (script: string) => ['sh', '-c', script]

async function exec(body: object): Promise<Record<string, unknown>> {
  const { api } = await serve()
  const response = await api(path, { body })
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) }
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'exec-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

test('a command answers with its output and exit status', async () => {
  expect(await exec({ command: sh('echo out; echo err >&2; exit 3') })).toMatchObject({
    status: 200,
    exitCode: 3,
    signal: null,
    timedOut: false,
    stdout: 'out\n',
    stdoutEncoding: 'utf8',
    stderr: 'err\n',
    truncated: false,
    durationMs: expect.any(Number),
  })
})

test('a command that a signal ended names it', async () => {
  expect(await exec({ command: sh('kill -SEGV $$') })).toMatchObject({ exitCode: null, signal: 'SIGSEGV' })
})

test('stdin is given as text or base64, and is empty without any', async () => {
  expect(await exec({ command: ['cat'], stdin: 'Grüße' })).toMatchObject({ stdout: 'Grüße' })
  const bytes = Buffer.from([0, 255, 254]).toString('base64')
  const binary = await exec({ command: ['cat'], stdin: bytes, stdinEncoding: 'base64' })
  expect(binary).toMatchObject({ stdout: bytes, stdoutEncoding: 'base64' })
  expect(await exec({ command: ['cat'] })).toMatchObject({ exitCode: 0, stdout: '' })
})

test('a command that does not read its stdin is no fault', async () => {
  expect(await exec({ command: ['true'], stdin: 'x'.repeat(500_000) })).toMatchObject({ exitCode: 0 })
})

test('cwd and env are its own, on top of the environment of a shell', async () => {
  const { api } = await serve({ environment: { PATH: process.env.PATH ?? '', HOME: '/usr', KEPT: '1' } })
  const at = async (body: object) => (await (await api(path, { body })).json()) as { stdout: string }
  const command = sh('echo $PWD $KEPT $MINE')
  expect((await at({ command })).stdout).toBe('/usr 1\n')
  expect((await at({ command, cwd: '/', env: { MINE: 'a b', KEPT: '2' } })).stdout).toBe('/ 2 a b\n')
})

test.each([
  ['a command that is not there', { command: ['no-such-command'] }, 404, 'not_found', /no command 'no-such-command'/],
  [
    'a directory that is not there',
    { command: ['true'], cwd: '/no/such' },
    404,
    'not_found',
    /no directory \/no\/such/,
  ],
  ['a file that is no program', { command: ['/etc/passwd'] }, 403, 'not_permitted', /may not execute/],
  ['an empty command', { command: [] }, 400, 'invalid_input', /command/],
  ['a NUL byte', { command: ['echo', 'a\0b'] }, 400, 'invalid_input', /NUL/],
  ['a field too many', { command: ['true'], shell: true }, 400, 'invalid_input', /shell: no such field/],
  ['a time that is none', { command: ['true'], timeoutSeconds: 0 }, 400, 'invalid_input', /timeoutSeconds/],
  [
    'an argument longer than the kernel takes',
    { command: ['echo', 'x'.repeat(200_000)] },
    400,
    'invalid_input',
    /E2BIG/,
  ],
])('%s is a clear problem', async (_what, body, status, code, detail) => {
  expect(await exec(body)).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
})

test('the first MiB of output is kept, cut between characters, and the command runs to its end', async () => {
  const answer = await exec({ command: sh('printf x; yes € | head -c 3000000; exit 7') })
  expect(answer).toMatchObject({ exitCode: 7, truncated: true, stdoutEncoding: 'utf8' })
  const bytes = Buffer.byteLength(answer.stdout as string)
  expect(bytes).toBeLessThanOrEqual(1 << 20)
  expect(bytes).toBeGreaterThan((1 << 20) - 4)
})

test('NDJSON streams what is written as it is written, the ending last', async () => {
  const { api } = await serve()
  const headers = { Accept: 'application/x-ndjson' }
  const lines = await linesOf(
    await api(path, { body: { command: sh('echo a; sleep 0.1; echo b >&2; sleep 0.1; printf "\\377"') }, headers }),
  )
  expect(lines).toMatchObject([
    { type: 'stdout', data: 'a\n', encoding: 'utf8' },
    { type: 'stderr', data: 'b\n', encoding: 'utf8' },
    { type: 'stdout', data: '/w==', encoding: 'base64' },
    { type: 'summary', exitCode: 0, signal: null, timedOut: false },
  ])
})

test('NDJSON has no bound on output', async () => {
  const { api } = await serve()
  const headers = { Accept: 'application/x-ndjson' }
  const lines = await linesOf(await api(path, { body: { command: sh('yes 你好 | head -c 7000000') }, headers }))
  const data = lines.slice(0, -1).map(line => line.data as string)
  expect(Buffer.byteLength(data.join(''))).toBe(7_000_000)
  expect(lines.slice(0, -1).every(line => line.encoding === 'utf8')).toBe(true)
})

/** Whether a process of that id lives; a zombie doesn't. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

/** A command that ignores SIGTERM, has a child, and leaves both their pids in a file. */
async function stubborn() {
  const file = join(await temporaryDirectory(), 'pids')
  const script = `trap '' TERM; sleep 1000 & echo $$ $! > ${file}.new; mv ${file}.new ${file}; wait; wait; sleep 1000`
  const pids = async () => {
    await until(() => existsSync(file))
    return (await readFile(file, 'utf8')).trim().split(' ').map(Number)
  }
  return { command: sh(script), pids }
}

test('the time limit kills the whole process group, also one that ignores SIGTERM', async () => {
  const { command, pids } = await stubborn()
  const answer = await exec({ command, timeoutSeconds: 0.5 })
  expect(answer).toMatchObject({ status: 200, exitCode: null, signal: 'SIGKILL', timedOut: true })
  const left = await pids()
  await until(() => !left.some(isAlive))
})

test.each(['application/json', 'application/x-ndjson'])(
  'hanging up kills the whole process group (%s)',
  async accept => {
    const { command, pids } = await stubborn()
    const { api } = await serve()
    const hangUp = new AbortController()
    api(path, { body: { command }, headers: { Accept: accept }, signal: hangUp.signal }).catch(() => undefined)
    const running = await pids()
    expect(running.every(isAlive)).toBe(true)
    hangUp.abort()
    await until(() => !running.some(isAlive))
    expect((await api('/readyz')).status).toBe(200)
  },
)

test('a stop of the server kills what still runs', async () => {
  const { command, pids } = await stubborn()
  const { api, close } = await serve()
  const answer = api(path, { body: { command } }).catch(error => error)
  const running = await pids()
  await close()
  await until(() => !running.some(isAlive))
  await answer
})

test.each(['exit 0', 'kill -KILL $$'])('a group that has ended is signalled no more: %s', async script => {
  const { child, kill } = await startProcess(execRequest.parse({ command: sh(script) }), {
    PATH: process.env.PATH ?? '',
  })
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const signals = vi.spyOn(process, 'kill')
  onTestFinished(() => signals.mockRestore())
  kill()
  await new Promise(resolve => setTimeout(resolve, 600))
  expect(signals).not.toHaveBeenCalled()
})

test('a process left in the background is not waited for, and lives on', async () => {
  const answer = await exec({ command: sh('sleep 1000 & echo $!') })
  const pid = Number(answer.stdout)
  expect(answer).toMatchObject({ exitCode: 0, timedOut: false })
  expect(isAlive(pid)).toBe(true)
  process.kill(pid, 'SIGKILL')
})

test('a process that left the group and keeps writing is not waited for beyond the time limit', async () => {
  const answer = await exec({ command: sh('setsid yes & echo $!'), timeoutSeconds: 0.5 })
  expect(answer).toMatchObject({ timedOut: true, truncated: true })
})
