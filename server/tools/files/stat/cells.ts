import type { Moment } from '../../../linux/root/status.ts'
import type { ByteText } from '../byte-text.ts'
import { type CellSpec, digitsCell, signOf, textCell } from '../printf-cell.ts'
import type { Directive } from './template.ts'

/** A directive that is written as text. */
export const text =
  <Thing>(of: (thing: Thing) => ByteText): Directive<Thing> =>
  (thing, spec) =>
    textCell(of(thing), spec)

type NumberOf<Thing> = (thing: Thing) => number | bigint | null

/** Digits of a base; `?` where the kernel was not to be asked. */
const digits =
  <Thing>(of: NumberOf<Thing>, base: number, mark: (digits: string) => string): Directive<Thing> =>
  (thing, spec) => {
    const value = of(thing)
    if (value === null) return textCell('?', { ...spec, precision: undefined })
    const written = value.toString(base)
    return digitsCell(written, spec, spec.flags.includes('#') && written !== '0' ? mark(written) : '')
  }

export const decimal = <Thing>(of: NumberOf<Thing>): Directive<Thing> => digits(of, 10, () => '')
export const octal = <Thing>(of: NumberOf<Thing>): Directive<Thing> => digits(of, 8, () => '0')
export const hexadecimal = <Thing>(of: NumberOf<Thing>): Directive<Thing> => digits(of, 16, () => '0x')

/** A number that may have a sign. */
export const signed =
  <Thing>(of: (thing: Thing) => number): Directive<Thing> =>
  (thing, spec) => {
    const value = of(thing)
    return digitsCell(String(Math.abs(value)), spec, value < 0 ? '-' : signOf(spec.flags))
  }

/** Seconds since 1970, with as many digits of a fraction as the precision says: out_epoch_sec() of coreutils. */
export function epochCell({ seconds, nanoseconds }: Moment, spec: CellSpec): string {
  const places = spec.precision ?? 0
  const isPast = seconds < 0
  const unit = 10n ** BigInt(9 - Math.min(places, 9))
  const exact = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
  const size = isPast && unit === 1_000_000_000n ? -BigInt(seconds) * 1_000_000_000n : isPast ? -exact : exact
  const kept = String(size / unit).padStart(Math.min(places, 9) + 1, '0')
  const point = kept.length - Math.min(places, 9)
  const fraction = kept.slice(point).padEnd(places, '0')
  const whole = places > 0 ? `${kept.slice(0, point)}.${fraction}` : kept
  return digitsCell(whole, { ...spec, precision: undefined }, isPast ? '-' : signOf(spec.flags))
}
