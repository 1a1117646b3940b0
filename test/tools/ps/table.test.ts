import { expect, test } from 'vitest'
import { columnOf, widenPids } from '../../../server/tools/ps/columns.ts'
import { elapsedTime, longTime, shortTime, startTime } from '../../../server/tools/ps/format.ts'
import type { PsProcess } from '../../../server/tools/ps/schema.ts'
import { Table } from '../../../server/tools/ps/table.ts'

const process = (fields: Partial<PsProcess>) =>
  ({ pid: 1, user: 'root', vszBytes: 0, args: 'x', ...fields }) as PsProcess
const table = (columns: string, cells = Number.POSITIVE_INFINITY) => new Table(columns.split(' ').map(columnOf), cells)

test('a value too wide pushes the next column on, which takes the space back', () => {
  const rows = table('vsz pid args')
  expect(rows.header()).toBe('   VSZ   PID COMMAND\n')
  expect(rows.row(process({ vszBytes: 1024 * 12_345_678 }))).toBe('12345678   1 x\n')
  expect(rows.row(process({ vszBytes: 1024, pid: 123 }))).toBe('     1   123 x\n')
})

test('a long user name ends in +, long text is cut unless it stands last', () => {
  expect(table('user pid').row(process({ user: 'systemd-network' }))).toBe('systemd+     1\n')
  expect(table('args:5 pid').row(process({ args: 'abcdefgh' }))).toBe('abcde     1\n')
  expect(table('pid args').row(process({ args: 'a'.repeat(300) }))).toHaveLength(307)
})

test('wide characters take two cells and combining ones none', () => {
  const rows = table('args:6 pid')
  expect(rows.row(process({ args: '你好世界' }))).toBe('你好世     1\n')
  expect(rows.row(process({ args: 'e\u0301' }))).toBe('e\u0301          1\n')
})

test('a line ends at the width of the terminal, and wraps where the columns alone need more', () => {
  expect(table('pid args', 12).row(process({ args: 'abcdefghij' }))).toBe('    1 abcdef\n')
  expect(table('pid user args', 10).row(process({ args: 'abcdefghij' }))).toBe('    1 root     abcde\n')
})

test('pid columns widen with pid_max, whatever their header', () => {
  const columns = widenPids([columnOf('pid=P'), columnOf('vsz')], 4_194_304)
  expect(columns.map(({ width }) => width)).toEqual([7, 6])
  expect(widenPids([columnOf('pid')], 0)[0]?.width).toBe(5)
})

test('blank headers in all columns leave the line of headers out', () => {
  expect(table('pid= args=').header()).toBe('')
  expect(table('pid= args').header()).toBe('      COMMAND\n')
})

test('times in the ways of procps', () => {
  expect(longTime(90_061_000)).toBe('1-01:01:01')
  expect(longTime(59_999)).toBe('00:00:59')
  expect(shortTime(60_010)).toBe('  1:00')
  expect(elapsedTime(59)).toBe('00:59')
  expect(elapsedTime(3_661)).toBe('01:01:01')
  expect(elapsedTime(90_061)).toBe('1-01:01:01')
})

test('a start is a time today, a date this year, a year before', () => {
  const now = new Date(2026, 10, 22, 12, 0)
  expect(startTime(new Date(2026, 10, 22, 3, 2), now)).toBe('03:02')
  expect(startTime(new Date(2026, 10, 7, 3, 2), now)).toBe('Nov07')
  expect(startTime(new Date(2025, 10, 22), now)).toBe('2025')
})
