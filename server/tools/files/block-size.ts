import { ToolError } from '../../core/errors.ts'
import type { Flag } from '../../core/tool.ts'
import { humanSize, inBlocks, sizeUnits } from './size-text.ts'

/** A unit of sizes, and what stands behind a number of them. */
export interface BlockSize {
  bytes: number
  suffix: string
}

/** `K` and `KiB` with a suffix, `4K` without, `MB` by 1000, `512`. Throws ToolError `invalid_input`. */
export function parseBlockSize(word: string): BlockSize {
  const [matched, digits = '', letter = '', suffix = ''] = /^(\d*)([KMGTPEkm]?)(B|iB)?$/.exec(word) ?? []
  const power = sizeUnits.indexOf(letter.toUpperCase())
  const isDecimal = suffix === 'B' && power > 0
  const bytes = (digits === '' && power > 0 ? 1 : Number(digits)) * (isDecimal ? 1000 : 1024) ** power
  if (matched === undefined || bytes === 0 || !Number.isSafeInteger(bytes))
    throw new ToolError('invalid_input', `'${word}' is no size of blocks: 512, K, 4K, MB, …`)
  if (digits !== '') return { bytes, suffix: '' }
  return { bytes, suffix: (isDecimal && power === 1 ? 'k' : letter.toUpperCase()) + suffix }
}

/** Sizes as ls(1) and du(1) are asked for them; `usual`: the unit in bytes where they aren't. */
export function sizeWriter(blockSize: string | undefined, usual: number): (bytes: number) => string {
  if (blockSize === 'human') return bytes => humanSize(bytes)
  if (blockSize === 'si') return bytes => humanSize(bytes, 1000)
  const unit = blockSize === undefined ? { bytes: usual, suffix: '' } : parseBlockSize(blockSize)
  return bytes => inBlocks(bytes, unit.bytes) + unit.suffix
}

function checkedBlockSize(word: string): string {
  parseBlockSize(word)
  return word
}

/** How ls(1) and du(1) are told the unit of sizes; the last one counts. */
export const blockSizeFlags: Flag[] = [
  { field: 'blockSize', short: 'h', long: 'human-readable', value: 'human', help: 'In the shortest unit: 12K, 1.5M' },
  { field: 'blockSize', long: 'si', value: 'si', help: 'The same by 1000' },
  {
    field: 'blockSize',
    long: 'block-size',
    metavar: 'SIZE',
    parse: word => (word === 'human-readable' ? 'human' : word === 'si' ? word : checkedBlockSize(word)),
    help: 'Sizes in units of that: K, M, 4K, …',
  },
]
