import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mountSilentFuse } from '../fuse/silent-fuse.ts'
import { openJail } from '../root/jail.ts'
import { runWords } from './run-words.ts'
import { growTree, type Tree } from './tree.ts'

let tree: Tree
beforeAll(async () => {
  tree = await growTree()
  writeFileSync(join(tree.path, 'past'), '')
  utimesSync(join(tree.path, 'past'), -86_401, -86_401)
  // Reading a link for the first time moves the time of its last access.
  native(`-- ${all}`)
})
afterAll(() => tree[Symbol.dispose]())

const { QUOTING_STYLE: _style, ...rest } = process.env
const environment = { ...rest, LC_ALL: 'C.UTF-8' }
/** One of everything; bytes that are no UTF-8 are come to by `bad*`, which a shell fills in. */
const all = '. * .dot sub/deep'
const native = (line: string) => spawnSync('sh', ['-c', `exec stat ${line}`], { cwd: tree.path, env: environment })
const wordsOf = (line: string): string[] =>
  spawnSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`], { cwd: tree.path })
    .stdout.toString('latin1')
    .split('\0')
    .slice(0, -1)
    .map(argument)

/** A word as the command line takes it: bytes that are no UTF-8 as %FF. */
const argument = (bytes: string) =>
  /[\xfe\xff]/.test(bytes)
    ? bytes.replace(/[\xfe\xff]/g, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
    : Buffer.from(bytes, 'latin1').toString()

const both = async (line: string) => ({
  theirs: native(line),
  ours: await runWords('stat', wordsOf(line), { cwd: tree.path }),
})

const commandLines = String.raw`
-- ALL
-t -- ALL
-L -- a.txt link folder-link
-L link broken
broken loop
-L loop
nowhere a.txt
a.txt/x
-c %n%N -- ALL
-c '%a %A %b %B %d %D %f %F %g %G %h %i %m %o %r %R %s %t %T %u %U' -- ALL
-c '%w|%W|%x|%X|%y|%Y|%z|%Z' -- ALL
-c '%Hd:%Ld %Hr:%Lr' -- null disk a.txt
-c '%10n|%-10n|%.3n|%10.3n|%010n|%20N|%-20N|%.2N' a.txt link
-c '%10s|%-10s|%010s|%+s|% s|%.8s|%10.8s|%-+10s|%'"'"'s' b.log
-c '%#a|%06a|%#10a|%-6a|%#f|%#010f|%12f|%.8f|%#t|%+u|%05u|%#D' a.txt null
-c '%.3Y|%.Y|%.9Y|%.12Y|%20.3Y|%-20.3Y|%020.3Y|%20Y|%-20Y|%020Y|%+Y|%.0Y|%2.3Y' a.txt b.log past
-c '%30y|%-40y|%.10y|' a.txt
-c '100%% %% %' a.txt
-c 'a\nb\t' a.txt
--printf 'a\nb\tc\a\b\e\f\r\v\"\\\101\x41\x4a1\0%n\n' a.txt link
--printf 中文%n a.txt
--printf=%s a.txt b.log
-c %s --printf %n a.txt
--printf %s -c %n a.txt
-t -c %n a.txt
--format=%h hard sub/hard
-f -c '%n %t %T %s %S %l %i' / /proc a.txt link
-f -c '%10s|%-10T|%#t|%010l' /proc
-f nowhere a.txt
-f /proc
-f -t /proc
-f -L -c %T link
`
  .trim()
  .split('\n')
  .map(line => line.replace('ALL', all))

test.each(commandLines)('stat %s prints what coreutils prints', async line => {
  const { theirs, ours } = await both(line)
  expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'))
  expect(ours.status).toBe(theirs.status)
  for (const said of theirs.stderr.toString().split('\n')) expect(ours.stderr).toContain(said)
  expect(ours.stderr === '').toBe(theirs.stderr.length === 0)
})

test('on a terminal a name can steer nothing', async () => {
  const screen = { isTerminal: true, colour: false, columns: 80 }
  const { stdout } = await runWords('stat', ['-c', '%n %N', 'esc\x1b[31m'], { cwd: tree.path, screen })
  expect(stdout.toString()).toBe("esc?[31m 'esc'$'\\033''[31m'\n")
})

test.each([
  [['-Z', 'a.txt'], /no flag -Z/],
  [['--cached=never', 'a.txt'], /no flag --cached/],
  [['-c', '%q', 'a.txt'], /no directive %q/],
  [['-c', '%C', 'a.txt'], /no directive %C/],
  [['-c', '%5%', 'a.txt'], /no directive %5%/],
  [['-c', '%5', 'a.txt'], /no directive %5/],
  [['-f', '-c', '%A', 'a.txt'], /no directive %A/],
  [['--printf', '\\q', 'a.txt'], /no escape \\q/],
  [['-c'], /needs a value/],
  [[], /needs at least one/],
  [['-'], /standard input/],
])('stat %j is refused', async (words, reason) => {
  const { status, stdout, stderr } = await runWords('stat', words, { cwd: tree.path })
  expect([status, stdout.length]).toEqual([1, 0])
  expect(stderr).toMatch(reason)
})

test("a target's own names of users; no link leads out of it, and a mount that never answers is told of", async () => {
  await using jail = await openJail()
  for (const name of ['etc', 'dead']) mkdirSync(join(jail.inside, name))
  writeFileSync(join(jail.inside, 'etc/passwd'), 'captain:x:0:0::/:/bin/sh\n')
  symlinkSync(`../../../../../../..${join(tree.path, 'a.txt')}`, join(jail.inside, 'out'))
  symlinkSync('/etc/passwd', join(jail.inside, 'within'))
  await using _fuse = await mountSilentFuse(join(jail.inside, 'dead'))
  const target = ['--target', String(jail.pid)]
  const { stdout, stderr, status } = await runWords('stat', [
    ...[...target, '-L', '-c', '%n %U %s'],
    ...['within', 'out', '/dead', '../../etc/passwd'],
  ])
  expect(stdout.toString()).toBe('within captain 25\n../../etc/passwd captain 25\n')
  expect(stderr).toContain("stat: cannot statx 'out': No such file or directory\n")
  expect(stderr).toMatch(/'\/dead': the fuse\S* mounted there does not answer/)
  expect(status).toBe(1)
  const fileSystem = await runWords('stat', [...target, '-f', '/dead'])
  expect([fileSystem.status, fileSystem.stderr]).toEqual([1, expect.stringMatching(/does not answer/)])
})

test('as UID 65532 without capabilities what is denied is told of', () => {
  const run = (words: string[]) =>
    spawnSync('setpriv', ['--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all', ...words], {
      env: environment,
      encoding: 'utf8',
    })
  const main = [process.execPath, join(import.meta.dirname, '../../../server/main.ts')]
  const words = ['stat', '-c', '%n %U %a', join(tree.path, 'a.txt'), '/etc/passwd']
  const [ours, theirs] = [run([...main, ...words]), run(words)]
  expect([ours.stdout, ours.status]).toEqual([theirs.stdout, theirs.status])
  expect(theirs.status).toBe(1)
  expect(ours.stderr).toContain(theirs.stderr)
})
