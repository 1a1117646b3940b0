import { expect, test } from 'vitest'
import { CgroupFiles, parseLimit, tighter } from '../../../server/linux/cgroup/cgroup-files.ts'
import { countCpus } from '../../../server/linux/cgroup/cpu-list.ts'
import { parseRwstat } from '../../../server/linux/cgroup/v1/blkio.ts'
import { parseIoStat } from '../../../server/linux/cgroup/v2/io.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

test("no limit is max, or v1's greatest number of pages whatever their size", () => {
  expect(['max\n', '9223372036854771712\n', '9223372036854710272'].map(parseLimit)).toEqual(['max', 'max', 'max'])
  expect(['67108864\n', '0', '', '-1', 'banana', '1 2'].map(parseLimit)).toEqual([67_108_864, 0, ...Array(4)])
})

test('the tighter of two limits, of which one may not be known', () => {
  expect([tighter(1, 2), tighter('max', 2), tighter(3, 'max'), tighter('max', 'max')]).toEqual([1, 2, 3, 'max'])
  expect([tighter(null, 2), tighter('max', null), tighter(null, null)]).toEqual([2, 'max', null])
})

test('each failure leaves a gap with its reason, and no other value', () => {
  const files = new CgroupFiles(fixtureLinux('cgroup/odd'), '/sys/fs/cgroup')
  expect(files.limit('memory.max')).toBeNull()
  expect(files.number('memory.swap.current')).toBeNull()
  expect(files.flat('memory.events').get('oom_kill')).toBeNull()
  expect(files.number('memory.pressure')).toBeNull()
  expect(files.number('pids.current')).toBe(12)
  expect(files.gaps.map(({ path, why }) => [path.slice('/sys/fs/cgroup/'.length), why])).toEqual([
    ['memory.max', 'malformed'],
    ['memory.swap.current', 'ENOENT'],
    ['memory.events', 'EACCES'],
    ['memory.pressure', 'ESRCH'],
  ])
})

test('lists of CPUs are counted', () => {
  expect(['0', '0-3', '0-1,4,8-11', '', 'a', '0-'].map(countCpus)).toEqual([1, 4, 7, null, null, null])
})

test('io.stat: devices without numbers are left out, a broken line spoils the file', () => {
  expect(parseIoStat('')).toEqual([])
  expect(parseIoStat('7:0 \n8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n')).toEqual([
    { device: '8:0', readBytes: 1, writtenBytes: 2, readOperations: 3, writeOperations: 4 },
  ])
  expect(parseIoStat('8:0 rbytes=1 cost.usage=7 wbytes=2 rios=3 wios=4\n')).toHaveLength(1)
  expect(parseIoStat('8:0 rbytes 1\n')).toBeUndefined()
})

test('blkio: without its total the file is cut off', () => {
  expect(parseRwstat('8:0 Read 1\n8:0 Write 2\n8:0 Total 3\n8:16 Read 4\nTotal 7\n')).toEqual(
    new Map([
      ['8:0', { read: 1, write: 2 }],
      ['8:16', { read: 4, write: 0 }],
    ]),
  )
  expect(parseRwstat('Total 0\n')).toEqual(new Map())
  expect(parseRwstat('8:0 Read 1\n')).toBeUndefined()
})
