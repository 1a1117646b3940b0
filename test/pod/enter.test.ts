import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sitDown } from './person.ts'
import { inside, must, podman, restricted, startPod } from './podman.ts'
import { buildAll, httpd, idOf, kinds, type TargetKind, targets, treeOf } from './targets.ts'
import { toolboxIn, until, untilReady } from './toolbox.ts'

const id = `ditty-test-${randomBytes(4).toString('hex')}`
const ditty = `${id}-ditty`
let pod: Awaited<ReturnType<typeof startPod>>

const nameOf = (kind: TargetKind) => `${id}-${kinds.indexOf(kind)}`

beforeAll(async () => {
  await buildAll()
  pod = await startPod(id)
  for (const kind of kinds)
    await must('run', '--detach', '--pod', id, '--name', nameOf(kind), '--env', 'APP=你好', ...targets[kind])
  await must('run', '--detach', '--pod', id, '--name', ditty, '--user', '0', '--cap-add', 'SYS_PTRACE', 'ditty')
  await untilReady(ditty)
}, 600_000)
afterAll(() => pod[Symbol.asyncDispose]())

/** As ditty sees it. */
async function pidOf(args: string): Promise<string> {
  let found: string | undefined
  await until(ditty, async () => {
    const { stdout } = await inside(ditty, 'ps', '-eo', 'pid=,args=')
    found = stdout
      .split('\n')
      .map(line => line.trim().split(/ (.*)/))
      .find(([, words]) => words === args)?.[0]
    return found !== undefined
  })
  return found!
}

const enter = async (kind: TargetKind, ...words: string[]) =>
  inside(ditty, 'ditty', 'enter', '--target', await idOf(nameOf(kind)), ...words)

