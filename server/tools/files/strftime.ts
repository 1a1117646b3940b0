import type { Moment } from '../../linux/root/status.ts'

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(' ')

const two = (value: number) => String(value).padStart(2, '0')
const spaced = (value: number) => String(value).padStart(2)
const short = (name: string) => name.slice(0, 3)
const hour12 = (date: Date) => date.getHours() % 12 || 12
const half = (date: Date) => (date.getHours() < 12 ? 'AM' : 'PM')

/** A moment here: in the time zone of this process. */
export interface LocalTime extends Moment {
  date: Date
}

export const localTime = (moment: Moment): LocalTime => ({ ...moment, date: new Date(moment.seconds * 1000) })

/** `+0200`; with colons as `%:z` has them. */
function offset({ date }: LocalTime, colon = ''): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`
}

/** `CET`, or `GMT+8` where no short name is known. */
function zoneName({ date }: LocalTime): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

function dayOfYear(date: Date): number {
  const utc = (when: Date) => Date.UTC(when.getFullYear(), when.getMonth(), when.getDate())
  return Math.round((utc(date) - Date.UTC(date.getFullYear(), 0, 1)) / 864e5) + 1
}

/** Weeks of the year that began on that day: 0 Sunday, 1 Monday. */
const weekFrom = (date: Date, first: number) =>
  Math.floor((dayOfYear(date) + 6 - ((date.getDay() - first + 7) % 7)) / 7)

/** The week of ISO 8601 and the year that it belongs to. */
function isoWeek(date: Date): { week: number; year: number } {
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 3 - ((date.getDay() + 6) % 7))
  return { week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, year: thursday.getFullYear() }
}

/** Each letter of strftime(3) in the C locale. */
const letters: Record<string, (time: LocalTime) => string> = {
  a: ({ date }) => short(days[date.getDay()]!),
  A: ({ date }) => days[date.getDay()]!,
  b: ({ date }) => short(months[date.getMonth()]!),
  B: ({ date }) => months[date.getMonth()]!,
  c: time => strftime('%a %b %e %H:%M:%S %Y', time),
  C: ({ date }) => two(Math.floor(date.getFullYear() / 100)),
  d: ({ date }) => two(date.getDate()),
  D: time => strftime('%m/%d/%y', time),
  e: ({ date }) => spaced(date.getDate()),
  F: time => strftime('%Y-%m-%d', time),
  g: ({ date }) => two(isoWeek(date).year % 100),
  G: ({ date }) => String(isoWeek(date).year),
  h: ({ date }) => short(months[date.getMonth()]!),
  H: ({ date }) => two(date.getHours()),
  I: ({ date }) => two(hour12(date)),
  j: ({ date }) => String(dayOfYear(date)).padStart(3, '0'),
  k: ({ date }) => spaced(date.getHours()),
  l: ({ date }) => spaced(hour12(date)),
  m: ({ date }) => two(date.getMonth() + 1),
  M: ({ date }) => two(date.getMinutes()),
  n: () => '\n',
  N: ({ nanoseconds }) => String(nanoseconds).padStart(9, '0'),
  p: ({ date }) => half(date),
  P: ({ date }) => half(date).toLowerCase(),
  r: time => strftime('%I:%M:%S %p', time),
  R: time => strftime('%H:%M', time),
  s: ({ seconds }) => String(seconds),
  S: ({ date }) => two(date.getSeconds()),
  t: () => '\t',
  T: time => strftime('%H:%M:%S', time),
  u: ({ date }) => String(date.getDay() || 7),
  U: ({ date }) => two(weekFrom(date, 0)),
  V: ({ date }) => two(isoWeek(date).week),
  w: ({ date }) => String(date.getDay()),
  W: ({ date }) => two(weekFrom(date, 1)),
  x: time => strftime('%m/%d/%y', time),
  X: time => strftime('%H:%M:%S', time),
  y: ({ date }) => two(date.getFullYear() % 100),
  Y: ({ date }) => String(date.getFullYear()),
  z: time => offset(time),
  Z: zoneName,
  '%': () => '%',
}

export const isTimeLetter = (letter: string): boolean => letter in letters

/** strftime(3) in the C locale with `%N` of date(1); `%-d` without padding; what it doesn't know stays as it is. */
export function strftime(format: string, time: LocalTime): string {
  return format.replace(/%(:?z|[-_0^#EO]?[A-Za-z%])/g, (written, spec: string) => {
    if (spec === ':z') return offset(time, ':')
    const value = letters[spec.at(-1)!]?.(time)
    if (value === undefined) return written
    if (spec.startsWith('-')) return value.replace(/^[0 ]+(?=.)/, '')
    if (spec.startsWith('_')) return value.replace(/^0+(?=.)/, zeros => ' '.repeat(zeros.length))
    return spec.startsWith('^') ? value.toUpperCase() : value
  })
}
