import { oneDecimal } from '../limits/scale.ts'

const suffixes = ['', 'm', 'g', 't', 'p']

/** Memory in the smallest unit that fits into so many cells, no smaller than `least` (`k`, `m`, …): KiB stand without a letter. */
export function scaledMemory(bytes: number, cells: number, least: string): string {
  let value = bytes / 1024
  for (const [power, suffix] of suffixes.entries()) {
    const text = power === 0 ? value.toFixed(0) : `${oneDecimal(value)}${suffix}`
    if (power >= 'kmgtp'.indexOf(least) && text.length <= cells) return text
    value /= 1024
  }
  return '?'
}

/** `12.5`, or `1234` where that is all that fits. */
export function scaledPercent(value: number, cells: number): string {
  const text = oneDecimal(value)
  return text.length <= cells ? text : value.toFixed(0)
}

/** CPU time as top(1) has it: `minutes:seconds.hundredths`, then `hours,minutes`, `days+hours`, `weeks+days` once these are many or don't fit. */
export function scaledTime(ms: number, cells: number): string {
  const hundredths = Math.floor(ms / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  const seconds = Math.floor(hundredths / 100)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const weeks = Math.floor(days / 7)
  const forms: [applies: boolean, text: string][] = [
    [minutes <= 360, `${minutes}:${two(seconds % 60)}.${two(hundredths % 100)}`],
    [minutes <= 360, `${minutes}:${two(seconds % 60)}`],
    [hours <= 96, `${hours},${two(minutes % 60)}`],
    [days <= 14, `${days}d+${hours % 24}h`],
    [days <= 14, `${days}d`],
    [true, `${weeks}w+${days % 7}d`],
    [true, `${weeks}w`],
  ]
  return forms.find(([applies, text]) => applies && text.length <= cells)?.[1] ?? '?'
}
