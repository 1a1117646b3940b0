import { ToolError } from '../../core/errors.ts'
import type { Draft, Flag } from '../../core/tool.ts'
import type { Part } from './part.ts'

/** How much of a file, as a flag of head or tail says it. */
interface Count {
  unit: Part['unit']
  /** `+5`, `-5` and `5` are three things. */
  sign: '+' | '-' | ''
  count: number
}

/** Suffixes of coreutils. */
const powers = 'KMGTPEZY'
const multipliers = new Map<string, number>([
  ['', 1],
  ['b', 512],
])
for (const [index, letter] of [...powers].entries()) {
  multipliers
    .set(letter, 1024 ** (index + 1))
    .set(`${letter}iB`, 1024 ** (index + 1))
    .set(`${letter}B`, 1000 ** (index + 1))
}
multipliers
  .set('k', 1024)
  .set('kB', 1000)
  .set('m', 1024 ** 2)

/** `-n` and `-c`: they fill `last`, and `takeCount()` takes it from there once all flags are read. */
export const countFlag = (unit: Part['unit']): Flag => ({
  field: 'last',
  short: unit === 'lines' ? 'n' : 'c',
  long: unit,
  metavar: 'N',
  help: unit === 'lines' ? 'So many lines' : 'So many bytes; K, M and G are powers of 1024, kB, MB and GB of 1000',
  parse: word => parseCount(word, unit),
})

function parseCount(word: string, unit: Part['unit']): Count {
  const [, sign = '', digits = '', suffix = ''] = /^([+-]?)(\d+)(.*)$/.exec(word) ?? []
  const multiplier = digits === '' ? undefined : multipliers.get(suffix)
  if (multiplier === undefined) throw new ToolError('invalid_input', `invalid number of ${unit}: '${word}'`)
  const count = Math.min(Number(digits) * multiplier, Number.MAX_SAFE_INTEGER)
  return { unit, sign: sign as Count['sign'], count }
}

/** `-20` as of old, and `-20f` of tail. */
export function dashedCount(word: string, draft: Draft, letters: RegExp): boolean {
  const [, count, letter] = /^-(\d+)([a-z]?)$/.exec(word) ?? []
  if (count === undefined || !letters.test(letter!)) return false
  draft.last = { unit: 'lines', sign: '', count: Number(count) } satisfies Count
  if (letter === 'f') draft.follow = 'descriptor'
  return true
}

/** Ten lines where nothing is said. */
export function takeCount(draft: Draft): Count {
  const { last = { unit: 'lines', sign: '', count: 10 }, ...rest } = draft
  for (const field of Object.keys(draft)) delete draft[field]
  Object.assign(draft, rest)
  const count = last as Count
  draft.unit = count.unit
  return count
}
