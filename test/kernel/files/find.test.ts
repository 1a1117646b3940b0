import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linuxAt } from '../../../server/linux/linux.ts'
import { mountSilentFuse } from '../fuse/silent-fuse.ts'
import { openJail } from '../root/jail.ts'
import { runWords } from './run-words.ts'
import { growTree, type Tree } from './tree.ts'

let tree: Tree
beforeAll(async () => {
  tree = await growTree()
})
afterAll(() => tree[Symbol.dispose]())

const environment = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
const native = (words: string[], cwd = tree.path) =>
  spawnSync('find', words, { cwd, env: environment, encoding: 'latin1' })

/** Both in their own order of the same directory: lines are compared as a set. */
const lines = (text: string, separator = '\n') => text.split(separator).sort()

async function agrees(words: string[]) {
  const theirs = native(words)
  const ours = await runWords('find', words, { cwd: tree.path })
  expect([words, ours.status]).toEqual([words, theirs.status])
  expect([words, ...lines(ours.stdout.toString('latin1'))]).toEqual([words, ...lines(theirs.stdout)])
  return theirs
}

const expressions = `
.
./
. sub ./sub/
-H folder-link
-L folder-link/
-L sub/deep
sub -maxdepth 1
sub -mindepth 2
-P . -maxdepth 0
. -name *.log
. -name a*
. -name *
. -iname readme
. -name [a-c]*
. -name [!a-z]*
. -name [[:upper:]]*
. -name file?
. -name ???
. -name *名*
. -name bad*
. -name b?d??
. -name back\\\\slash
. -path ./sub/*
. -path *deep*four*
. -ipath */DEEP/*
. -wholename ./a.txt
. -regex .*\\.log
. -regex ./[a-c]\\..*
. -regex .*\\(txt\\|gz\\)
. -regex .*file1+0?
. -regextype posix-extended -regex .*/(file[0-9]{2}|old)
. -regextype posix-basic -regex .*/fi\\(le\\)1*
. -iregex .*ZED
. -type f
. -type d
. -type l
. -type p,s
. -type b,c
. ! -name loop -xtype f
. ! -name loop -xtype l
. -lname a*
. -size 1
. -size +1
. -size -2
. -size 10c
. -size +100k
. -size 2k
. -size -1M
. -size +1M
. -mtime 0
. -mtime -1
. -mtime 1
. -mtime +3
. -mtime -4
. -mtime 3
. -mtime +30 -mtime -300
. -daystart -mtime 1
. -mmin -10
. -mmin +5000
. -ctime 0
. -cmin -60
. -amin -60
. -newer b.log
. ! -newer b.log
. -newermt @1000000000
. -newermt 2020-01-01
. -anewer a.txt
. -user root
. -user daemon
. -uid 54321
. -uid +100
. -gid -10
. -group adm
. -nouser
. -nogroup
. -perm 644
. -perm -u+x
. -perm -0111
. -perm /6000
. -perm /u+s,g+s
. -perm u=rwx,go=rx
. -empty
. -empty -type d
. -links 3
. -links +1
. -samefile a.txt
. -true
. -false
. -not -type f
. ! ( -type f -o -type d )
. -type f -a -name a* -o -name sub
. -name sub -prune -o -print
. -name sub -prune , -type d
. -path ./sub -prune -o -type f -print
. -depth
sub -depth -name d*
. -xdev
. -mount -type d
. -print -print
. -print0
. -type f -print0
. -maxdepth 1 -name a.txt -printf a:%p\\n -o -name sub -printf b:%p\\n
. -printf %p|%f|%h|%P|%H|%d\\n
. -printf %s|%b|%k|%m|%M|%#m|%n|%i|%D\\n
. -printf %u|%U|%g|%G|%y|%Y|%l|%F\\n
. -type f -printf %S\\n
. -printf %t|%T@|%T+|%TY-%Tm-%Td|%TH:%TM:%TS|%Tc|%Tr|%TT|%TX|%TD|%Tj|%TU|%TW|%Tw|%Ta|%TA|%Tb|%TB|%Tp|%Tk|%Tl|%TI|%Ty|%TZ\\n
. -printf %c|%C@|%C+\\n
. -printf [%10f][%-10f][%.2f][%3d][%-3d][%03d]\\n
. -printf \\101\\t\\\\%%\\n
. -maxdepth 1 -printf x\\c -print
. -ls
. -type f -ls
nowhere
nowhere a.txt
`

describe('find finds and prints what findutils does', () => {
  test.each(expressions.trim().split('\n'))('find %s', async line => {
    await agrees(line.split(' ').map(word => word.replace(/^\\\\$/, '\\')))
  })

  test('a limit of one: -quit', async () => {
    const { stdout } = await runWords('find', ['.', '-name', 'a.txt', '-print', '-quit'], { cwd: tree.path })
    expect(stdout.toString()).toBe('./a.txt\n')
    expect((await runWords('find', ['.', '-quit'], { cwd: tree.path })).stdout.toString()).toBe('')
  })

  test('links that lead back to a folder above are told of, once each', async () => {
    const ours = await runWords('find', ['-L', 'sub'], { cwd: tree.path })
    const theirs = native(['-L', 'sub'])
    expect(lines(ours.stdout.toString('latin1'))).toEqual(lines(theirs.stdout))
    expect(ours.status).toBe(1)
    expect(ours.stderr).toContain('sub/up/sub')
  })
})

