import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
