import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ditty, dittyWords, endAll, native, start } from './own-processes.ts'

let root = 0

/** Twins, threads, another user, an odd name, grandchildren. */
const family = `
  sleep 300 & sleep 300 &
  (exec -a "we ird" sleep 301) &
  bash --norc -c 'sleep 302 & sleep 303 & wait' &
  bash --norc -c 'sleep 302 & sleep 303 & wait' &
  setpriv --reuid 65534 bash --norc -c 'sleep 304 & wait' &
  ${process.execPath} -e 'setTimeout(() => {}, 300000); console.log("ready")' &
  wait`

beforeAll(async () => {
  root = await start(family)
  const sleeping = () => native(['pstree', '-cT', String(root)]).stdout.match(/sleep|we ird/g)?.length
  await vi.waitFor(() => expect(sleeping()).toBe(8), { timeout: 20_000 })
})

afterAll(endAll)

test.each([
  '',
  '-p',
  '-T',
  '-u',
  '-g',
  '-n',
  '-gn',
  '-c',
  '-t',
  '-cu',
  '-l',
  '-A',
  '-U',
  '-G',
  '-sl',
  '-spl',
  '-al',
  '-acl',
  '-apTl',
])('pstree %s draws what psmisc draws, to the letter', flags => {
  const words = ['pstree', ...flags.split(' ').filter(Boolean), String(root)]
  const expected = native(words)
  expect(expected.stdout).toContain('sleep')
  expect(ditty(words).stdout).toBe(expected.stdout)
  expect(expected.status).toBe(0)
})

/** The same words by psmisc and by ditty, on a terminal so wide. */
function onTerminal(words: string[], columns: number) {
  const [expected = '', actual = ''] = [words, dittyWords(words)].map(words => {
    const line = words.map(word => `'${word}'`).join(' ')
    return spawnSync('script', ['-qec', `stty cols ${columns}; ${line}`, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm', COLUMNS: '' },
    }).stdout
  })
  return { expected, actual }
}

test.each([132, 60, 40, 27, 26, 25, 24, 23, 19])(
  'a terminal %s cells wide cuts lines as psmisc does, and marks them',
  columns => {
    for (const flags of ['-A', '-Ap', '-Ac', '-Ag']) {
      const { expected, actual } = onTerminal(['pstree', flags, String(root)], columns)
      expect(actual).toBe(expected)
    }
  },
)

test('a process that is asked for stands out with those it came from', () => {
  const { expected, actual } = onTerminal(['pstree', '-AT', '-H', String(root), String(root)], 132)
  expect(actual).toContain('\x1b[1mbash\x1b[0m-+-')
  expect(actual).toBe(expected.replaceAll(/\x1b\(B\x1b\[m/g, '\x1b[0m'))
})

test('of a user, each tree that a process of it is the root of', () => {
  const { stdout } = ditty(['pstree', '-p', 'nobody'])
  const trees = stdout.split('\n\n')
  expect(trees.some(tree => /^bash\(\d+\)---sleep\(\d+\)$/m.test(tree))).toBe(true)
  expect(stdout).not.toContain(`(${root})`)
})

test('without a word, a tree for pid 1 and for whatever came from outside of this pid namespace', () => {
  const all = native(['ps', '-eo', 'pid=,ppid=,comm=']).stdout.matchAll(/^ *(\d+) +0 (.*)$/gm)
  const roots = [...all].filter(([, , comm]) => comm !== 'kthreadd').map(([, pid]) => pid)
  const { stdout } = ditty(['pstree', '-p', '-l'])
  expect(stdout.split('\n\n').map(tree => /^\S[^(]*\((\d+)\)/.exec(tree)?.[1])).toEqual(roots)
})

test('what is not there is said, with status 1', () => {
  const gone = ditty(['pstree', '2147483647'])
  expect([gone.status, gone.stdout, gone.stderr]).toEqual([1, '', 'pstree: no process 2147483647 here\n'])
  const noUser = ditty(['pstree', 'nobody-of-this-name'])
  expect([noUser.status, noUser.stdout]).toEqual([1, ''])
  expect(noUser.stderr).toContain('no user nobody-of-this-name')
  expect(ditty(['pstree', '-Z']).stderr).toContain('pstree has no flag -Z')
})
