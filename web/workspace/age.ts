const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, in the largest unit that makes one or more: `5 min. ago`, `now`. */
export function showAge(then: Date, now: Date, language: string): string {
  const seconds = Math.max(0, (now.getTime() - then.getTime()) / 1000)
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' })
  const step = steps.find(([, length]) => seconds >= length)
  return step ? format.format(-Math.floor(seconds / step[1]), step[0]) : format.format(0, 'second')
}
