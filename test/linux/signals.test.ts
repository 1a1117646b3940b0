import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { defaultAction, signalName, signalNumber, signalsIn, standardSignals } from '../../server/linux/signals.ts'

test("every name has the number that Node's C library gives it", () => {
  const other = { ...constants.signals, SIGSTKFLT: 16 } as Record<string, number>
  for (const name of standardSignals) expect([name, signalNumber(name)]).toEqual([name, other[`SIG${name}`]])
  for (const name of Object.keys(constants.signals)) expect(signalNumber(name), name).toBe(other[name])
})

test.each([
  ['HUP', 1],
  ['SIGHUP', 1],
  ['sighup', 1],
  ['1', 1],
  ['0', 0],
  ['iot', 6],
  ['RTMIN', 34],
  ['SIGRTMIN+3', 37],
  ['RTMAX-14', 50],
  ['rtmax', 64],
  ['64', 64],
])('%s is %i', (word, number) => expect(signalNumber(word)).toBe(number))

test.each(['', 'SIG', 'HUPP', '65', '-1', '1.5', 'RTMIN-1', 'RTMAX+1', 'RTMIN+31', 'RTMIN+', 'EXIT', '007'])(
  '%j is no signal',
  word => expect(signalNumber(word)).toBeUndefined(),
)

test('names of numbers, realtime ones from the nearer end', () => {
  expect([1, 31, 34, 35, 49, 50, 63, 64].map(signalName)).toEqual([
    'HUP',
    'SYS',
    'RTMIN',
    'RTMIN+1',
    'RTMIN+15',
    'RTMAX-14',
    'RTMAX-1',
    'RTMAX',
  ])
  expect([32, 33].map(signalName)).toEqual(['32', '33'])
  expect([0, -1, 65, Number.NaN].map(signalName)).toEqual([undefined, undefined, undefined, undefined])
  for (let number = 1; number <= 64; number++) expect(signalNumber(signalName(number)!)).toBe(number)
})

test('a set is read from the lowest bit on', () => {
  expect(signalsIn('0000000000010001')).toEqual([1, 17])
  expect(signalsIn('8000000200000000')).toEqual([34, 64])
  expect(signalsIn('')).toEqual([])
})

test('default actions are those of signal(7)', () => {
  const of = (...words: string[]) => [...new Set(words.map(word => defaultAction(signalNumber(word)!)))]
  expect(of('HUP', 'INT', 'KILL', 'USR1', 'TERM', 'PIPE', 'POLL', 'STKFLT', 'RTMIN', 'RTMAX')).toEqual(['terminate'])
  expect(of('QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV', 'XCPU', 'XFSZ', 'SYS')).toEqual(['core'])
  expect(of('STOP', 'TSTP', 'TTIN', 'TTOU')).toEqual(['stop'])
  expect(of('CHLD', 'URG', 'WINCH')).toEqual(['ignore'])
  expect(of('CONT')).toEqual(['continue'])
})
