import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isExecutable } from '../../server/terminal/find-program.ts'
import { findShell } from '../../server/terminal/shell.ts'
import { shellEnvironment } from '../../server/terminal/shell-environment.ts'
import { startTerminals } from './terminal-server.ts'

const rcDirectory = join(import.meta.dirname, '../../server/terminal/rc')
const user = { username: 'ann', homedir: '/home/ann' }

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'shell-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

/** The shell found where only these programs are. */
const foundAmong = (programs: string[], base = {}) =>
  findShell({ base, rcDirectory: '/rc', isExecutable: path => programs.includes(path) })

test('bash is preferred, then zsh, then sh, then busybox', () => {
  expect(foundAmong(['/bin/sh', '/usr/bin/bash'])).toMatchObject({ file: '/usr/bin/bash' })
  expect(foundAmong(['/bin/sh', '/usr/bin/zsh'])).toMatchObject({ file: '/usr/bin/zsh' })
  expect(foundAmong(['/bin/sh', '/bin/busybox'])).toMatchObject({ file: '/bin/sh', environment: { ENV: '/rc/shrc' } })
  expect(foundAmong(['/bin/busybox'])).toMatchObject({ file: '/bin/busybox', args: ['sh', '-i'] })
  expect(foundAmong([])).toBeUndefined()
})

test('SHELL is taken where it is there and is a shell', () => {
  const programs = ['/bin/bash', '/bin/fish', '/sbin/nologin']
  expect(foundAmong(programs, { SHELL: '/bin/fish' })).toMatchObject({ file: '/bin/fish' })
  expect(foundAmong(programs, { SHELL: '/bin/zsh' })).toMatchObject({ file: '/bin/bash' })
  expect(foundAmong(programs, { SHELL: '/sbin/nologin' })).toMatchObject({ file: '/bin/bash' })
})

test.each([
  [{}, { LANG: 'C.UTF-8' }],
  [{ LANG: 'de_DE.UTF-8' }, { LANG: 'de_DE.UTF-8' }],
  [{ LANG: 'POSIX' }, { LANG: 'C.UTF-8' }],
  [
    { LC_ALL: 'C', LANG: 'de_DE.UTF-8' },
    { LC_ALL: 'C.UTF-8', LANG: 'de_DE.UTF-8' },
  ],
  [{ LC_ALL: 'zh_CN.utf8' }, { LC_ALL: 'zh_CN.utf8' }],
  [
    { LC_CTYPE: 'en_US.ISO-8859-1', LANG: 'C' },
    { LC_CTYPE: 'C.UTF-8', LANG: 'C' },
  ],
])('of %j the locale becomes %j', (base, expected) => {
  const { LANG, LC_ALL, LC_CTYPE } = shellEnvironment({ base, user })
  expect({ LANG, LC_ALL, LC_CTYPE }).toEqual({ LANG: undefined, LC_ALL: undefined, LC_CTYPE: undefined, ...expected })
})

test('the environment keeps what is the world of the server and drops what is its own', () => {
  const base = {
    TZ: 'Asia/Shanghai',
    TZDIR: '/zones',
    PATH: '/bin',
    DITTY_TOKEN: 's',
    TMUX: 'x',
    npm_config_a: 'b',
    COLUMNS: '9',
  }
  const environment = shellEnvironment({ base, appletDirectory: '/applets', place: 'web-0/app', user })
  expect(environment).toMatchObject({
    TZ: 'Asia/Shanghai',
    TZDIR: '/zones',
    PATH: '/applets:/bin',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    USER: 'ann',
    LOGNAME: 'ann',
    DITTY_PLACE: 'web-0/app',
  })
  for (const name of ['DITTY_TOKEN', 'TMUX', 'npm_config_a', 'COLUMNS']) expect(environment).not.toHaveProperty(name)
})

