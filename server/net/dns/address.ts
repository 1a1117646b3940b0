import { isIPv4, isIPv6 } from 'node:net'
import { ToolError } from '../../core/errors.ts'

/** Sixteen octets as RFC 5952 writes them, except that IPv4-mapped ones keep their dots, as in inet_ntop(3). */
export function presentIPv6(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(at * 2))
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (isMapped) return `::ffff:${octets.subarray(12).join('.')}`
  const { start, length } = longestZeroRun(groups)
  const hex = groups.map(group => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [at, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { start: at - length + 1, length }
  }
  return best
}

/** The name under which an address has its PTR: `1.2.0.192.in-addr.arpa`, nibbles under ip6.arpa (RFC 3596, section 2.5). */
export function reverseName(address: string): string {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`
  const unzoned = address.split('%', 1)[0]!
  if (!isIPv6(unzoned))
    throw new ToolError('invalid_input', `'${address}' is no IPv4 or IPv6 address`, {
      fields: [{ path: 'name', message: 'a reverse lookup takes an address' }],
    })
  const nibbles = hextets(unzoned).map(group => group.toString(16).padStart(4, '0'))
  return `${[...nibbles.join('')].reverse().join('.')}.ip6.arpa`
}

/** The eight groups of an IPv6 address that isIPv6 accepted. */
function hextets(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const left = groupsOf(head)
  if (tail === undefined) return left
  const right = groupsOf(tail)
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}
