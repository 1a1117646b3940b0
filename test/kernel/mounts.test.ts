import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { linuxAt } from '../../server/linux/linux.ts'
import { runMounts } from '../tools/mounts/run-mounts.ts'
import { mountSilentFuse, type SilentFuse } from './fuse/silent-fuse.ts'
import { asNobody, ditty } from './own-processes.ts'

const linux = linuxAt('/')

/** A process in a mount namespace of its own, where what is compared stands still. */
let holder: ChildProcess
let folder = ''

/** Without what containers of other tests mount and unmount meanwhile; bind mounts, covered ones, read-only ones, names that must be escaped, sources that look remote. */
const script = `
set -e
awk '$5 ~ "^/var/lib/containers" {print $5}' /proc/self/mountinfo | sort -r | xargs -r umount -l
mkdir a b c d 'e f' ro full n1 deep 'tab	new
line'
mount -t tmpfs -o size=10m,noexec srcA a; mount --bind a b; mount --make-shared a; mkdir a/sub; mount -t tmpfs in-a a/sub
mount -t tmpfs -o nosuid under c; mkdir c/below; mount -t tmpfs hidden c/below; mount -t tmpfs -o size=4m over c; mount --make-unbindable c
mount -t tmpfs -o size=1m,nr_inodes=20 'sp ace' 'e f'
mount -t tmpfs -o ro,nosuid,nodev ro ro; mount -t tmpfs host:/share n1; mount -t tmpfs newline 'tab	new
line'
mount -t tmpfs -o size=1m none full; head -c 1000k /dev/zero > full/file
mount -t proc proc d; mkdir deep/er; mount -t tmpfs -o size=7k deep deep; mkdir deep/x; mount --bind deep/x deep/x
echo ready; exec sleep 10000`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-mounts-'))
  const words = ['-m', '--propagation', 'private', 'sh', '-c', script]
  holder = spawn('unshare', words, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await Promise.race([
    once(createInterface({ input: holder.stdout! }), 'line'),
    once(holder, 'exit').then(() => ['']),
  ])
  expect(line).toBe('ready')
})
afterAll(async () => {
  const ended = once(holder, 'exit')
  holder.kill('SIGKILL')
  await ended
  rmSync(folder, { recursive: true })
})

/** A directory that nsenter itself is told would be opened outside. */
const inside = () => ['nsenter', '-m', '-t', String(holder.pid), 'sh', '-c', 'cd "$0" && exec "$@"', folder]

function native(words: string[]) {
  const [file = '', ...rest] = [...inside(), ...words]
  return spawnSync(file, rest, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } })
}

/** The machine's own disk is written to meanwhile; what is covered has no numbers of its own, but the C tools give those of the cover. */
const isStill = (line: string) =>
  !/^(\/dev\/|overlay|total|\/ )/.test(line) && !/\/(c|c\/below|dev\/shm|dev\/pts|deep\/x)( |$)/.test(line)
const stillLines = (text: string) => text.split('\n').filter(isStill)

const words = (line: string) => line.split(' ').map(word => word.replaceAll('%20', ' '))

test.each([
  'df',
  'df -h',
  'df -H',
  'df -k',
  'df -m',
  'df -i',
  'df -i -h',
  'df -T',
  'df -P',
  'df -PT',
  'df -iP',
  'df -l',
  'df -a',
  'df -aT',
  'df -BM',
  'df -BMB',
  'df -BKiB',
  'df -BKB',
  'df -B1000',
  'df -B512',
  'df -B4K',
  'df -B1500',
  'df --block-size=human-readable',
  'df -hk',
  'df -kh',
  'df -t tmpfs',
  'df -t tmpfs -t proc',
  'df -x tmpfs -x ext4',
  'df --total',
  'df --total -h -t tmpfs',
  'df --total --output=target,size,ipcent -t tmpfs',
  'df --output',
  'df --output=source,target,file,pcent --output=iavail',
  'df a',
  'df a b/sub a/sub full/file',
  'df -i e%20f d',
  'df -h nowhere a',
  'df .. -t tmpfs',
  'df --total a b',
])('%s is what GNU df prints', line => {
  const [expected, actual] = [native(words(line)), ditty(words(line), ...inside())]
  expect(stillLines(actual.stdout)).toEqual(stillLines(expected.stdout))
  expect(actual.stderr).toBe(expected.stderr)
  expect(actual.status).toBe(expected.status)
})

