import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asNobody, childrenOf, ditty, endAll, exitOf, isAlive, mark, native, start } from './own-processes.ts'

/** The beginning of the command names of our own processes: at most 15 bytes, and nobody else's. */
const own = `ds${process.pid}`
const directory = mkdtempSync(join(tmpdir(), own))
const longName = `${own}-is-a-long-name`

const named = (name: string, ...around: string[]) =>
  start(`printf '%s' '${name}' >/proc/$$/comm; echo ready; while :; do sleep 300; done`, ...around)

/** What the flags below choose among. */
const pids: Record<string, number> = {}
let terminal = ''

beforeAll(async () => {
  pids.first = await named(`${own}a`)
  pids.second = await named(`${own}b`)
  pids.spaced = await named(`${own} (c) d`)
  pids.other = await named(`${own}u`, ...asNobody)
  copyFileSync('/bin/sleep', join(directory, longName))
  pids.long = await start(`echo ready; exec ${join(directory, longName)} 300`)
  pids.sibling = await start(`echo ready; exec -a ${own}-is-a-longer-one ${join(directory, longName)} 300`)
  pids.ignoring = await start(`trap '' HUP TERM; echo ready; exec sleep 300`)
  pids.zombie = await start('sleep 0.1 & echo ready; exec sleep 300')
  pids.onTerminal = await start(
    `exec script -qc "printf ${own}t >/proc/\\$\\$/comm; echo ready; sleep 300; :" /dev/null`,
  )
  const [shell = 0] = childrenOf(pids.onTerminal)
  terminal = native(['ps', '-o', 'tty=', '-p', String(shell)]).stdout.trim()
})

afterAll(async () => {
  await endAll()
  rmSync(directory, { recursive: true })
})

/** `{first}` is the pid of that process. */
const filled = (line: string) =>
  line
    .replaceAll('UPPER', own.toUpperCase())
    .replaceAll('OWN', own)
    .replaceAll('MARK', mark)
    .replaceAll('TERMINAL', terminal)
    .replaceAll('LONG', longName)
    .replace(/\{(\w+)\}/g, (_, name: string) => String(pids[name]))

const wordsOf = (line: string) => line.split(' ').filter(Boolean).map(filled)

/** What both print, and how they end; a reason after the C tool's own words is ours alone. */
function compare(command: string, line: string, ...around: string[]) {
  const path = command === 'kill' ? '/bin/kill' : command
  const theirs = native([...around, path, ...wordsOf(line)])
  const ours = ditty([command, ...wordsOf(line)], ...around)
  expect({ stdout: ours.stdout, status: ours.status }, ours.stderr).toEqual({
    stdout: theirs.stdout,
    status: theirs.status,
  })
  return { ours: ours.stderr.split('\n'), theirs: theirs.stderr.replaceAll('/bin/kill', 'kill').split('\n') }
}

test.each([
  'OWN',
  '-l OWN',
  '-a OWN',
  '-la OWN',
  '-al OWN',
  '-c OWN',
  '-d, OWN',
  '-x OWNa',
  '-x OWN[ab]',
  'OWN[[:alpha:]]$',
  '^OWN(a|b)$',
  '-i ds[0-9]+A$',
  'ds[0-9]+A$',
  '-f MARK',
  '-fc MARK',
  '-fx sleep.300 -P {first},{second}',
  '-f LONG',
  '-a LONG',
  'LONG',
  '-n OWN',
  '-o OWN',
  '-u 65532 OWN',
  '-u root,65532 OWN',
  '-U 65532 OWN',
  '-G 65532 OWN',
  '-g {first}',
  '-g {first},{second} -l',
  '-s {first}',
  '-P {first}',
  '-t TERMINAL',
  '-al -P {zombie}',
  '-af -P {zombie} sleep',
  '-x kthreadd -l',
  '-x kthreadd -a',
  '-fx \\[kthreadd\\] -l',
  '-fx kthreadd -l',
  'no-such-name',
  '-x no-such-name-which-is-longer-than-fifteen',
  '-u no-such-user OWN',
  '-G no-such-group OWN',
  '-P nonsense',
  '-v -n OWN',
  '[',
  'a b',
  '',
  '--no-such-flag OWN',
])('pgrep %s: as procps, with its status', line => void compare('pgrep', line))

test('pgrep -v: all the others', () => {
  const listed = native(['pgrep', '-v', `${own}a`]).stdout.split('\n')
  const ours = ditty(['pgrep', '-v', `${own}a`])
  const own2 = Object.values(pids).map(String)
  const among = (lines: string[]) => lines.filter(line => own2.includes(line))
  expect(among(ours.stdout.split('\n'))).toEqual(among(listed))
  expect(among(listed)).toHaveLength(own2.length - 1)
})

test.each([
  '-0 -e -x OWNa',
  '-0 -e OWN',
  '-0 -c OWN',
  '-0 -ec OWN',
  '-SIGCONT -e -x OWN[ab]',
  '-cont -x OWNa',
  '-18 -x OWNb',
  '--signal CONT -x OWNb',
  '-CONT -u 65532 -e OWN',
  '-0 no-such-name',
  '-0 -c no-such-name',
  '-0 a b',
  '-0',
  '-0 [',
])('pkill %s: as procps, with its status', line => void compare('pkill', line))