test('words that are wrong, or would change something, are refused before anything is looked at', async () => {
  const wrong: [string[], RegExp][] = [
    [['.', '-nmae', 'x'], /there is no test -nmae; is -name/],
    [['.', '-name'], /-name needs a word/],
    [['.', '('], /it ends where a test should follow/],
    [['.', '(', '-true'], /a \( is not closed/],
    [['.', '-true', ')'], /closes nothing/],
    [['.', '-type', 'x'], /letters of f d l/],
    [['.', '-size', '10X'], /a size/],
    [['.', '-mtime', 'x'], /a number/],
    [['.', '-delete'], /xargs -0 rm/],
    [['.', '-exec', 'rm', '{}', ';'], /xargs -0 COMMAND/],
    [['.', '-printf', '%q'], /no directive %q/],
    [['.', '-regex', '\\('], /no regular expression/],
    [['.', '-user', 'nosuchuser'], /no name in \/etc\/passwd/],
    [['.', '-newer', 'nowhere'], /can't be compared/],
    [['.', '-true', 'late'], /paths stand before/],
  ]
  for (const [words, message] of wrong) {
    const { status, stdout, stderr } = await runWords('find', words, { cwd: tree.path })
    expect([words, status, stdout.toString()]).toEqual([words, 1, ''])
    expect(stderr).toMatch(message)
  }
})

test("a target's files, by its own names, from which no link leads out", async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'etc'))
  writeFileSync(join(jail.inside, 'etc/passwd'), 'captain:x:0:0::/:/bin/sh\n')
  writeFileSync(join(jail.inside, 'f'), '')
  const words = ['--target', String(jail.pid), '-L', '.', '/', '-user', 'captain', '-printf', '%p %u\\n']
  const { stdout, status, stderr } = await runWords('find', words)
  expect(stderr).toBe('')
  expect(lines(stdout.toString())).toEqual(
    lines(
      '. captain\n./f captain\n./etc captain\n./etc/passwd captain\n/ captain\n/f captain\n/etc captain\n/etc/passwd captain\n',
    ),
  )
  expect(status).toBe(0)
})

test('what may not be read is told of with the reason, and the rest is found', async () => {
  chmodSync(join(tree.path, 'locked'), 0o700)
  chmodSync(tree.path, 0o755)
  const words = [
    process.execPath,
    join(import.meta.dirname, '../../../server/main.ts'),
    'find',
    tree.path,
    '-name',
    '[al]*',
  ]
  const run = (words: string[]) => {
    const [reuid, regid] = ['--reuid=65532', '--regid=65532']
    return spawnSync('setpriv', [reuid, regid, '--clear-groups', '--bounding-set=-all', ...words], {
      env: environment,
      encoding: 'latin1',
    })
  }
  const ours = run(words)
  const theirs = run(['find', ...words.slice(3)])
  expect(ours.status).toBe(1)
  expect(lines(ours.stdout)).toEqual(lines(theirs.stdout))
  expect(Buffer.from(ours.stderr, 'latin1').toString()).toContain(`find: ‘${tree.path}/locked’: Permission denied\n`)
  expect(ours.stderr).toMatch(/run ditty as UID 0/)
})

test('a mount that never answers is told of, and everything beside it is found', async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'data/dead'), { recursive: true })
  writeFileSync(join(jail.inside, 'data/alive'), 'alive')
  await using _fuse = await mountSilentFuse(join(jail.inside, 'data/dead'))
  const { stdout, status, stderr } = await runWords('find', ['--target', String(jail.pid), '/data'])
  expect(lines(stdout.toString())).toEqual(lines('/data\n/data/alive\n/data/dead\n'))
  expect(status).toBe(1)
  expect(stderr).toMatch(/^find: ‘\/data\/dead’: the fuse\S* mounted there does not answer/)
})

test('a folder that changes while it is read ends all the same', async () => {
  const folder = join(tree.path, 'churn')
  mkdirSync(folder)
  for (let at = 0; at < 3000; at++) writeFileSync(join(folder, `f${at}`), '')
  const script = `cd ${folder}; for i in $(seq 0 2999); do mv f$i g$i; done`
  const { spawn } = await import('node:child_process')
  const churn = spawn('sh', ['-c', script], { stdio: 'ignore' })
  const done = new Promise(resolve => churn.once('exit', resolve))
  const { status } = await runWords('find', [folder, '-size', '-1'], { cwd: tree.path })
  expect([0, 1]).toContain(status)
  await done
  expect(linuxAt('/').list(folder)).toHaveLength(3000)
  spawnSync('rm', ['-r', folder])
})
