import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mountSilentFuse } from '../fuse/silent-fuse.ts'
import { openJail } from '../root/jail.ts'
import { runWords } from './run-words.ts'
import { growTree, type Tree } from './tree.ts'

let tree: Tree
beforeAll(async () => {
  tree = await growTree()
})
afterAll(() => tree[Symbol.dispose]())

const { LS_COLORS: _colours, COLUMNS: _columns, ...rest } = process.env
const environment = { ...rest, LC_ALL: 'C.UTF-8' }
const native = (words: string[]) => spawnSync('ls', words, { cwd: tree.path, env: environment })

const commandLines = `

-l
-la
-lA
-a
-A
-d
-ld
-ld sub a.txt link folder-link
-d */
-1
-C
-C -w 40
-C -w 200
-C -w 0
-C -w 13
-x
-x -w 60
-m
-m -w 30
-C -T 0
-C -T 4
-i
-li
-s
-ls
-lh
-lsh
-l --si
-lk
-ls --block-size=1
-l --block-size=K
-s --block-size=M
-n
-g
-o
-go
-lG
-r
-lr
-t
-lt
-lu
-ltu
-u
-lc
-lct
-S
-lSr
-X
-v
-U sub
--sort=size
--sort=extension
--sort=width
--sort=version -r
--time=ctime -l
--time=birth -lt
-l --time=use
-R
-lR
-R sub
-aR sub
-R --group-directories-first
--group-directories-first -l
-F
-lF
-p
--file-type
--indicator-style=classify
-L sub/up
-lL sub
-H link
-lH link b.log
folder-link
-l folder-link
-l folder-link/
sub a.txt b.log
-l b.log a.txt .dot
-k --full-time
-l --block-size=KiB
-s --block-size=kB
-l --block-size=2K
--sort=width -r
sub empty
a.txt link
-Q
-b
-q
-N
-lQ
--quoting-style=shell
--quoting-style=shell-always
--quoting-style=shell-escape
--quoting-style=shell-escape-always
--quoting-style=c
--quoting-style=escape
--quoting-style=literal
-C -w 80 -q --quoting-style=shell-escape
-l -q --quoting-style=shell-escape
-x -w 100 --quoting-style=shell-escape -F
-C -w 80 -s
-C -w 80 -i
-m -i
-l --time-style=long-iso
-l --time-style=full-iso
-l --time-style=iso
-l --time-style=locale
-l --time-style=+%Y/%j.%U%V%W.%u%w.%G%g.%k%l%I%p.%s.%N.%%
-l --time-style=+%-d.%-m.%e.%C.%y.%D.%F.%T.%R.%r.%c.%x.%X.%h.%z.%:z
--full-time
--color
--color=always -l
--color=always -C -w 80
--color=always -C -w 80 -q --quoting-style=shell-escape
--color=always -lF
--color=never
--color=auto
-I *.txt
-I file* -I .*
-B
--format=long
--format=commas
--format=across -w 50
-1 -s
nowhere
nowhere a.txt
-l loop
-L loop
-L broken
`

const cwdStatus = async (words: string[]) => {
  const theirs = native(words)
  const ours = await runWords('ls', words, { cwd: tree.path })
  return { theirs, ours }
}

test.each(commandLines.slice(1, -1).split('\n'))('ls %s prints what coreutils prints', async line => {
  const words = line.split(' ').filter(Boolean)
  const { theirs, ours } = await cwdStatus(words)
  expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'))
  expect([ours.status, ours.stderr.length > 0]).toEqual([theirs.status, theirs.stderr.length > 0])
})

test('on a terminal names stand in columns, in quotes where a shell needs them', async () => {
  const words = ['-C', '-w', '70', '-q', '--quoting-style=shell-escape']
  const screen = { isTerminal: true, colour: false, columns: 70 }
  const { stdout } = await runWords('ls', [], { cwd: tree.path, screen })
  expect(stdout.toString('latin1')).toBe(native(words).stdout.toString('latin1'))
  const coloured = await runWords('ls', ['--color=auto'], { cwd: tree.path, screen: { ...screen, colour: true } })
  expect(coloured.stdout.toString('latin1')).toBe(native([...words, '--color=always']).stdout.toString('latin1'))
})