test('HOME is one that is there: the own one, else a shared one, where no history is kept', () => {
  const own = temporaryDirectory()
  expect(shellEnvironment({ base: { HOME: own }, user })).toMatchObject({ HOME: own })
  expect(shellEnvironment({ base: { HOME: own }, user })).not.toHaveProperty('HISTFILE')
  expect(shellEnvironment({ base: { HOME: '/gone', TMPDIR: own }, user })).toMatchObject({ HOME: own, HISTFILE: '' })
  expect(shellEnvironment({ base: {}, user: undefined })).toMatchObject({ USER: String(process.getuid?.()) })
})

const prompts = [
  ['/bin/bash', ['--rcfile', join(rcDirectory, 'bashrc'), '-i'], {}],
  ['/bin/dash', ['-i'], { ENV: join(rcDirectory, 'shrc') }],
  ['/usr/bin/busybox', ['sh', '-i'], { ENV: join(rcDirectory, 'shrc') }],
] as const

test.each(prompts.filter(([file]) => isExecutable(file)))(
  '%s shows user, place, directory and the status of what failed, in colour',
  async (file, args, environment) => {
    const { connect, create } = await startTerminals()
    const env = { USER: 'ann', DITTY_PLACE: 'web-0', ...environment }
    const { id } = await create({ command: [file, ...args], env, cwd: '/usr' })
    const client = connect(id)
    await client.shows(/\x1b\[1;32mann@web-0\x1b\[0m:\x1b\[1;34m\/usr\x1b\[0m[#$] /)
    client.type('(exit 42)\r')
    await client.shows(/\[42\](\x1b\[0m)? (\x1b\[[\d;]+m)*\x1b\[1;32mann@/)
    client.type('true; ls -d /usr/li[b]\r')
    await client.shows(/\x1b\[[0-9;]+m\/usr\/lib\x1b/)
    client.type('exit\r')
    await client.closed
  },
)

test("the user's own bashrc comes last and wins", async () => {
  const home = temporaryDirectory()
  writeFileSync(join(home, '.bashrc'), "PROMPT_COMMAND=; PS1='mine> '\n")
  const { connect, create } = await startTerminals({}, home)
  const { id } = await create()
  await connect(id).shows('mine> ')
})

test('bash called as sh gets the prompt of bash', async () => {
  const directory = temporaryDirectory()
  const { symlinkSync } = await import('node:fs')
  symlinkSync('/bin/bash', join(directory, 'sh'))
  const { connect, create } = await startTerminals()
  const env = { ENV: join(rcDirectory, 'shrc'), USER: 'ann', DITTY_PLACE: 'web-0' }
  const { id } = await create({ command: [join(directory, 'sh'), '-i'], env, cwd: '/usr' })
  const client = connect(id)
  await client.shows('ann@web-0')
  client.type('false\r')
  await client.shows('[1]')
})

/** bash with its start-up file, at its first prompt. */
async function bashAt(home: string, cwd = home) {
  const { connect, create } = await startTerminals({}, home)
  const { id } = await create({ cwd, env: { USER: 'ann', DITTY_PLACE: 'web-0' } })
  const client = connect(id)
  await client.shows(/ann@web-0.*[$#] /)
  /** Types a line and gives what came until the next prompt. */
  const enter = async (line: string): Promise<string> => {
    const before = client.text.length
    client.type(`${line}\r`)
    await client.shows(new RegExp(`^[^]{${before}}[^]*?\x1b\\]133;D;\\d+\x07[^]*\x1b\\]133;B\x07`))
    return client.text.slice(before)
  }
  return { client, enter }
}

test('the prompt tells the signal, the time of a long command and the jobs, and forgets them', async () => {
  const { client, enter } = await bashAt(temporaryDirectory())
  expect(await enter("sh -c 'kill -9 $$'")).toContain('[137 KILL] ')
  expect(await enter('((SECONDS += 125, 1))')).toMatch(/2m0\ds /)
  expect(await enter('sleep 1000 &')).toMatch(/\x1b\[0;33m1& \x1b/)
  expect(await enter('kill $!; wait $! 2>/dev/null; (exit 3)')).toContain('[3] ')
  const before = client.text.length
  client.type('\r')
  await client.shows(new RegExp(`^[^]{${before}}[^]*\x1b\\]133;B\x07`))
  expect(client.text.slice(before)).toContain('\x1b[1;31m\x1b[0;33m\x1b[0m\x1b[1;32mann@web-0')
})

test('the terminal is told the directory, how each command ends, and titles without control characters', async () => {
  const home = temporaryDirectory()
  mkdirSync(join(home, 'a\x1b]0;bad\x07}b 中'))
  const { client, enter } = await bashAt(home)
  await client.shows('\x1b]0;ann@web-0: ~\x07')
  expect(await enter('cd a*')).toContain('\x1b]133;D;0\x07')
  await client.shows('\x1b]0;ann@web-0: ~/a?]0;bad?}b 中\x07')
  expect(client.text).toContain('\x1b[1;34m~/a?]0;bad?}b 中\x1b[0m')
  expect(client.text).toMatch(/\x1b\]7;file:\/\/[^/\x07]*\/\S*\/a%1B%5D0%3Bbad%07%7Db%20%E4%B8%AD\x07/)
  const ran = await enter('sh -c "exit 7" # }`"\\$\'')
  expect(ran).toContain('\x1b]0;sh -c "exit 7" # }`"\\$\'\x07\x1b]133;C\x07')
  expect(ran).toContain('\x1b]133;D;7\x07')
  expect(await enter(' true secret')).not.toMatch(/\x1b\]0;[^\x07]*secret/)
})

test('on a dumb terminal the prompt is plain', async () => {
  const home = temporaryDirectory()
  const { connect, create } = await startTerminals({}, home)
  const { id } = await create({ cwd: home, env: { TERM: 'dumb', USER: 'ann', DITTY_PLACE: 'web-0' } })
  const client = connect(id)
  await client.shows(/ann@web-0:~[#$] $/)
  client.type('(exit 4)\r')
  await client.shows(/\[4\] ann@web-0:~[#$] $/)
  expect(client.text).not.toContain('\x1b')
})

test('what a session runs is there for those that start later, even if it is killed, but no line behind a space', async () => {
  const home = temporaryDirectory()
  const first = await bashAt(home)
  const second = await bashAt(home)
  for (let at = 0; at < 5; at++) {
    await first.enter(`: first ${at} 中文`)
    await second.enter(`: second ${at}`)
  }
  await first.enter(' : hidden')
  first.client.type('kill -9 $$\r')
  await first.client.closed
  const history = join(home, '.bash_history')
  const lines = readFileSync(history, 'utf8').split('\n')
  expect(lines.filter(line => line.includes(':'))).toEqual(
    [0, 1, 2, 3, 4].flatMap(at => [`: first ${at} 中文`, `: second ${at}`]),
  )
  expect(lines[0]).toMatch(/^#\d{10}$/)
  expect(statSync(history).mode & 0o777).toBe(0o600)
  const third = await bashAt(home)
  third.client.type('\x1b[A')
  await third.client.shows(/: second 4$/)
})

test.each(['/', '/proc'])('with %s as home history stays in memory, and nothing complains', async home => {
  const { client, enter } = await bashAt(home, '/usr')
  await enter('echo one')
  expect(client.text).not.toMatch(/cannot|denied|No such/)
  if (home === '/') expect(await enter(' echo "<$HISTFILE>"')).toMatch(/^(?:\x1b\S*)*<>\r$/m)
  client.type('\x1b[A')
  await client.shows(/echo one$/)
})

test("the user's own prompt and keys win over ours, which stand in otherwise", async () => {
  const home = temporaryDirectory()
  writeFileSync(join(home, '.bashrc'), "PS1='mine> '\n")
  const ours = await mineAt(home)
  ours.type('echo one two\x1b[1;5D\x1b[1;5Dx\x1b[4~y\x1b[1~z\x1b[D\x1b[3~\r')
  await ours.shows('\x07xone twoy\r')
  writeFileSync(join(home, '.inputrc'), '"\\C-t": "own keys"\n')
  const own = await mineAt(home)
  own.type('\x14')
  await own.shows('own keys')
})

async function mineAt(home: string) {
  const { connect, create } = await startTerminals({}, home)
  const client = connect((await create({ cwd: home })).id)
  await client.shows('mine> ')
  return client
}
