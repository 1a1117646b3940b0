import { expect, test } from 'vitest'
import { explainEnterDenial } from '../../server/main/enter/denial.ts'
import { parseEnterOptions } from '../../server/main/enter/options.ts'
import { surroundings, variablesOf } from '../../server/main/enter/surroundings.ts'
import { fixtureLinux } from '../fixture-linux.ts'

const plain = { target: undefined, user: undefined, cwd: '/', takesEnvironment: false, command: [] }

test.each<[string, object]>([
  ['', plain],
  ['-t app', { ...plain, target: 'app' }],
  ['ls -t -e /', { ...plain, command: ['ls', '-t', '-e', '/'] }],
  ['-t app ls -l', { ...plain, target: 'app', command: ['ls', '-l'] }],
  ['--target=app -e -- -x', { ...plain, target: 'app', takesEnvironment: true, command: ['-x'] }],
  ['-u 1000 --cwd /tmp sh -- a', { ...plain, user: { uid: 1000, gid: 1000 }, cwd: '/tmp', command: ['sh', '--', 'a'] }],
  ['-u 1000:50', { ...plain, user: { uid: 1000, gid: 50 } }],
  ['-u target -w target', { ...plain, user: 'target', cwd: 'target' }],
])('the words "%s" are flags up to the command, whose own are left to it', (line, options) => {
  expect(parseEnterOptions(line.split(' ').filter(Boolean))).toEqual(options)
})

test.each([
  ['-x', "'-x'"],
  ['--target', '--target'],
  ['-u root', "not 'root'"],
  ['-u 4294967295', "not '4294967295'"],
  ['-u 1:2:3', "not '1:2:3'"],
  ['-w tmp', "not 'tmp'"],
])('"%s" is refused with the word that is wrong', (line, part) => {
  expect(() => parseEnterOptions(line.split(' '))).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(part) }),
  )
})

test('help is asked for before a command alone', () => {
  expect(parseEnterOptions(['--help'])).toBeUndefined()
  expect(parseEnterOptions(['ls', '--help'])).toMatchObject({ command: ['ls', '--help'] })
})

const own = { TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: '/root', PATH: '/ditty/bin:/bin', KUBERNETES_PORT: '1' }
const target = {
  PATH: '/app/bin:/bin',
  APP: 'shop',
  LD_PRELOAD: '/x.so',
  NODE_OPTIONS: '--inspect',
  TERM: 'dumb',
  HOME: '/home/app',
}

test('ditty’s words come first on PATH, then the target’s own, and no history is written', () => {
  const environment = surroundings({ own, target, takesTarget: false, place: 'app', homeDirectory: '/' })
  expect(environment).toMatchObject({
    PATH: '/proc/self/fd/200/ditty/bin:/app/bin:/bin:/proc/self/fd/200/bin',
    HOME: '/',
    HISTFILE: '',
    DITTY_PLACE: 'app',
    KUBERNETES_PORT: '1',
  })
  expect(environment).not.toHaveProperty('APP')
})

test('its environment is taken whole, but for what would steer our own programs and what the terminal knows better', () => {
  const environment = surroundings({ own, target, takesTarget: true, place: 'app', homeDirectory: '/' })
  expect(environment).toMatchObject({ APP: 'shop', HOME: '/home/app', TERM: 'xterm-256color', LANG: 'C.UTF-8' })
  for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'KUBERNETES_PORT']) expect(environment).not.toHaveProperty(name)
})

test('variables keep what follows the first =', () => {
  expect(variablesOf(['A=1=2', 'B=', '=x', 'C=你'])).toEqual({ A: '1=2', B: '', C: '你' })
})

test.each([
  ['open EACCES\n', 'not_permitted', false, /is closed to us/],
  ['open ENOENT\n', 'not_found', false, /has ended/],
  ['setns EPERM\n', 'not_permitted', true, /pid namespace of its own/],
  ['chroot EPERM\n', 'not_permitted', true, /CAP_SYS_CHROOT/],
  ['chroot ENOSPC\n', 'not_permitted', true, /\(ENOSPC\)/],
  ['open ESRCH\n', 'not_found', false, /has ended/],
  ['proc ENOENT\n', 'unsupported', true, /has no \/proc/],
  ['fork EAGAIN\n', 'unavailable', false, /fork EAGAIN/],
  ['', 'unavailable', false, /does not answer/],
] as const)('what the helper tells as %j is said in words', (told, code, isHalfWay, message) => {
  const denial = explainEnterDenial(fixtureLinux('proc/web-dbg-restricted'), 6, told)
  expect(denial).toMatchObject({ isHalfWay, error: { code, message: expect.stringMatching(message) } })
})
