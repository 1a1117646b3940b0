import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsePosixZone, posixClockAt } from '../../../server/tools/os/zone/posix-zone.ts'
import { clockAt, parseZoneFile } from '../../../server/tools/os/zone/tzif.ts'

const seconds = (time: string) => Date.parse(time) / 1000

test.each([
  ['CST-8', '2026-01-01T00:00:00Z', 28_800, 'CST'],
  ['<+0330>-3:30', '2026-01-01T00:00:00Z', 12_600, '+0330'],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T00:59:59Z', 3600, 'CET'],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T01:00:00Z', 7200, 'CEST'],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T00:59:59Z', 7200, 'CEST'],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T01:00:00Z', 3600, 'CET'],
  ['EST5EDT', '2026-07-01T00:00:00Z', -14_400, 'EDT'],
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', '2026-01-01T00:00:00Z', 39_600, 'AEDT'],
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', '2026-07-01T00:00:00Z', 36_000, 'AEST'],
  ['XST0XDT,J60,J300', '2024-03-01T01:59:59Z', 0, 'XST'],
  ['XST0XDT,J60,J300', '2024-03-01T02:00:00Z', 3600, 'XDT'],
  ['XST0XDT,59/0,300', '2024-02-29T00:00:00Z', 3600, 'XDT'],
])('%s at %s', (text, time, offsetSeconds, abbreviation) => {
  expect(posixClockAt(parsePosixZone(text)!, seconds(time))).toMatchObject({ offsetSeconds, abbreviation })
})

test.each(['', 'Asia/Shanghai', 'UTC', 'CST', 'C8', 'CST-8x', 'CET-1CEST,M3.5.0', 'CET-1CEST,M13.1.0,M10.5.0', '<a>1'])(
  '%j is no zone of POSIX',
  text => expect(parsePosixZone(text)).toBeUndefined(),
)

test('a zone file cut anywhere is none, or one without its last rule', () => {
  const whole = readFileSync('/usr/share/zoneinfo/Europe/Berlin')
  const expected = clockAt(parseZoneFile(whole)!, seconds('1980-07-01'))
  for (let length = 0; length < whole.length; length++) {
    const cut = parseZoneFile(whole.subarray(0, length))
    if (cut) expect(clockAt(cut, seconds('1980-07-01'))).toEqual(expected)
  }
  expect(parseZoneFile(whole.subarray(0, 200))).toBeUndefined()
})
