import { expect, test } from 'vitest'
import { parsePidIo } from '../../../server/linux/procfs/pid-io.ts'
import { parseCpuTimes } from '../../../server/linux/procfs/stat.ts'
import { splitOf } from '../../../server/tools/top/cpu.ts'
import { fieldOf } from '../../../server/tools/top/fields.ts'
import { parseFilter } from '../../../server/tools/top/filter.ts'
import { growTree } from '../../../server/tools/top/order.ts'
import type { Row } from '../../../server/tools/top/row.ts'
import { scaledMemory, scaledPercent, scaledTime } from '../../../server/tools/top/scale.ts'

const stat = (all: string) => parseCpuTimes(`cpu  ${all}\ncpu0 ${all}\ncpu7 1 0 0 0\nintr 1 2\n`)

test('a CPU that was away, a counter that steps back, a kernel that counts no steal', () => {
  const [before, now] = [stat('100 0 50 800 50 0 0 0 0 0'), stat('150 0 50 840 40 0 0 10 0 0')]
  expect([...now.cpus.keys()]).toEqual([0, 7])
  expect(splitOf(now.all, before.all)).toEqual({
    userPercent: 50,
    nicePercent: 0,
    systemPercent: 0,
    idlePercent: 40,
    iowaitPercent: 0,
    irqPercent: 0,
    softirqPercent: 0,
    stealPercent: 10,
  })
  expect(now.cpus.get(7)).toMatchObject({ user: 1, iowait: 0, steal: 0 })
  expect(splitOf(now.all, now.all)).toMatchObject({ idlePercent: 100, userPercent: 0 })
})

test('bytes from and to block devices', () => {
  expect(parsePidIo('rchar: 5\nread_bytes: 4096\nwrite_bytes: 40960\ncancelled_write_bytes: 7\n')).toEqual({
    readBytes: 4096,
    writtenBytes: 40960,
  })
})

test.each([
  [0, 6, 'k', '0'],
  [35.25 * 1024 ** 2, 6, 'm', '35.2m'],
  [999_999 * 1024, 6, 'k', '999999'],
  [1_000_000 * 1024, 6, 'k', '976.6m'],
  [5 * 1024 ** 4, 6, 'k', '5.0t'],
  [5 * 1024 ** 2, 6, 'm', '5.0m'],
  [2 ** 60, 2, 'k', '?'],
])('memory of %s bytes in %s cells, no less than %s, is %s', (bytes, cells, least, text) => {
  expect(scaledMemory(bytes, cells, least)).toBe(text)
})

test.each([
  [60, '0:00.06'],
  [61_230, '1:01.23'],
  [360 * 60_000, '360:00.00'],
  [361 * 60_000, '6,01'],
  [97 * 3_600_000, '4d+1h'],
  [15 * 86_400_000, '2w+1d'],
])('%s ms of CPU time are %s', (ms, text) => {
  expect(scaledTime(ms, 9)).toBe(text)
})

test('a percentage loses its digit before it loses its place', () => {
  expect([scaledPercent(12.34, 5), scaledPercent(1234.6, 5), scaledPercent(0, 5)]).toEqual(['12.3', '1235', '0.0'])
})

const row = (fields: object) => ({ container: { name: 'app', id: null, kind: 'container' }, ...fields }) as Row

test.each([
  ['COMMAND=ngi', true],
  ['!COMMAND=ngi', false],
  ['comm>m', true],
  ['%CPU>5', true],
  ['CPU<5.5', false],
  ['PID=77', true],
  ['PID=7', false],
  ['RES>100', true],
  ['RES>100m', false],
  ['RES<1g', true],
  ['RD/S>0', false],
  ['CONTAINER=app', true],
  ['USER=0', false],
])('filter %s', (filter, passes) => {
  const nginx = row({
    pid: 77,
    comm: 'nginx',
    user: 'www',
    cpuPercent: 5.5,
    resBytes: 2 << 20,
    readBytesPerSecond: null,
  })
  expect(parseFilter(filter)(nginx)).toBe(passes)
})

test.each([
  ['COMMAND', /delimiter is missing/],
  ['COMMAND=', /value is missing/],
  ['COLOUR=red', /no field COLOUR; there are PID/],
])('filter %s is an error that says why', (filter, message) => {
  expect(() => parseFilter(filter)).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
  )
})

test('fields go by their own names and by the columns of top, in any case', () => {
  expect(['%cpu', 'CPU', 'cpuPercent', 'time+', 'nth'].map(word => fieldOf(word, 'sort'))).toEqual([
    'cpuPercent',
    'cpuPercent',
    'cpuPercent',
    'cpuTimeMs',
    'threads',
  ])
})

test('a tree keeps the order of siblings, takes a chain of 30,000, and threads below their process', () => {
  const of = (pid: number, ppid: number, tid = pid) => row({ pid, ppid, tid })
  const rows = [of(3, 1), of(2, 1), of(1, 0), of(5, 9), of(2, 1, 8), of(4, 3)]
  expect(growTree(rows).map(({ tid, treeLevel }) => [tid, treeLevel])).toEqual([
    [1, 0],
    [3, 1],
    [4, 2],
    [2, 1],
    [8, 2],
    [5, 0],
  ])
  const chain = Array.from({ length: 30_000 }, (_, at) => of(at + 1, at))
  expect(growTree(chain).at(-1)?.treeLevel).toBe(29_999)
})
