import { ToolError } from '../../../core/errors.ts'
import type { Moment } from '../../../linux/root/status.ts'

/** `+n` more, `-n` less, `n` just so many. */
export interface Amount {
  sign: -1 | 0 | 1
  value: number
}

/** Throws ToolError `invalid_input`. */
export function parseAmount(name: string, word: string, pattern = /^\d+$/): Amount {
  const sign = word.startsWith('+') ? 1 : word.startsWith('-') ? -1 : 0
  const digits = sign === 0 ? word : word.slice(1)
  if (!pattern.test(digits)) throw wrong(name, word, 'a number, +number or -number')
  return { sign, value: Number(digits) }
}

export const fits = ({ sign, value }: Amount, actual: number): boolean =>
  sign === 0 ? actual === value : sign > 0 ? actual > value : actual < value

export const wrong = (name: string, word: string, expected: string): ToolError =>
  new ToolError('invalid_input', `expression: ${name} takes ${expected}, not '${word}'`)

/** Negative where a is before b. */
export const compareMoments = (a: Moment, b: Moment): number =>
  a.seconds === b.seconds ? a.nanoseconds - b.nanoseconds : a.seconds - b.seconds

/** Seconds since 1970 with a fraction, as a moment. */
export function momentOf(ms: number): Moment {
  const seconds = Math.floor(ms / 1000)
  return { seconds, nanoseconds: Math.round((ms - seconds * 1000) * 1e6) }
}

const differenceSeconds = (a: Moment, b: Moment) => a.seconds - b.seconds + (a.nanoseconds - b.nanoseconds) / 1e9

/**
 * Whether a moment is so many days or minutes ago. As findutils has it: `n` is within the unit that ends n units ago, `+n` before
 * it, and `-n` of days begins a second early.
 */
export function isAgo(
  moment: Moment,
  { sign, value }: Amount,
  nowMs: number,
  unitSeconds: number,
  isDays: boolean,
): boolean {
  const originMs = nowMs - (isDays ? unitSeconds * 1000 : 0) + (isDays && sign < 0 ? (unitSeconds - 1) * 1000 : 0)
  const reference = momentOf(originMs - value * unitSeconds * 1000)
  if (sign > 0) return compareMoments(moment, reference) < 0
  if (sign < 0) return compareMoments(moment, reference) > 0
  const later = differenceSeconds(moment, reference)
  return later > 0 && later <= unitSeconds
}
