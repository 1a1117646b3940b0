/** IPv4 address of four bytes in network order. */
export const formatInet = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`

/** IPv6 address of sixteen bytes in network order, as RFC 5952 writes it: `::1`, `fe80::1`, `::ffff:127.0.0.1`. */
export function formatInet6(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => (bytes[at + 2 * group]! << 8) | bytes[at + 2 * group + 1]!)
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every(group => group === 0)
  if (isMapped) return `::ffff:${formatInet(bytes, at + 12)}`
  const { start, length } = longestZeroRun(groups)
  const words = groups.map(group => group.toString(16))
  if (length < 2) return words.join(':')
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start }
  }
  return best
}
