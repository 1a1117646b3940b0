import type { LimitsView } from './schema.ts'

const powers: Record<Exclude<LimitsView['unit'], 'auto'>, number> = {
  bytes: 0,
  kibi: 1,
  kilo: 1,
  mebi: 2,
  mega: 2,
  gibi: 3,
  giga: 3,
  tebi: 4,
  tera: 4,
  pebi: 5,
  peta: 5,
}

const isDecimal = ({ unit, si }: LimitsView) => si || ['kilo', 'mega', 'giga', 'tera', 'peta'].includes(unit)

/** A size as free(1) writes it: cut, not rounded, and without its unit's name, unless it is for people. */
export function scaled(bytes: number, view: LimitsView): string {
  if (view.human || view.unit === 'auto') return humanSize(bytes, isDecimal(view))
  return String(Math.trunc(bytes / (isDecimal(view) ? 1000 : 1024) ** powers[view.unit]))
}

/** The first of `1.5Gi`, `15Gi` and so on that is no longer than its column: free(1) takes 5 characters, 4 without the i. */
function humanSize(bytes: number, decimal: boolean): string {
  const plain = `${bytes}B`
  if (plain.length <= 4) return plain
  const suffix = decimal ? '' : 'i'
  let text = plain
  for (const [at, letter] of [...'KMGTP'].entries()) {
    const value = bytes / (decimal ? 1000 : 1024) ** (at + 1)
    for (const digits of [oneDecimal(Math.fround(value)), String(Math.trunc(value))]) {
      text = `${digits}${letter}${suffix}`
      if (text.length <= 4 + suffix.length) return text
    }
  }
  return text
}

/** printf's %.1f: a tie goes to the even digit, where toFixed rounds up. */
export const oneDecimal = (value: number) =>
  Math.abs(value % 1) === 0.25 ? `${Math.trunc(value)}.2` : value.toFixed(1)
