import { expect, test } from 'vitest'
import { parsePidCgroup } from '../../../server/linux/procfs/pid-cgroup.ts'
import { joinPidCmdline, parsePidCmdline } from '../../../server/linux/procfs/pid-cmdline.ts'
import { kindOfOpenFile, readPidFd } from '../../../server/linux/procfs/pid-fd.ts'
import { parsePidLimits, readPidLimits } from '../../../server/linux/procfs/pid-limits.ts'
import { isKernelThread, parsePidStat, readPidStat } from '../../../server/linux/procfs/pid-stat.ts'
import {
  parseNsPids,
  parsePidStatus,
  parsePidStatusLines,
  parseSignalSets,
  readPidStatus,
} from '../../../server/linux/procfs/pid-status.ts'
import { parseBootTime } from '../../../server/linux/procfs/stat.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

test('a comm with spaces, parentheses, a newline and broken UTF-8 leaves the numbers after it right', () => {
  const stat = readPidStat(fixtureLinux('proc/odd'), 5)
  expect(stat).toMatchObject({ pid: 5, comm: 'a) S (b\n\ufffd', state: 'S', ppid: 1, pgid: 5, tpgid: 5, nice: 5 })
  expect(stat).toMatchObject({ ttyNumber: 34817, threads: 3, userTicks: 6000, startTicks: 629783, processor: 1 })
})

test('negative numbers keep their sign', () => {
  const line = '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 -20 1 0 1 0 0'
  expect(parsePidStat(Buffer.from(line))).toMatchObject({ tpgid: -1, nice: -20 })
  expect(isKernelThread(parsePidStat(Buffer.from(line)))).toBe(true)
})

test.each(['', '12', '12 (cut'])('a stat line cut to %j counts as a process that has ended', line => {
  expect(() => parsePidStat(Buffer.from(line))).toThrow(expect.objectContaining({ code: 'ESRCH' }))
})

test('the status of a real container', () => {
  const status = readPidStatus(fixtureLinux('proc/web-dbg-restricted'), 1)
  expect(status).toMatchObject({ uid: 1000, gid: 1000, pidNamespaceDepth: 1, vmSizeKib: 2268, vmLockedKib: 0 })
})

test('a process deeper in nested pid namespaces, and one without memory', () => {
  const text = 'Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpid:\t4000\t12\t1\nThreads:\t1\n'
  expect(parsePidStatus(text)).toMatchObject({
    uid: 2,
    realUid: 1,
    gid: 6,
    realGid: 5,
    pidNamespaceDepth: 3,
    vmRssKib: 0,
  })
})

test('arguments keep empty ones and newlines, and lossy bytes become U+FFFD', () => {
  expect(parsePidCmdline(Buffer.from('sh\0-c\0\0a\nb\0'))).toEqual(['sh', '-c', '', 'a\nb'])
  expect(parsePidCmdline(Buffer.from([0x61, 0xff, 0]))).toEqual(['a\ufffd'])
  expect(parsePidCmdline(Buffer.alloc(0))).toEqual([])
  expect(parsePidCmdline(Buffer.from('nginx: master process'))).toEqual(['nginx: master process'])
})

test('joined arguments have a space for each NUL and none at the end', () => {
  expect(joinPidCmdline(Buffer.from('a\0\0b\0\0\0'))).toBe('a  b')
  expect(joinPidCmdline(Buffer.from('\0\0'))).toBe('')
})

test('limits in three columns, unlimited as null', () => {
  const limits = readPidLimits(fixtureLinux('proc/web-dbg-general'), 1)
  expect(limits).toHaveLength(16)
  expect(limits).toContainEqual({ name: 'stack size', soft: 8_388_608, hard: null, unit: 'bytes' })
  expect(limits).toContainEqual({ name: 'nice priority', soft: 0, hard: 0, unit: '' })
  expect(parsePidLimits('')).toEqual([])
})

test('cgroup lines of v1 and v2, a path with colons, broken lines passed over', () => {
  expect(parsePidCgroup('4:cpu,cpuacct:/a\n1:name=systemd:/b:c:d\n0::/../x\nbroken\n\n')).toEqual([
    { hierarchy: 4, controllers: ['cpu', 'cpuacct'], path: '/a' },
    { hierarchy: 1, controllers: ['name=systemd'], path: '/b:c:d' },
    { hierarchy: 0, controllers: [], path: '/../x' },
  ])
})

test('open files of a real container, bounded', () => {
  const linux = fixtureLinux('proc/web-dbg-restricted')
  expect(readPidFd(linux, 1, 10).files.map(({ kind }) => kind)).toEqual(['device', 'pipe', 'pipe', 'socket'])
  expect(readPidFd(linux, 1, 2)).toMatchObject({ total: 4, files: [{ fd: 0 }, { fd: 1 }] })
})

test.each([
  ['/var/log/x', 'file'],
  ['/dev/pts/0', 'device'],
  ['/dev/shm/x', 'file'],
  ['/tmp/x (deleted)', 'deleted'],
  ['/memfd:jit (deleted)', 'memfd'],
  ['anon_inode:[eventpoll]', 'anonymous'],
  ['anon_inode:inotify', 'anonymous'],
  ['net:[4026531840]', 'namespace'],
])('%s is a %s', (target, kind) => {
  expect(kindOfOpenFile(target)).toBe(kind)
})

test('the boot time, or undefined where a sandbox leaves it out', () => {
  expect(parseBootTime('cpu 1 2\nbtime 1795363062\nprocesses 4\n')).toBe(1_795_363_062)
  expect(parseBootTime('cpu 1 2\n')).toBeUndefined()
})

test('signal masks by number, with what waits for the thread and for the process', () => {
  const text =
    'SigQ:\t1/96365\nSigPnd:\t0000000000000001\nShdPnd:\t0000000000004001\nSigBlk:\t0000000000004000\nSigIgn:\t8000000000001000\nSigCgt:\t0000000000000002\nNSpid:\t40\t1\n'
  const lines = parsePidStatusLines(text)
  expect(parseSignalSets(lines)).toEqual({ pending: [1, 15], blocked: [15], ignored: [13, 64], caught: [2] })
  expect(parseNsPids(lines)).toEqual([40, 1])
  expect(parseSignalSets(new Map())).toEqual({ pending: [], blocked: [], ignored: [], caught: [] })
  expect(parseNsPids(new Map())).toEqual([])
})