test('-f and -U tell of all in the order of the folder', async () => {
  const lines = async (words: string[]) => {
    const { ours, theirs } = await cwdStatus(words)
    return [ours, theirs].map(({ stdout }) => stdout.toString('latin1').split('\n'))
  }
  const [ours, theirs] = await lines(['-f'])
  expect(ours!.toSorted()).toEqual(theirs!.toSorted())
  expect(ours!.filter(name => !/^\.\.?$/.test(name))).toEqual(theirs!.filter(name => !/^\.\.?$/.test(name)))
})

test('folders that are named among others have the same fields', async () => {
  const fields = (output: Buffer) => output.toString().replace(/ +/g, ' ')
  for (const words of [
    ['-lH', 'link', 'folder-link'],
    ['-l', 'sub', 'a.txt', '.hidden', 'empty'],
  ]) {
    const { ours, theirs } = await cwdStatus(words)
    expect(fields(ours.stdout)).toBe(fields(theirs.stdout))
  }
})

test('what C tools say of what is not there', async () => {
  const { ours, theirs } = await cwdStatus(['nowhere', 'a.txt'])
  expect(ours.stderr).toBe(theirs.stderr.toString())
})

test('a flag that is unknown is an error with the status of coreutils', async () => {
  for (const words of [['-Z'], ['--hyperlink'], ['-D'], ['--sort=colour'], ['--time-style=x'], ['--block-size=x']]) {
    const { status, stderr } = await runWords('ls', words, { cwd: tree.path })
    expect([words, status]).toEqual([words, 2])
    expect(stderr).toMatch(/^ls: /)
  }
})

test("a target's files, owners by its own names; a mount that never answers is told of", async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'etc'))
  mkdirSync(join(jail.inside, 'dead'))
  writeFileSync(join(jail.inside, 'etc/passwd'), 'captain:x:0:0::/:/bin/sh\n')
  writeFileSync(join(jail.inside, 'etc/group'), 'crew:x:0:\n')
  await using _fuse = await mountSilentFuse(join(jail.inside, 'dead'))
  const target = ['--target', String(jail.pid)]
  const { stdout, status } = await runWords('ls', [...target, '-l', 'etc/../etc'])
  expect(stdout.toString()).toMatch(
    /^total 8\n(-rw-r--r-- 1 captain crew +\d+ \w+ +\d+ \d\d:\d\d (group|passwd)\n){2}$/,
  )
  expect(status).toBe(0)
  const all = await runWords('ls', [...target, '-R', '/'])
  expect(all.stdout.toString()).toBe('/:\ndead\netc\n\n/etc:\ngroup\npasswd\n')
  expect(all.stderr).toMatch(/^ls: cannot open directory '\/dead': the fuse\S* mounted there does not answer/)
  expect(all.status).toBe(1)
})

test('what may be listed and not looked at is told of, and listed', async () => {
  const folder = join(tree.path, 'half')
  mkdirSync(folder)
  writeFileSync(join(folder, 'x'), '')
  chmodSync(folder, 0o744)
  chmodSync(tree.path, 0o755)
  const run = (words: string[]) =>
    spawnSync('setpriv', ['--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all', ...words], {
      env: environment,
      encoding: 'utf8',
    })
  const main = [process.execPath, join(import.meta.dirname, '../../../server/main.ts')]
  for (const words of [
    ['ls', '-l', folder],
    ['ls', folder],
    ['ls', '-l', join(tree.path, 'locked')],
  ]) {
    const [ours, theirs] = [run([...main, ...words]), run(words)]
    expect([ours.stdout, ours.status]).toEqual([theirs.stdout, theirs.status])
    if (theirs.stderr !== '') expect(ours.stderr).toContain(theirs.stderr)
  }
})
