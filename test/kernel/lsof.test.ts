import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ditty, endAll, native, start, startProgram } from './own-processes.ts'

interface Facts {
  pid: number
  tcpPort: number
  tcp6Port: number
  clientPort: number
  udpPort: number
  gone: number
  socketPath: string
}

let folder = ''
let mountPoint = ''
let holder: Facts
/** A shell with files, locks, a FIFO, pipes and devices. */
let shell = 0
let locker = 0

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ditty-lsof-')))
  mountPoint = join(folder, 'mount')
  mkdirSync(mountPoint)
  mkdirSync(join(folder, 'deep/er'), { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mountPoint])
  writeFileSync(join(folder, 'plain'), 'hello')
  writeFileSync(join(folder, 'deep/er/leaf'), 'leaf')
  const { lines } = await startProgram([process.execPath, join(import.meta.dirname, 'open-files/holder.ts'), folder])
  holder = JSON.parse(lines[0]!)
  shell = await start(`
    cd ${folder}
    mkfifo fifo; exec 3<>fifo 4<plain 5>>plain 6<>/dev/null 7<deep/er/leaf 11>big
    exec 12>${mountPoint}/inside 13<> >(sleep 1000)
    truncate -s 12G big
    printf x >&5
    echo -e '\\xff\\xfe' >&5
    exec 14>$'bad\\xff\\xfe'
    echo ready; wait`)
  locker = await start(`cd ${folder}; echo ready; exec flock --no-fork locked sleep 1000`)
})

afterAll(async () => {
  await endAll()
  execFileSync('umount', [mountPoint])
  rmSync(folder, { recursive: true })
})

/** Without where a unix socket stands in the kernel, and flags of sockets, which ditty does not tell. */
const comparable = (text: string) =>
  text
    .replace(/0x[0-9a-f]{16}/g, '0x0000000000000000')
    .replace(/(\bt(?:IPv[46]|unix)[\n\0])G0x[0-9a-f]+;0x0[\n\0]/g, '$1')

const both = (words: string[]) => {
  const [expected, actual] = [native(['lsof', '-w', ...words]), ditty(['lsof', '-w', ...words])]
  return { expected: { ...expected, stdout: comparable(expected.stdout) }, actual }
}

test.each([
  ['-nP', '-p'],
  ['-nP', '-o', '-p'],
  ['-nP', '-s', '-p'],
  ['-nP', '+L', '-p'],
  ['-nPRgl', '-p'],
  ['-nP', '-Tqs', '-p'],
  ['-nP', '-T', '-p'],
  ['-nP', '+c0', '-p'],
  ['-nP', '-F', '-p'],
  ['-nP', '-F0', '-p'],
  ['-nP', '-Fpcfn', '-p'],
  ['-nP', '-FptsiDrk', '-p'],
  ['-nP', '-t', '-p'],
  ['-nP', '-a', '-i', '-p'],
  ['-nP', '-a', '-i4', '-p'],
  ['-nP', '-a', '-i', '6tcp', '-p'],
  ['-nPa', '-iUDP', '-p'],
  ['-nPa', '-iTCP', '-sTCP:LISTEN', '-p'],
  ['-nPa', '-i@127.0.0.1', '-p'],
  ['-nPa', '-U', '-p'],
  ['-nPa', '-d', '0-2,cwd', '-p'],
  ['-nPa', '-d', '^mem', '-p'],
  ['-nPa', '+L1', '-p'],
  ['-nPa', '-u', 'root', '-p'],
  ['-nPa', '-u', '^root', '-p'],
])('lsof %s %s %s prints what lsof prints, to the letter', (...words) => {
  const { expected, actual } = both([...words, `${holder.pid},${shell},${locker}`])
  expect(actual.stdout).toBe(expected.stdout)
  expect(actual.status).toBe(expected.status)
})

/** Under +d and +D ditty lists these as well: it goes by the names of open files, lsof by those in the directory. */
const isDeleted = (line: string) => line.endsWith(' (deleted)')

test('whoever has a file, a directory, a socket, a port or a mount is found as by lsof', () => {
  const searches = [
    [join(folder, 'plain')],
    [folder],
    [join(folder, 'fifo'), join(folder, 'deep/er/leaf')],
    ['+d', folder],
    ['+D', join(folder, 'deep')],
    [mountPoint],
    ['-f', '--', mountPoint],
    [holder.socketPath],
    [`-i:${holder.tcpPort}`],
    ['-i', `tcp:${holder.clientPort}`],
    ['-i', `udp@127.0.0.1:${holder.udpPort}`],
    ['-i', `6:${holder.tcp6Port}`],
    ['-g', String(shell)],
  ]
  for (const words of searches) {
    const { expected, actual } = both(['-nP', ...words])
    const rows = (stdout: string) =>
      stdout.split('\n').flatMap(line => (isDeleted(line) ? [] : [line.trim().split(/\s+/)]))
    expect(rows(actual.stdout), words.join(' ')).toEqual(rows(expected.stdout))
    // With +d and +D lsof complains of every file in the directory that nobody has open.
    if (!words[0]!.startsWith('+')) expect(actual.status, words.join(' ')).toBe(expected.status)
  }
})

test('the flags of an open file, and names of ports, are those of lsof', () => {
  const { expected, actual } = both(['-n', '-a', '-FfG', '-d', '3-14', '-p', String(shell)])
  expect(actual.stdout).toBe(expected.stdout)
  expect(actual.stdout).toMatch(/^f5\nG0x8401;0x0$/m)
})

test('what is not there or not understood ends with status 1 and says so', () => {
  for (const words of [
    ['-p', '4194305'],
    [join(folder, 'missing')],
    [join(folder, 'missing/deeper')],
    ['-i', ':1'],
    ['-c', 'no-such-command'],
    ['-u', 'no-such-user'],
    ['-i', 'sctp'],
    ['-s', 'TCP:NOWHERE'],
  ]) {
    const { expected, actual } = both(words)
    expect(actual.stdout, words.join(' ')).toBe('')
    expect(actual.status, words.join(' ')).toBe(1)
    expect(expected.status, words.join(' ')).toBe(1)
  }
  expect(ditty(['lsof', '-Q', '-p', '4194305']).status).toBe(0)
  expect(ditty(['lsof', join(folder, 'missing')]).stderr).toContain('No such file or directory')
  expect(ditty(['lsof', '-V', '-p', '4194305']).stderr).toContain('4194305: no such process')
  expect(ditty(['lsof', '+m']).stderr).toContain('lsof has no flag +m')
  expect(ditty(['lsof', '+D']).stderr).toContain('+D needs a value after it')
})
