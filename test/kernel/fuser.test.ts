import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asNobody, ditty, dittyWords, endAll, native, start, startProgram } from './own-processes.ts'

let folder = ''
let mountPoint = ''
let holder: { pid: number; tcpPort: number; tcp6Port: number; udpPort: number; clientPort: number; socketPath: string }

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ditty-fuser-')))
  mountPoint = join(folder, 'mount')
  mkdirSync(mountPoint)
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mountPoint])
  for (const name of ['plain', 'unused', 'read-only', 'a name that is longer than its column'])
    writeFileSync(join(folder, name), 'x')
  const { lines } = await startProgram([process.execPath, join(import.meta.dirname, 'open-files/holder.ts'), folder])
  holder = JSON.parse(lines[0]!)
  await start(
    `cd ${folder}; exec 3<>plain 4<read-only 5>'a name that is longer than its column'; echo ready; wait; sleep 1000`,
  )
  await start(`cd ${mountPoint}; exec 3>inside; echo ready; sleep 1000`)
})

afterAll(async () => {
  await endAll()
  execFileSync('umount', [mountPoint])
  rmSync(folder, { recursive: true })
})

/** Processes that may not be looked into are told by each in its own words. */
const told = ({ stdout, stderr, status }: ReturnType<typeof native>) => ({
  stdout,
  status,
  stderr: stderr
    .split('\n')
    .filter(line => !/^Cannot stat file \/proc\/|^fuser: open files of /.test(line))
    .join('\n'),
})

test.each([
  ['FOLDER/plain'],
  ['FOLDER'],
  ['FOLDER/plain', 'FOLDER/read-only', 'FOLDER/unused'],
  ['-v', 'FOLDER/plain'],
  ['-v', 'FOLDER/read-only', 'FOLDER'],
  ['-v', 'FOLDER/a name that is longer than its column', 'FOLDER/plain'],
  ['-u', 'FOLDER/plain'],
  ['-vu', 'FOLDER/plain'],
  ['-a', 'FOLDER/plain', 'FOLDER/unused'],
  ['-av', 'FOLDER/unused', 'FOLDER/plain'],
  ['-s', 'FOLDER/plain'],
  ['-m', 'FOLDER/mount'],
  ['-vm', 'FOLDER/mount'],
  ['-vm', 'FOLDER/mount/inside'],
  ['-v', 'FOLDER/mount'],
  ['FOLDER/mount'],
  ['FOLDER/unused'],
  ['-v', 'FOLDER/unused'],
  ['FOLDER/missing', 'FOLDER/plain'],
  ['FOLDER/missing'],
  ['TCP/tcp'],
  ['-v', 'TCP/tcp', 'UDP/udp'],
  ['-n', 'tcp', 'TCP'],
  ['-n', 'udp', 'TCP'],
  ['-4', 'TCP/tcp', 'TCP6/tcp'],
  ['-6', 'TCP/tcp', 'TCP6/tcp'],
  ['TCP,127.0.0.1,CLIENT/tcp'],
  ['-n', 'file', 'FOLDER/plain'],
])('fuser %s %s %s says what fuser says', (...words) => {
  const facts: Record<string, unknown> = {
    FOLDER: folder,
    TCP: holder.tcpPort,
    TCP6: holder.tcp6Port,
    UDP: holder.udpPort,
    CLIENT: holder.clientPort,
  }
  const real = words.map(word => word.replace(/FOLDER|TCP6|TCP|UDP|CLIENT/g, name => String(facts[name])))
  expect(told(ditty(['fuser', ...real]))).toEqual(told(native(['fuser', ...real])))
})

/**
 * Runs a script where it sees no process but its own, so that nobody else could ever be signalled. It may say `ditty` and `fuser`,
 * and `use FILE MODE NAME` to start a process that has the file open and its pid in $NAME.
 */
function alone(script: string) {
  const [node = '', main = ''] = dittyWords([])
  const prelude = `
    cd ${folder}
    ditty() { ${node} ${main} ditty "$@"; }
    fuser() { ${node} ${main} fuser "$@"; }
    use() { bash --norc -c "exec 3$2$1; echo > up; exec sleep 1000" & eval $3=$!; read -r _ < up; }
    alive() { kill -0 $1 2>/dev/null && echo alive || echo gone; }
    rm -f up; mkfifo up; echo x > held`
  return native([
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'bash',
    '--norc',
    '-c',
    `${prelude}\n${script}`,
  ])
}

test('-k sends a signal to those who use it, and to nobody else', () => {
  const { stdout } = alone(`
    use held '<' reader; use held '>>' writer; use plain '<>' bystander
    fuser held >/dev/null 2>&1; echo listed $?
    fuser -k -w -TERM held >/dev/null 2>&1; wait $writer; echo writer $?
    echo reader $(alive $reader) bystander $(alive $bystander)
    fuser -sk held; wait $reader; echo reader $?
    fuser -sk held; echo nobody $?; echo bystander $(alive $bystander)`)
  expect(stdout.split('\n').slice(0, -1)).toEqual([
    'listed 0',
    'writer 143',
    'reader alive bystander alive',
    'reader 137',
    'nobody 1',
    'bystander alive',
  ])
})

test('what comes of a signal is told by ditty openfiles', () => {
  const { stdout } = alone(`use held '<' user; ditty openfiles --kill TERM --json held; echo $?; echo $user`)
  const [file, sent, result, summary, status, pid] = stdout.split('\n').map(line => JSON.parse(line || 'null'))
  expect([file, sent]).toMatchObject([
    { type: 'file', pid, fd: 3, asked: ['held'] },
    { type: 'sent', pid },
  ])
  expect(result).toMatchObject({ type: 'result', pid, outcome: expect.stringMatching(/^(exited|zombie)$/) })
  expect(summary.signalled).toEqual({ signal: 'SIGTERM', sent: 1, denied: 0, ineffective: 0 })
  expect(status).toBe(0)
})

test('a signal goes only to those who are named', () => {
  const answers = alone(`
    use held '<' user
    ditty openfiles --kill TERM; echo $?
    ditty openfiles --kill TERM --writing; echo $?
    ditty openfiles --kill TERM --any held; echo $?
    ditty openfiles --kill TERM nothing >/dev/null; echo $?
    alive $user`)
  expect(answers.stdout.split('\n').slice(0, -1)).toEqual(['2', '2', '2', '1', 'alive'])
  expect(answers.stderr).toContain('give one of paths')
})

test('as UID 65532, what may not be looked into is not signalled', () => {
  const { stdout, stderr } = alone(`
    use held '<' user
    chmod 711 .; ${asNobody.join(' ')} ${dittyWords(['fuser']).join(' ')} -k -TERM ${join(folder, 'held')}; echo $?
    alive $user`)
  expect(stdout).toBe('1\nalive\n')
  expect(stderr).toContain('may not be read')
})

test('what is not understood is refused before anything is sent', () => {
  for (const words of [['-FOO', folder], ['-n', 'sctp', '80'], ['-z', folder], ['-v'], ['0/tcp'], ['-i', folder]]) {
    const { status, stderr, stdout } = ditty(['fuser', ...words])
    expect(status, words.join(' ')).toBe(1)
    expect(stdout, words.join(' ')).toBe('')
    expect(stderr, words.join(' ')).toMatch(/^fuser: /)
  }
})