test.each([
  '-0 -v OWNa',
  '-0 -v OWNa OWNb',
  '-0 -v OWNa no-such-name',
  '-0 -q no-such-name',
  '-0 no-such-name',
  '-0 -v -r ^OWN[ab]$',
  '-0 -v -r no-such-name',
  '-0 -v -I UPPERa',
  '-0 -v LONG',
  '-0 -v LONG-and-more',
  '-0 -v -e LONG',
  '-0 -g -v OWNa',
  '-s CONT -v OWNa',
  '-SIGCONT -v OWNa',
  '-18 -v OWNa',
  '-CONT -v -u root OWNa',
  '-CONT -v -u nobody OWNa',
  '-w -0 no-such-name',
  '-l',
])('killall %s: as psmisc, with its status', line => {
  const { ours, theirs } = compare('killall', line)
  const said = theirs.filter(text => !text.startsWith('killall: skipping partial match'))
  expect(ours.toSorted()).toEqual(said.toSorted())
})

test.each([
  '-l',
  '-L',
  '-l 9',
  '-l HUP',
  '-l SIGHUP',
  '-0 {first}',
  '-CONT {first} {second}',
  '-s CONT {first}',
  '-s SIGCONT {first}',
  '-18 {first}',
  '-0 2147483647',
  '-0 {first} 2147483647',
  '-0 2147483647 2147483646',
  '-0 -- -{first}',
  '-0 -- -2147483646',
  'nonsense',
  '-s NONSENSE {first}',
  '-NONSENSE {first}',
  '',
])('kill %s: as procps, with its status', line => {
  const { ours, theirs } = compare('kill', line)
  const said = theirs.filter(text => text.includes('No such process'))
  expect(ours.filter(text => text.includes('No such process'))).toEqual(said)
})

test('kill takes a group behind a signal without --, of which procps reads the first digit alone', async () => {
  const group = await start('echo ready; sleep 300; :')
  expect(ditty(['kill', '-TERM', `-${group}`])).toMatchObject({ status: 0, stdout: '', stderr: '' })
  await exitOf(group)
})

test('names of signals as the shell lists them', () => {
  for (const word of ['34', '37', '50', '64', '137', '143']) {
    const shell = native(['bash', '--norc', '-c', `kill -l ${word}`]).stdout
    expect(ditty(['kill', '-l', word]).stdout).toBe(shell)
  }
  expect(ditty(['kill', '-l', '9', 'HUP', 'RTMIN+1'])).toMatchObject({ stdout: 'KILL\n1\n35\n', status: 0 })
})

test.each([
  ['kill', '{first}'],
  ['kill', '-0 {first} {other}'],
  ['pkill', '-x OWNa'],
  ['pkill', '-CONT -x OWN[au] -e'],
  ['killall', 'OWNa'],
  ['killall', '-v -CONT OWNa OWNu'],
])('as another user, %s %s fails in the same words, with the reason behind them', (command, line) => {
  const { ours, theirs } = compare(command, line, ...asNobody)
  expect(theirs.join()).toContain('Operation not permitted')
  for (const [at, text] of theirs.toSorted().entries())
    expect(ours.toSorted()[at]).toMatch(new RegExp(`^${escaped(text)}`))
  expect(ours.join()).toContain('runs as UID 0, ditty as UID 65532 without CAP_KILL')
  expect(isAlive(pids.first!)).toBe(true)
})

const escaped = (text: string) => text.replace(/[()[\]{}.*+?^$|\\]/g, '\\$&')

test('the words end what they name: kill, pkill, killall -w', async () => {
  const [one, two, three] = [await named(`${own}x`), await named(`${own}y`), await named(`${own}z`)]
  expect(ditty(['kill', String(one)])).toMatchObject({ status: 0, stdout: '', stderr: '' })
  expect(ditty(['pkill', '-x', `${own}y`])).toMatchObject({ status: 0, stdout: '', stderr: '' })
  expect(ditty(['killall', '-9', `${own}z`])).toMatchObject({ status: 0, stdout: '', stderr: '' })
  await Promise.all([one, two, three].map(exitOf))
})

test('killall -w waits until the last has ended', async () => {
  const slow = await start(
    `printf ${own}w >/proc/$$/comm; (trap 'sleep 0.5; exit' TERM; printf ${own}v >/proc/$BASHPID/comm; echo ready; while :; do sleep 0.05; done) & wait`,
  )
  const [child] = childrenOf(slow)
  expect(ditty(['killall', '-w', `${own}v`])).toMatchObject({ status: 0, stderr: '' })
  expect(isAlive(child!)).toBe(false)
})

test('what the C tools keep silent about: a zombie, and neither 0 nor -1 is taken', () => {
  const [zombie] = childrenOf(pids.zombie!)
  expect(ditty(['kill', String(zombie)])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('has not reaped it'),
  })
  expect(ditty(['kill', '-CONT', '--', '-1'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('every process'),
  })
  expect(ditty(['kill', '-CONT', '0'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('own process group'),
  })
})

test.each([
  ['kill', '-HPU 1', "there is no signal 'HPU'; did you mean HUP?"],
  ['kill', '-99 1', "there is no signal '99'"],
  ['kill', '-s SIGTREM 1', 'did you mean TERM?'],
  ['pkill', '-SIGTREM x', 'did you mean TERM?'],
  ['pkill', '-USR3 x', 'no user SR3'],
  ['killall', '-i x', 'killall has no flag -i'],
  ['killall', '/bin/sleep', 'not a path: /bin/sleep'],
  ['pgrep', '-w x', 'pgrep has no flag -w'],
])('%s %s says what is wrong', (command, line, message) => {
  const { status, stdout, stderr } = ditty([command, ...line.split(' ')])
  expect({ status, stdout }).toEqual({ status: command === 'pgrep' || command === 'pkill' ? 2 : 1, stdout: '' })
  expect(stderr).toContain(message)
})