describe.each(kinds)('%s', kind => {
  test('is entered with all words at hand, and nothing in it is changed', async () => {
    const before = await treeOf(nameOf(kind))
    const root = await enter(kind, 'ls', '/')
    expect(root).toMatchObject({ status: 0, stderr: '' })
    expect(root.stdout.split('\n')).not.toContain('ditty')
    const script =
      'ps -p 1 -o args=; ping -c1 127.0.0.1 | grep -c "1 received"; ss -tln | grep -c 7681; echo 你好 | wc -m; tty || true'
    const stdout = '/sleep 1000000\n1\n1\n3\nnot a tty\n'
    expect(await enter(kind, 'bash', '-c', script)).toMatchObject({ status: 0, stdout })
    const target = await idOf(nameOf(kind))
    const answer = await toolboxIn(ditty).exec('ditty', 'enter', '--target', target, 'bash', '-c', script)
    expect(answer).toMatchObject({ exitCode: 0, stdout, stderr: '' })
    expect(await treeOf(nameOf(kind))).toBe(before)
  })

  test('gives its environment, directory and user when they are asked for', async () => {
    const script = 'echo $APP; pwd; id -u; id -g; grep ^Groups /proc/self/status'
    const theirs = await enter(kind, '-e', '-w', 'target', '-u', 'target', 'sh', '-c', script)
    const uid = kind.startsWith('another UID') ? '1000' : '0'
    expect(theirs.stdout.split('\n').slice(0, 4)).toEqual(['你好', '/', uid, uid])
    const ours = await enter(kind, '-w', '/proc', '-u', '1234:56', 'sh', '-c', script)
    expect(ours.stdout).toBe('\n/proc\n1234\n56\nGroups:\t \n')
  })

  test('a shell on a terminal has jobs, Ctrl-C and Chinese, and ends what was started in it', async () => {
    const person = await sitDown('exec', '-it', ditty, 'ditty', 'enter', '-t', await idOf(nameOf(kind)))
    await person.sees(/[#$] $/)
    person.types('sleep 77 & setsid sleep 78 & echo $((6*7)) 你好 $PWD\r')
    await person.sees(/\n\r?42 你好 \/\r\n/)
    const sleepers = async () => (await inside(ditty, 'ps', '-eo', 'args=')).stdout.match(/^sleep 7\d$/gm)?.sort() ?? []
    person.types('sleep 79\r')
    await expect.poll(sleepers).toEqual(['sleep 77', 'sleep 78', 'sleep 79'])
    person.types('\x03')
    await person.sees(/\[130 INT\]/)
    person.types('exit 7\r')
    await person.sees(/exit/)
    person.types('exit 7\r')
    expect(await person.left).toBe(7)
    expect(await sleepers()).toEqual([])
  })
})

test('a command ends with its own status, and one that is not there with 127', async () => {
  const kind = 'a scratch image on a read-only root'
  expect((await enter(kind, 'sh', '-c', 'exit 42')).status).toBe(42)
  expect((await enter(kind, 'sh', '-c', 'kill -9 $$')).status).toBe(137)
  const missing = await enter(kind, 'nosuch')
  expect([missing.status, missing.stderr]).toEqual([127, expect.stringContaining('nosuch: not found')])
  const nowhere = await enter(kind, '-w', '/nowhere', 'ls')
  expect([nowhere.status, nowhere.stderr]).toEqual([126, 'ditty enter: /nowhere: No such file or directory\n'])
})

test('Debian runs its own programs with its own libraries, under its own names', async () => {
  const kind = 'Debian, with programs and libraries of its own'
  expect((await enter(kind, 'cat', '/etc/os-release')).stdout).toMatch(/^PRETTY_NAME="Debian GNU\/Linux/)
  expect((await enter(kind, 'dpkg-query', '-s', 'bash')).stdout).toMatch(/^Status: install ok installed$/m)
  expect((await enter(kind, 'sh', '-c', 'readlink -f /proc/$$/exe')).stdout).toMatch(/dash$/m)
})

test('a package manager is the one of the container where it has one, and else ours', async () => {
  const debian = await enter('Debian, with programs and libraries of its own', 'dpkg', '--status', 'bash')
  expect(debian.stdout).toMatch(/^Status: install ok installed$/m)
  const scratch = await enter('a scratch image on a read-only root', 'dpkg', '--status', 'bash')
  expect(scratch).toMatchObject({ status: 2, stderr: expect.stringContaining('--status') })
})

test('what the kernel tells of mounts and open files is told of the container, under its own paths', async () => {
  const kind = 'Debian, with programs and libraries of its own'
  const rows = async (...words: string[]) => (await enter(kind, ...words)).stdout.trim().split('\n')
  const own = (await must('exec', nameOf(kind), 'df', '--output=fstype,target')).trim().split('\n').slice(1)
  expect((await rows('ditty', 'df', '--output=fstype,target')).slice(1).toSorted()).toEqual(own.toSorted())
  const held =
    'exec 9< /etc/debian_version; ditty lsof -p $$ -a -d 9 -Fn; ditty lsof -Fn /etc/debian_version 9<&-; free'
  const told = await rows('bash', '-c', held)
  expect(told.filter(row => row === 'n/etc/debian_version')).toHaveLength(2)
  expect(told.at(-1)).toMatch(/^Container:/)
})

test('busybox has its own words where ditty has none of that name, and musl runs its program by its own loader', async () => {
  const own = await enter('busybox', 'bash', '-c', 'type -P sed; type -P ps')
  expect(own.stdout).toBe('/bin/sed\n/proc/self/fd/200/ditty/bin/ps\n')
  const musl = 'musl, with a program of its own'
  expect(await enter(musl, '/bin/server', '你好')).toMatchObject({ status: 0, stdout: 'musl says 你好\n' })
  const between = '/bin/server one; ps -C server -o comm=; /bin/server two | cat'
  expect(await enter(musl, 'sh', '-c', between)).toMatchObject({ stdout: 'musl says one\nserver\nmusl says two\n' })
})

test('the API tells the status of what was entered, and an orphan does not outlive it', async () => {
  const target = await idOf(nameOf('busybox'))
  const script = 'setsid sleep 88 > /dev/null 2>&1 & exit 3'
  const { exec, run } = toolboxIn(ditty)
  expect(await exec('ditty', 'enter', '-t', target, 'sh', '-c', script)).toMatchObject({ exitCode: 3, stdout: '' })
  expect((await run('ps', '-eo', 'args=')).stdout).not.toMatch(/sleep 88$/m)
})

test.each([
  ['a terminal that is ended', 'DELETE'],
  ['a command whose time is up', 'exec'],
])('with %s all ends that was started in there', async (_what, way) => {
  const target = await idOf(nameOf('busybox'))
  const script = 'setsid sleep 601 > /dev/null 2>&1 & (trap "" HUP TERM; sleep 602 > /dev/null 2>&1) & sleep 603'
  const command = ['ditty', 'enter', '-t', target, 'bash', '-c', script]
  const { api, run } = toolboxIn(ditty)
  const sleepers = async () => (await run('ps', '-eo', 'args=')).stdout.match(/^sleep 60\d$/gm)?.sort() ?? []
  const all = ['sleep 601', 'sleep 602', 'sleep 603']
  if (way === 'exec') {
    const answering = api('POST', '/api/v1/exec', { command, timeoutSeconds: 8 })
    await expect.poll(sleepers).toEqual(all)
    expect((await answering).status).toBe(200)
  } else {
    const opened = await api('POST', '/api/v1/terminals', { cols: 80, rows: 24, command })
    await expect.poll(sleepers).toEqual(all)
    const { status } = await api('DELETE', `/api/v1/terminals/${JSON.parse(opened.text).id}`)
    expect(status).toBeLessThan(300)
  }
  await expect.poll(sleepers).toEqual([])
})

test('Ctrl-Z gives the terminal back to the shell that entered, and fg goes on', async () => {
  const person = await sitDown('exec', '-it', ditty, 'bash', '--norc')
  await person.sees(/# $/)
  person.types(`ditty enter -t ${await idOf(nameOf('busybox'))} bash -c 'echo $((6*7)) in; exec cat'\r`)
  await person.sees(/42 in\r\n$/)
  person.types('one\r')
  await person.sees(/one\r\none\r\n$/)
  person.types('\x1a')
  await person.sees(/Stopped.*# $/s)
  person.types('fg\r')
  await person.sees(/fg\r\n\r?ditty enter [^#]*cat'\r\n$/)
  person.types('two\n')
  await person.sees(/two\r\ntwo\r\n$/)
  person.types('\x04')
  await person.sees(/# $/)
  person.types('exit\r')
  expect(await person.left).toBe(0)
})

test('a directory that was removed is stood in like any other', async () => {
  const name = nameOf('busybox')
  const script = 'mkdir /gone; cd /gone; rmdir /gone; exec sleep 4321'
  await must('exec', '--detach', name, '/bin/sh', '-c', script)
  const pid = await pidOf('sleep 4321')
  const { status, stdout } = await inside(
    ditty,
    'ditty',
    'enter',
    '-t',
    pid,
    '-w',
    'target',
    'readlink',
    '/proc/self/cwd',
  )
  expect([status, stdout]).toEqual([0, '/gone (deleted)\n'])
})

test('a process in a smaller root without /proc is told apart from one that may not be entered', async () => {
  const name = nameOf('busybox')
  const script = 'mkdir -p /jail/bin; cp /bin/busybox /jail/bin; exec chroot /jail /bin/busybox sleep 5432'
  await must('exec', '--detach', name, '/bin/sh', '-c', script)
  const { status, stdout, stderr } = await inside(
    ditty,
    'ditty',
    'enter',
    '-t',
    await pidOf('/bin/busybox sleep 5432'),
    'ls',
  )
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/the root of process \d+ has no \/proc.*\n.*name another one of the container/)
})

test('a pid that is used again is not entered', async () => {
  const pid = await pidOf('/bin/sleep 1000000')
  const fields = (await inside(ditty, 'cat', `/proc/${pid}/stat`)).stdout.split(') ').pop()!.split(' ')
  const start = Number(fields[19])
  expect(await inside(ditty, '/ditty/enter', '--check', `${pid}:${start}`)).toMatchObject({ status: 0, stderr: '' })
  const later = await inside(ditty, '/ditty/enter', '--check', `${pid}:${start + 1}`)
  expect(later).toMatchObject({ status: 126, stderr: 'open ESRCH\n' })
})

describe('as UID 1000 without capabilities', () => {
  const flags = restricted.map(word => (word === '65532' ? '1000:1000' : word))
  const alone = (security: string[], ...words: string[]) =>
    podman('run', '--rm', '--pod', id, ...flags, ...security, 'ditty', 'enter', ...words)
  const same = () => idOf(nameOf('another UID without capabilities'))

  test("a target of the same UID is entered in a user namespace, where the node's seccomp allows one", async () => {
    const { status, stdout } = await alone(
      ['--security-opt', 'seccomp=unconfined'],
      '-t',
      await same(),
      'sh',
      '-c',
      'id -u; ls /httpd',
    )
    expect([status, stdout]).toEqual([0, '1000\n/httpd\n'])
  })

  test('its user is taken where that is who we are, groups included, and refused where it is not', async () => {
    const groups = ['--group-add', '2000', '--security-opt', 'seccomp=unconfined']
    const grouped = ['--user', '1000:1000', '--group-add', '2000', '--cap-drop', 'ALL', ...httpd(9004)]
    await must('run', '--detach', '--pod', id, '--name', `${id}-grouped`, ...grouped)
    const as = (...words: string[]) => alone(groups, '-t', ...words, 'id', '-u')
    const target = await idOf(`${id}-grouped`)
    expect(await as(target, '-u', 'target')).toMatchObject({ status: 0, stdout: '1000\n', stderr: '' })
    expect(await as(target, '-u', '1000:5')).toMatchObject({ status: 126, stdout: '' })
  })

  test('where it allows none a command is refused with the reason, and a shell stands beside', async () => {
    const command = await alone([], '-t', await same(), 'ls', '/')
    expect(command.status).toBe(2)
    expect(command.stderr).toMatch(/chroot is not permitted \(EPERM\).*CAP_SYS_CHROOT/)
    expect(command.stderr).toMatch(/--profile=general.*seccompProfile/)
    const person = await sitDown('run', '--rm', '-it', '--pod', id, ...flags, 'ditty', 'enter', '-t', await same())
    await person.sees(/stands in \/proc\/\d+\/root.*\$ $/s)
    person.types('pwd; ls; exit\r')
    await person.sees(/\n\r?\/proc\/\d+\/root\r\n.*httpd/s)
    expect(await person.left).toBe(0)
  })

  test("a root's target is refused with the UIDs and what would grant it", async () => {
    const { status, stderr } = await alone([], '-t', await idOf(nameOf('a scratch image that can be written')), 'ls')
    expect(status).toBe(2)
    expect(stderr).toMatch(/runs as UID 0, ditty as UID 1000 without CAP_SYS_PTRACE\n.*--profile=general/)
  })
})

test('the same UID with another GID is refused with both GIDs', async () => {
  const same = await idOf(nameOf('another UID without capabilities'))
  const flags = restricted.map(word => (word === '65532' ? '1000:5' : word))
  const { status, stderr } = await podman('run', '--rm', '--pod', id, ...flags, 'ditty', 'enter', '-t', same, 'ls')
  expect(status).toBe(2)
  expect(stderr).toMatch(/runs with GID 1000, ditty with GID 5 .*runAsGroup: 1000/s)
})

test('several containers must be told apart, and the refusal names them', async () => {
  const { status, stderr } = await inside(ditty, 'ditty', 'enter', '--target', 'nginx', 'ls')
  expect(status).toBe(2)
  expect(stderr).toContain((await idOf(nameOf('a scratch image that can be written'))).slice(0, 12))
})

describe('from the node, whose pid namespace is not that of the target', () => {
  const [target, node] = [`${id}-apart`, `${id}-node`]
  beforeAll(async () => {
    await must('run', '--detach', '--network', 'none', '--name', target, 'localhost/ditty-test-busybox')
    const flags = ['--network', 'none', '--pid', 'host', '--privileged', '--user', '0']
    await must('run', '--detach', ...flags, '--name', node, 'ditty')
  })
  afterAll(() => podman('rm', '--force', '--time', '0', target, node))

  const enterFromNode = async (...words: string[]) => inside(node, 'ditty', 'enter', '-t', await idOf(target), ...words)

  test('the processes in there are those of its own /proc, and what was started ends', async () => {
    const script = 'setsid sleep 701 > /dev/null 2>&1 & (sleep 702 > /dev/null 2>&1 &); ps -p 1 -o args=; exit 5'
    expect(await enterFromNode('bash', '-c', script)).toMatchObject({ status: 5, stdout: '/bin/sleep 1000000\n' })
    expect((await inside(node, 'ps', '-eo', 'args=')).stdout).not.toMatch(/^sleep 70\d$/m)
  })

  test('a shell on a terminal has jobs, Ctrl-C and Ctrl-Z', async () => {
    const person = await sitDown('exec', '-it', node, 'bash', '--norc')
    await person.sees(/# $/)
    person.types(`ditty enter -t ${await idOf(target)} bash -c 'echo $((6*7)) in; exec cat'\r`)
    await person.sees(/42 in\r\n$/)
    person.types('\x1a')
    await person.sees(/Stopped.*# $/s)
    person.types('fg\r')
    await person.sees(/fg\r\n\r?ditty enter [^#]*cat'\r\n$/)
    person.types('two\n')
    await person.sees(/two\r\ntwo\r\n$/)
    person.types('\x03')
    await person.sees(/# $/)
    person.types(`ditty enter -t ${await idOf(target)}\r`)
    await person.sees(/\/[^/]*[#$] $/)
    person.types('sleep 703 & setsid sleep 704 & jobs; echo $((6*8))\r')
    await person.sees(/Running.*\n48\r\n/s)
    person.types('exit 7\r')
    await person.sees(/exit[^#]*# $/)
    person.types('echo $?; exit\r')
    await person.sees(/\n\r?7\r\n/)
    await person.left
    expect((await inside(node, 'ps', '-eo', 'args=')).stdout).not.toMatch(/^sleep 70\d$/m)
  })
})
