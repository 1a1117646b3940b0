import { isIPv4, isIPv6 } from 'node:net'
import { ToolError } from '../../core/errors.ts'

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