test.each([
  'mount',
  'mount -t tmpfs',
  'mount -t tmpfs,proc',
  'mount -t notmpfs,proc',
  'findmnt',
  'findmnt -l',
  'findmnt --tree',
  'findmnt -r',
  'findmnt -P',
  'findmnt -n',
  'findmnt -v',
  'findmnt -t tmpfs',
  'findmnt -t ext4,tmpfs',
  'findmnt -t noproc,sysfs',
  'findmnt -o ID,PARENT,TARGET,PROPAGATION,OPT-FIELDS,MAJ:MIN',
  'findmnt -o +FSROOT,VFS-OPTIONS,FS-OPTIONS',
  'findmnt -r -o TARGET,MAJ:MIN,ID',
  'findmnt a',
  'findmnt srcA',
  'findmnt -S srcA',
  'findmnt -R srcA',
  'findmnt -O ro',
  'findmnt -O noro,size',
  'findmnt -O noexec',
  'findmnt -O +noexec',
  'findmnt -f -t tmpfs',
  'findmnt --real',
  'findmnt --pseudo',
  'findmnt nothing-here',
  'findmnt -D -t tmpfs',
  'findmnt -lo TARGET,SIZE,USED,AVAIL,USE%',
  'findmnt -b -lo SIZE,USED,TARGET -t tmpfs',
])('%s is what util-linux prints', line => {
  const full = words(line).map(word => (word === 'a' ? join(folder, 'a') : word))
  const [expected, actual] = [native(full), ditty(full, ...inside())]
  const sized = /SIZE|-D/.test(line)
  const lines = sized ? stillLines : (text: string) => text.split('\n')
  expect(lines(actual.stdout)).toEqual(lines(expected.stdout))
  expect(actual.status).toBe(expected.status)
})

/** Directories where a file system is mounted that never answers, or late. */
const mounted: SilentFuse[] = []
afterEach(async () => {
  for (const fuse of mounted.splice(0)) await fuse[Symbol.asyncDispose]()
})

async function silentMount(name: string, answerAfterMs?: number): Promise<string> {
  const mountPoint = join(folder, name)
  mkdirSync(mountPoint)
  mounted.push(await mountSilentFuse(mountPoint, answerAfterMs))
  return mountPoint
}

test('one that never answers is found to hang, what stands on it too, and the others have their numbers', async () => {
  const dead = await silentMount('dead')
  const { at, all, summary, outcome } = await runMounts(linux, { timeoutSeconds: 0.5 })
  expect(at(dead)).toMatchObject({
    fsType: 'fuse.silent',
    source: 'silent',
    kind: 'fuse',
    space: null,
    why: 'hung',
    hungMs: 500,
  })
  const { blocks, frsize } = statfsSync('/')
  expect(at('/')?.space).toMatchObject({ blocks, blockBytes: frsize })
  expect(all('finding').filter(({ finding }) => finding === 'hung')).toMatchObject([
    { mountPoint: dead, message: expect.stringMatching(/fuse\.silent from silent has not answered for 500 ms/) },
  ])
  expect(summary.hung).toBe(1)
  expect(outcome).toBe('negative')
})

test('many dead ones are looked at at once', async () => {
  const dead = await Promise.all(['one', 'two', 'three', 'four'].map(name => silentMount(`many-${name}`)))
  const { at, summary } = await runMounts(linux, { timeoutSeconds: 1.5 })
  expect(dead.map(path => at(path)?.hungMs)).toEqual([1500, 1500, 1500, 1500])
  expect(summary.hung).toBe(4)
})

test('one that answers late, but in time, is counted by its fragments', async () => {
  const late = await silentMount('late', 100)
  const { at } = await runMounts(linux, { paths: [late], timeoutSeconds: 20 })
  expect(at(late)).toMatchObject({
    why: null,
    space: {
      blocks: 1000,
      blockBytes: 1024,
      sizeBytes: 1_024_000,
      usedPercent: 74,
      inodes: 100,
      inodesUsedPercent: 60,
    },
  })
})

test('one whose server is gone is dead, and df says so and shows the rest', async () => {
  const gone = await silentMount('gone')
  const server = mounted[0]!.server
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
  const { at, all } = await runMounts(linux)
  expect(at(gone)).toMatchObject({ space: null, why: 'ENOTCONN', hungMs: null })
  expect(all('finding')).toContainEqual(expect.objectContaining({ finding: 'dead', mountPoint: gone }))
  const { stdout, stderr, status } = ditty(['df'])
  expect(stderr).toBe(`df: ${gone}: Socket is not connected\n`)
  expect(stdout).toMatch(/ \/\n/)
  expect(status).toBe(1)
})

test('words that look at space end in time beside a dead one, those that only list do not look', async () => {
  const dead = await silentMount('words')
  const df = ditty(['df', '--timeout', '0.3'])
  expect(df.stderr).toBe(`df: ${dead}: has not answered for 300 ms\n`)
  expect(df.stdout).toMatch(/ \/\n/)
  expect(df.status).toBe(1)
  expect(ditty(['df', '--timeout', '0.3', '/', join(dead, 'below')])).toMatchObject({
    status: 1,
    stderr: `df: ${dead}: has not answered for 300 ms\n`,
    stdout: expect.stringMatching(/ \/\n$/),
  })
  expect(ditty(['mount', '-t', 'fuse.silent'])).toMatchObject({
    stdout: `silent on ${dead} type fuse.silent (rw,relatime,user_id=0,group_id=0,allow_other)\n`,
    status: 0,
  })
  expect(ditty(['findmnt', '-no', 'SOURCE', '-M', dead])).toMatchObject({ stdout: 'silent\n', stderr: '', status: 0 })
  expect(ditty(['df', '-x', 'fuse.silent'])).toMatchObject({ stderr: '', status: 0 })
})

