import { expect, test } from 'vitest'
import { limits } from '../../../server/tools/limits/tool.ts'
import { prettyTime } from '../../../server/tools/limits/uptime-text.ts'
import { fixtureLinux } from '../../fixture-linux.ts'
import { printLimits } from './print-limits.ts'

const print = (fixture: string, line: string) => printLimits(fixtureLinux(fixture), line)

test('free: the container stands below the node in the same columns', async () => {
  expect(await print('cgroup/v2', 'free')).toEqual({
    stdout: `\
               total        used        free      shared  buff/cache   available
Mem:        24684084      714776    23766792        9680      443344    23969308
Swap:              0           0           0
Container:     65536       38912       14336        1024       16384       26624
`,
    stderr: '',
  })
})

test('free -hw: buffers of a container are not known, a container without a limit has the word max', async () => {
  const { stdout } = await print('cgroup/v2', 'free -hw --target dbg')
  expect(stdout.split('\n')[3]).toBe(
    'Container:       max       8.0Mi           -       1.0Mi           -        16Mi           -',
  )
})

test('free -b: a long number pushes the next columns on and runs into nothing', async () => {
  const { stdout } = await print('cgroup/v2', 'free -b')
  expect(stdout.split('\n')[3]).toBe('Container:  67108864    39845888    14680064     1048576    16777216    27262976')
})

test('free: what the kernel does not tell is a dash; where there is no cgroup to be seen, standard error says why', async () => {
  const odd = await print('cgroup/odd', 'free')
  expect(odd.stdout.split('\n')[3]).toBe(
    'Container:         -           -           -           -           -           -',
  )
  const hidden = await print('proc/cgroup-namespace', 'free')
  expect(hidden.stdout).not.toContain('Container:')
  expect(hidden.stderr).toContain('memory: ')
})

test('free --host is free(1) alone', async () => {
  const { stdout } = await print('cgroup/v2', 'free --host')
  expect(stdout).not.toContain('Container')
})

test('uptime: the start of the container below the line of the node', async () => {
  const { stdout } = await print('cgroup/v2', 'uptime')
  const [first, second] = stdout.split('\n')
  expect(first).toMatch(/^ \d\d:\d\d:\d\d up {2}1:45, {2}0 user, {2}load average: 0\.03, 0\.33, 0\.52$/)
  expect(second).toMatch(/^ Container: app, up 0 min, since 2026-11-22 \d\d:\d\d:56$/)
  expect((await print('cgroup/v2', 'uptime --host')).stdout).not.toContain('Container')
  expect((await print('cgroup/v2', 'uptime -p')).stdout).toBe('up 1 hour, 45 minutes\n')
})

test('uptime in words leaves out what is zero, but for the minutes', () => {
  expect(prettyTime(5)).toBe('0 minutes')
  expect(prettyTime(3660)).toBe('1 hour, 1 minute')
  expect(prettyTime(86_400)).toBe('1 day, 0 minutes')
  expect(prettyTime(777_777)).toBe('1 week, 2 days, 2 minutes')
  expect(prettyTime(346_000_000)).toBe('1 decade, 50 weeks, 4 days, 15 hours, 6 minutes')
})

test('ditty limits: the container beside the node, and whom to trust', async () => {
  const { stdout, stderr } = await print('cgroup/v2', 'limits')
  expect(stdout).toContain(
    'app: container (containerd, pod e3b22309-25aa-4231-b39d-84e116659921, pid 1, cgroup v2, up 0 minutes)',
  )
  expect(stdout).toMatch(/^Memory limit +64\.0 MiB +23\.5 GiB$/m)
  expect(stdout).toMatch(/^ {2}used \(working set\) +38\.0 MiB \(59%\)/m)
  expect(stdout).toMatch(/^ {2}OOM kills +3$/m)
  expect(stdout).toMatch(/^CPU limit +0\.2 cores +2 cores$/m)
  expect(stdout).toMatch(/^ {2}throttled +100 of 400 periods \(25%\)$/m)
  expect(stdout).toMatch(/^Pressure cpu some +12\.50 6\.00 1\.25 +46\.87 27\.08 33\.65$/m)
  expect(stdout).toMatch(/^io vda +4\.0 KiB read in 1, 8\.0 KiB written in 2$/m)
  expect(stdout).toMatch(/^Trust the container's memory: /m)
  expect(stderr).toContain('tighter limits further up')
})

test('ditty limits: what is not known is a question mark, and nothing reads as none', async () => {
  const { stdout, stderr } = await print('cgroup/odd', 'limits')
  expect(stdout).toMatch(/^Memory limit +\? /m)
  expect(stdout).toMatch(/^ {2}OOM kills +\?$/m)
  expect(stdout).toMatch(/^ {2}throttled +\?$/m)
  expect(stderr).toContain('memory: memory.events: may not be read')
})

test.each([
  ['free -s 0', '-s takes a positive number'],
  ['free -c 0', '-c takes a positive number'],
  ['free -s x', "not 'x'"],
  ['free -L', 'free has no flag -L'],
  ['uptime -x', 'uptime has no flag -x'],
])('%s is an error that says so', async (line, message) => {
  await expect(print('cgroup/v2', line)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining(message),
  })
})

test('the statuses of procps: 1 for any failure', () => {
  for (const applet of Object.values(limits.applets)) {
    expect(applet.exitStatus?.({ error: { code: 'unavailable' } as never })).toBe(1)
    expect(applet.exitStatus?.({ error: { code: 'cancelled' } as never })).toBeUndefined()
    expect(applet.exitStatus?.({ outcome: 'positive' })).toBe(0)
  }
})
