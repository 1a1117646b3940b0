import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { mountSilentFuse } from '../fuse/silent-fuse.ts'
import { openJail } from '../root/jail.ts'
import { runWords } from './run-words.ts'
import { growTree, type Tree } from './tree.ts'

let tree: Tree
beforeAll(async () => {
  tree = await growTree()
})
afterAll(() => tree[Symbol.dispose]())

const { DU_BLOCK_SIZE: _du, BLOCK_SIZE: _block, BLOCKSIZE: _size, POSIXLY_CORRECT: _posix, ...rest } = process.env
const environment = { ...rest, LC_ALL: 'C.UTF-8' }

const commandLines = `

-a
-s
-sh
-ah
-a --si
-ab
-abh
-ak
-am
-a -B 512
-a -B K
-a --block-size=kB
-a --block-size=1000
-a --apparent-size
-a --apparent-size -h
-c
-sc sub empty
-ac sub .hidden
-cS
-S
-aS
-Sb
-d 0
-d 1
-d1 -a
--max-depth=2
-s -d 0
--inodes
-a --inodes
--inodes -c -d 1
--inodes -S
--inodes -h
--inodes -sk
-0 -a
-l -a
-lc hard a.txt
hard a.txt
a.txt hard sub/hard
sub sub
sub .
. sub
sub/deep sub
sub/
./sub/../sub
-L sub/one
-aL sub/deep
-ahL .hidden
-L sub
-lL sub
-aL
-D link folder-link
-aD folder-link
-H folder-link
-P folder-link
folder-link
folder-link/
link broken loop
-D broken a.txt
-L loop
-x
-x --inodes /dev
-a --exclude=*.txt
-a --exclude=sub
-a --exclude=deep/three
-a --exclude=sub/* --exclude=file?
-a --exclude=.
-a --exclude=中*
-a -t 8K
-a -t -4K
-a -t 0
-a -t 1M --apparent-size
-a -t 1MB -b
-a --inodes -t 2
-a --threshold=-1 --inodes
-c -t 100K
nowhere
nowhere sub
a.txt/x
sparse pipe null disk socket
`

/** coreutils has no reason for a followed link that leads nowhere, and a warning where -s and -d 0 say the same. */
const told = (stderr: string) => stderr.replaceAll(': No such file or directory', '').replace(/^du: warning: .*\n/m, '')

test.each(commandLines.slice(1, -1).split('\n'))('du %s prints what coreutils prints', async line => {
  const words = line.split(' ').filter(Boolean)
  const theirs = spawnSync('du', words, { cwd: tree.path, env: environment })
  const ours = await runWords('du', words, { cwd: tree.path })
  expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'))
  expect([ours.status, told(ours.stderr)]).toEqual([theirs.status, told(theirs.stderr.toString())])
})

test('on a terminal a name can steer nothing', async () => {
  const screen = { isTerminal: true, colour: false, columns: 80 }
  const { stdout } = await runWords('du', ['esc\x1b[31m'], { cwd: tree.path, screen })
  expect(stdout.toString()).toBe('4\tesc?[31m\n')
})

test.each([
  [['-s', '-a'], /-a and -s/],
  [['-s', '-d', '1'], /-s means/],
  [['-d', '-1'], /depth/],
  [['-d', 'x'], /takes a number/],
  [['-d', '1.5'], /depth/],
  [['-B', 'x'], /no size/],
  [['-B', '0'], /no size/],
  [['-t', '-0'], /--threshold/],
  [['-t', 'much'], /no size/],
  [['--time'], /no flag --time/],
  [['-X', 'patterns'], /no flag -X/],
  [['--files0-from=-'], /no flag --files0-from/],
])('du %j is refused', async (words, reason) => {
  const { status, stdout, stderr } = await runWords('du', words, { cwd: tree.path })
  expect([status, stdout.length]).toEqual([1, 0])
  expect(stderr).toMatch(reason)
})

test('what UID 65532 may not read is told of, and the rest is counted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-du-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  for (const name of ['a', 'closed', 'listed', 'z']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'x'), 'x'.repeat(5000))
  }
  chmodSync(join(folder, 'closed'), 0o700)
  chmodSync(join(folder, 'listed'), 0o744)
  chownSync(join(folder, 'closed'), 1000, 1000)
  const run = (words: string[]) =>
    spawnSync('setpriv', ['--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all', ...words], {
      env: environment,
      encoding: 'utf8',
    })
  const main = [process.execPath, join(import.meta.dirname, '../../../server/main.ts')]
  for (const words of [
    ['du', folder],
    ['du', '-ac', folder],
    ['du', '-s', join(folder, 'closed'), join(folder, 'z')],
  ]) {
    const [ours, theirs] = [run([...main, ...words]), run(words)]
    expect([ours.stdout, ours.status]).toEqual([theirs.stdout, theirs.status])
    expect(theirs.status).toBe(1)
    for (const said of theirs.stderr.trim().split('\n')) expect(ours.stderr).toContain(`${said}\n`)
  }
})

test("a target's links lead nowhere out of it, for du and ls; a mount that never answers is left out", async () => {
  await using jail = await openJail()
  for (const name of ['data', 'dead']) mkdirSync(join(jail.inside, name))
  writeFileSync(join(jail.inside, 'data/file'), 'x'.repeat(100))
  symlinkSync(`../../../../../../..${tree.path}`, join(jail.inside, 'out'))
  symlinkSync('/data', join(jail.inside, 'within'))
  const target = ['--target', String(jail.pid)]
  const escaping = await runWords('du', [...target, '-bLa', 'out', 'within'])

  expect(escaping.stdout.toString()).toMatch(/^100\twithin\/file\n\d+\twithin\n$/)
  expect([escaping.status, escaping.stderr]).toEqual([1, "du: cannot access 'out': No such file or directory\n"])
  const listed = await runWords('ls', [...target, '-L', 'out', 'within'])
  expect([listed.status, listed.stdout.toString()]).toEqual([2, 'within:\nfile\n'])
  await using _fuse = await mountSilentFuse(join(jail.inside, 'dead'))
  const whole = await runWords('du', [...target, '--inodes', '/'])
  expect(whole.stdout.toString()).toMatch(/^2\t\/data$/m)
  expect(whole.stderr).toMatch(
    /^du: cannot (access|read directory) '\/dead': the fuse\S* mounted there does not answer/,
  )
  expect(whole.status).toBe(1)
})