test('a path may lead over links to a dead one, and out of it no look hangs', async () => {
  const dead = await silentMount('linked')
  symlinkSync('linked/deeper', join(folder, 'link'))
  symlinkSync('link', join(folder, 'link-to-link'))
  symlinkSync('loop', join(folder, 'loop'))
  const paths = [join(folder, 'link-to-link/x'), join(folder, 'loop'), `${folder}/link/../..`, '/../..']
  const { all, summary, outcome } = await runMounts(linux, { paths, timeoutSeconds: 0.3 })
  const mount = all('mount').find(({ mountPoint }) => mountPoint === dead)
  const root = all('mount').find(({ mountPoint }) => mountPoint === '/')
  expect(all('path')).toMatchObject([
    { mountId: mount?.id, why: 'hung' },
    { mountId: null, why: 'ELOOP' },
    { mountId: mount?.id, why: 'hung' },
    { mountId: root?.id, why: null },
  ])
  expect(summary.missingPaths).toEqual([join(folder, 'loop')])
  expect(outcome).toBe('negative')
})

test("another container's mounts are looked at through its root, and its full ones found", async () => {
  const target = String(holder.pid)
  const { at, all, summary } = await runMounts(linux, { target })
  const full = join(folder, 'full')
  expect(at(full)).toMatchObject({
    path: `/proc/${target}/root${full}`,
    space: { sizeBytes: 1_048_576, usedPercent: 98 },
  })
  expect(at(join(folder, 'e f'))).toMatchObject({ source: 'sp ace', space: { inodes: 20, inodesUsed: 1 } })
  expect(at(join(folder, 'c/below'))).toMatchObject({ why: 'covered', space: null })
  expect(at(join(folder, 'tab\tnew\nline'))).toMatchObject({ source: 'newline' })
  expect(at(join(folder, 'a'))).toMatchObject({
    propagation: ['shared'],
    mountOptions: expect.arrayContaining(['noexec']),
  })
  expect(all('finding')).toContainEqual(expect.objectContaining({ finding: 'full', mountPoint: full }))
  expect(summary).toMatchObject({ pid: holder.pid, notes: [] })
  const { stdout } = ditty(['df', '--target', target, '--output=target,size', join(folder, 'a/sub/..')])
  expect(stdout.split('\n')[1]).toMatch(/\/a +10240$/)
})

test("where only the root is another container's, as in ditty enter, its mounts are listed all the same, and nothing hangs", async () => {
  const outside = ['nsenter', '-t', String(holder.pid), '-r', '--wd=/']
  const df = ditty(['df', '--output=source,target', '-t', 'tmpfs'], ...outside)
  expect(df).toMatchObject({ status: 0, stderr: '' })
  expect(df.stdout).toMatch(/^srcA +\/.*\/a$/m)
  expect(ditty(['findmnt', '-no', 'SOURCE', join(folder, 'e f')], ...outside)).toMatchObject({ stdout: 'sp ace\n' })
  expect(ditty(['df', '--output=source', join(folder, 'full/file')], ...outside).stdout).toBe('Filesystem\nnone\n')
})

test('where the kernel lists nothing, as below a root that is no mount, nothing is looked at that could hang', async () => {
  const dead = await silentMount('unlisted')
  const blind = { ...linux, read: () => Buffer.alloc(0), list: () => [] }
  const { all, summary } = await runMounts(blind, { paths: [dead], timeoutSeconds: 0.3 })
  expect(all('path')).toMatchObject([{ mountId: null, why: 'hung' }])
  expect(summary.mounts).toBe(0)
})

test('without the right to look into its root the mounts are listed, and how to be allowed is said', () => {
  const target = String(holder.pid)
  const { stdout, stderr, status } = ditty(
    ['findmnt', '--target', target, '-S', 'srcA', '-no', 'TARGET,SIZE'],
    ...asNobody,
  )
  expect(stdout).toContain(join(folder, 'a'))
  expect(stderr).toMatch(/space and inodes: process \d+ runs as UID 0.*SYS_PTRACE/)
  expect(status).toBe(0)
  const denied = ditty(['df', '--target', target, '/'], ...asNobody)
  expect(denied).toMatchObject({ status: 1, stderr: expect.stringMatching(/SYS_PTRACE/) })
})

test('ten thousand mounts, each on the one before, are listed in their order', () => {
  const script = `
    import koffi from 'koffi'
    const mount = koffi.load(null).func('int mount(const char *, const char *, const char *, unsigned long, const char *)')
    for (let at = 0; at < 10_000; at++) if (mount('t' + at, '/mnt', 'tmpfs', 0, 'size=64k')) throw new Error('mount')`
  const node = `${process.execPath} --input-type=module -e "$1"`
  const main = join(import.meta.dirname, '../../server/main.ts')
  const shell = `cd ${import.meta.dirname} && ${node} && for word in findmnt mount df; do ${process.execPath} ${main} $word -t tmpfs | grep -c ' /*t[0-9]\\|^t[0-9]'; done`
  const { stdout, stderr } = spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', shell, 'sh', script], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout).toBe('10000\n10000\n1\n')
})
