import { ToolError } from '../../core/errors.ts'
import { fieldOf } from './fields.ts'
import { compare, fieldValue } from './order.ts'
import type { Row } from './row.ts'

export type Test = (row: Row) => boolean

const units: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 }

/**
 * `[!]FIELD=VALUE`, `<` and `>` as well, as top's keys o and O take them: text holds the value, numbers are compared; memory takes units
 * of 1024 (`RES>100m`), and KiB without one. Throws ToolError `invalid_input` that says what is missing.
 */
export function parseFilter(text: string): Test {
  const [, not, name = '', sign, value = ''] = /^(!?)([^=<>]*)([=<>])(.*)$/s.exec(text.trim()) ?? []
  if (sign === undefined) throw wrong(`'${text}' filter delimiter is missing: [!]FIELD=VALUE, or < or > in place of =`)
  if (value === '') throw wrong(`'${text}' filter value is missing`)
  const field = fieldOf(name.trim(), 'filters')
  const number = numberOf(value, field.endsWith('Bytes'))
  const test: Test = row => holds(fieldValue(row, field), sign, value, number)
  return not ? row => !test(row) : test
}

function numberOf(text: string, isMemory: boolean): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmgtp]?)$/i.exec(text.trim()) ?? []
  if (digits === undefined) return undefined
  const factor = units[unit.toLowerCase()]!
  return Number(digits) * (isMemory && unit === '' ? 1024 : factor)
}

function holds(actual: string | number | null, sign: string, text: string, number: number | undefined): boolean {
  if (actual === null) return false
  if (typeof actual === 'string') {
    if (sign === '=') return actual.includes(text)
    return sign === '<' ? actual < text : actual > text
  }
  if (number === undefined) return false
  const order = compare(actual, number)
  return sign === '=' ? order === 0 : sign === '<' ? order < 0 : order > 0
}

const wrong = (message: string) =>
  new ToolError('invalid_input', `filters: ${message}`, { fields: [{ path: 'filters', message }] })
