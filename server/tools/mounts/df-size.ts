import { ToolError } from '../../core/errors.ts'

/** How df writes sizes: in blocks of so many bytes, or in the shortest unit. */
export interface SizeForm {
  blockSize: bigint
  /** Powers of this, where the unit is chosen for each number. */
  human?: 1024 | 1000
  /** Behind each number: `M`, `MB`, `MiB`. */
  suffix: string
}

const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']

/** gnulib's human_readable() with human_ceiling: nothing is shown smaller than it is. */
export function sizeText(bytes: bigint, { blockSize, human, suffix }: SizeForm): string {
  if (bytes < 0n) return `-${sizeText(-bytes, { blockSize, ...(human ? { human } : {}), suffix })}`
  if (human) return shortest(bytes, human, true)
  return ceilDiv(bytes, blockSize) + suffix
}

function shortest(value: bigint, base: 1024 | 1000, pointZero: boolean): string {
  const step = BigInt(base)
  let power = 0
  let unit = 1n
  while (value >= unit * step && power < letters.length - 1) {
    unit *= step
    power++
  }
  if (power === 0) return String(value)
  const letter = (at: number) => (base === 1000 && at === 1 ? 'k' : letters[at]!)
  const tenths = ceilDiv(value * 10n, unit)
  if (tenths < 100n) {
    const isWhole = tenths % 10n === 0n && !pointZero
    return `${tenths / 10n}${isWhole ? '' : `.${tenths % 10n}`}${letter(power)}`
  }
  const whole = ceilDiv(value, unit)
  if (whole === step && power < letters.length - 1) return `1${pointZero ? '.0' : ''}${letter(power + 1)}`
  return `${whole}${letter(power)}`
}

const ceilDiv = (value: bigint, by: bigint) => (value + by - 1n) / by

/** `1K` of "1K-blocks": in the base that makes it more exact. */
export function blockName(blockSize: bigint, suffix: string): string {
  let thousand = blockSize
  let binary = blockSize
  for (;;) {
    const [byThousand, byBinary] = [thousand % 1000n === 0n, binary % 1024n === 0n]
    thousand /= 1000n
    binary /= 1024n
    if (byThousand && byBinary) continue
    const hasB = suffix.endsWith('B')
    const isBinary = byThousand === byBinary ? suffix !== '' && !/^\w?B$/.test(suffix) : byBinary
    if (!isBinary) return `${shortest(blockSize, 1000, false)}B`
    return `${shortest(blockSize, 1024, false)}${hasB ? 'iB' : ''}`
  }
}

/** What -B takes: `1K`, `MB`, `512`, `human-readable`. Without a digit the unit stands behind each number. */
export function parseBlockSize(word: string): { blockSize: number; blockSuffix?: string } | { human: '1024' | '1000' } {
  if (word === 'human-readable') return { human: '1024' }
  if (word === 'si') return { human: '1000' }
  const [, digits = '', letter = '', tail = ''] = /^(\d*)(?:([KkMGTPE])(B|iB)?)?$/.exec(word) ?? []
  const base = tail === 'B' ? 1000 : 1024
  const size = Number(digits || (letter ? 1 : Number.NaN)) * base ** letters.indexOf(letter.toUpperCase())
  if (!(size >= 1) || !Number.isSafeInteger(size))
    throw new ToolError('invalid_input', `-B takes a size such as 1K, MB or 512, not '${word}'`)
  if (digits) return { blockSize: size }
  const unit = tail === 'B' && letter.toUpperCase() === 'K' ? 'k' : letter.toUpperCase()
  return { blockSize: size, blockSuffix: unit + tail }
}
