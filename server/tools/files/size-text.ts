/** Powers of 1024, or of 1000. */
export const sizeUnits = ['', 'K', 'M', 'G', 'T', 'P', 'E']

/** `12K`, `1.5M`: rounded up, as ls and du -h show it; by 1000 instead of 1024 with `base`, which writes a small k. */
export function humanSize(bytes: number, base = 1024): string {
  let power = 0
  while (power < sizeUnits.length - 1 && roundedUp(bytes, base ** power) >= (power === 0 ? base : 1000 * (base / 1000)))
    power++
  const scaled = bytes / base ** power
  const tenths = Math.ceil(scaled * 10)
  const text = power > 0 && tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(Math.ceil(scaled))
  return text + (base === 1000 ? sizeUnits[power]!.replace('K', 'k') : sizeUnits[power]!)
}

const roundedUp = (bytes: number, unit: number) => Math.ceil(bytes / unit)

/** Whole blocks, the last one counted as if it were full. */
export const inBlocks = (bytes: number, blockBytes: number): string => String(Math.ceil(bytes / blockBytes))
