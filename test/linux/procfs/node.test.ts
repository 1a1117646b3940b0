import { expect, test } from 'vitest'
import { parseLoadavg } from '../../../server/linux/procfs/loadavg.ts'
import { memoryOf, parseMeminfo } from '../../../server/linux/procfs/meminfo.ts'
import { parsePartitions } from '../../../server/linux/procfs/partitions.ts'
import { parsePressure } from '../../../server/linux/procfs/pressure.ts'
import { parseCpuCount } from '../../../server/linux/procfs/stat.ts'
import { parseUtmpUsers } from '../../../server/linux/utmp.ts'

test('meminfo: lines by name, broken ones passed over', () => {
  const values = parseMeminfo('MemTotal:  1000 kB\nBuffers: many kB\nHugePages_Total:  3\nActive(anon): 5 kB\n: 7\n')
  expect([...values]).toEqual([
    ['MemTotal', 1000],
    ['HugePages_Total', 3],
    ['Active(anon)', 5],
  ])
})

test('an estimate of what is available beyond the total is not believed', () => {
  const memory = (text: string) => memoryOf(parseMeminfo(text))
  expect(memory('MemTotal: 1000 kB\nMemFree: 200 kB\nMemAvailable: 2000 kB\n')).toMatchObject({
    available: 200,
    used: 800,
  })
  expect(memory('MemTotal: 1000 kB\nMemFree: 200 kB\n')).toMatchObject({ available: 200, lowTotal: 1000, lowFree: 200 })
})

test('pressure: with and without full, and nothing else', () => {
  const some = { avg10: 46.87, avg60: 27.08, avg300: 33.65, totalMs: 8922.5 }
  const line = 'some avg10=46.87 avg60=27.08 avg300=33.65 total=8922500\n'
  expect(parsePressure(line)).toEqual({ some, full: null })
  expect(parsePressure(`${line}${line.replace('some', 'full')}`)).toEqual({ some, full: some })
  expect(parsePressure('')).toBeUndefined()
  expect(parsePressure(line.replace('46.87', 'x'))).toBeUndefined()
})

test('loadavg, partitions and CPUs', () => {
  expect(parseLoadavg('2.46 2.74 2.38 2/153 29241\n')).toEqual({
    averages: [2.46, 2.74, 2.38],
    runnableTasks: 2,
    tasks: 153,
  })
  expect(parseLoadavg('what?')).toBeUndefined()
  expect([...parsePartitions('major minor  #blocks  name\n\n 254        0  268435456 vda\n')]).toEqual([
    ['254:0', 'vda'],
  ])
  expect(parseCpuCount('cpu  1 2\ncpu0 1 2\ncpu10 1 2\nintr 5\n')).toBe(2)
  expect(parseCpuCount('')).toBe(0)
})

test('utmp: logins that go on are users, a record cut off is none', () => {
  const bytes = process.arch === 'x64' ? 384 : 400
  const record = (type: number, user: string) => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeInt16LE(type, 0)
    buffer.write(user, 44)
    return buffer
  }
  const all = Buffer.concat([record(2, 'reboot'), record(7, 'root'), record(8, 'gone'), record(7, 'web')])
  expect(parseUtmpUsers(all)).toBe(2)
  expect(parseUtmpUsers(all.subarray(0, -1))).toBe(1)
})
