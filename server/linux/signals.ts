/** What the kernel does with a signal that a process has no handler for: signal(7). */
export type DefaultAction = 'terminate' | 'core' | 'stop' | 'continue' | 'ignore'

/** By number from 1, without SIG. Source: include/uapi/asm-generic/signal.h, which x86 and arm64 share. */
const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS'.split(
    ' ',
  )

/** Other names for the same numbers. */
const aliases: Record<string, string> = { IOT: 'ABRT', CLD: 'CHLD', IO: 'POLL' }

/** As glibc has it: the kernel's first, 32, and the next are its own for threads. musl begins at 35. */
const firstRealtime = 34
export const lastSignal = 64

const cores = new Set(['QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV', 'XCPU', 'XFSZ', 'SYS'])
const stops = new Set(['STOP', 'TSTP', 'TTIN', 'TTOU'])
const ignored = new Set(['CHLD', 'URG', 'WINCH'])

/** The names of the 31 signals that are not realtime ones, in order of their numbers. */
export const standardSignals: readonly string[] = names

/** `HUP`, `RTMIN+3`, `RTMAX-14` counted from the nearer end as in bash; undefined for what is no signal. */
export function signalName(number: number): string | undefined {
  if (!(number > names.length)) return names[number - 1]
  if (number < firstRealtime || number > lastSignal) return number === 32 || number === 33 ? String(number) : undefined
  const [above, below] = [number - firstRealtime, lastSignal - number]
  if (above === 0) return 'RTMIN'
  if (below === 0) return 'RTMAX'
  return above <= below ? `RTMIN+${above}` : `RTMAX-${below}`
}

/** The number of `HUP`, `SIGHUP`, `hup`, `1`, `RTMIN+3`; 0 asks only whether a signal could be sent. Undefined for what is no signal. */
export function signalNumber(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word) <= lastSignal ? Number(word) : undefined
  const name = word.toUpperCase().replace(/^SIG/, '')
  const at = names.indexOf(aliases[name] ?? name)
  return at < 0 ? realtimeNumber(name) : at + 1
}

function realtimeNumber(name: string): number | undefined {
  const [, end, offset = '0'] = /^RT(MIN(?=$|\+)|MAX(?=$|-))(?:[+-](\d{1,2}))?$/.exec(name) ?? []
  if (end === undefined) return undefined
  const number = end === 'MIN' ? firstRealtime + Number(offset) : lastSignal - Number(offset)
  return number >= firstRealtime && number <= lastSignal ? number : undefined
}

export function defaultAction(number: number): DefaultAction {
  const name = names[number - 1] ?? ''
  if (cores.has(name)) return 'core'
  if (stops.has(name)) return 'stop'
  if (ignored.has(name)) return 'ignore'
  return name === 'CONT' ? 'continue' : 'terminate'
}

/** The numbers in a set as /proc/PID/status prints it: sixteen hexadecimal digits whose lowest bit is signal 1. */
export function signalsIn(hex: string): number[] {
  const set = BigInt(`0x${hex || '0'}`)
  return Array.from({ length: lastSignal }, (_, bit) => bit + 1).filter(number => (set >> BigInt(number - 1)) & 1n)
}
