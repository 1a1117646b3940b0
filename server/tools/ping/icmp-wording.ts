import type { AddressFamily } from '../../linux/socket-address.ts'

export interface IcmpError {
  icmpType: number
  icmpCode: number
  /** The MTU, or the pointer. */
  info: number
}

/** What an ICMP error says, in the words of ping(8). */
export function icmpMessage(family: AddressFamily, error: IcmpError): string {
  return family === 'inet' ? inetMessage(error) : inet6Message(error)
}

const unreachable = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  undefined,
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
]
const exceeded = ['Time to live exceeded', 'Frag reassembly time exceeded']

/** RFC 792 types: 3 destination unreachable, 11 time exceeded, 12 parameter problem. */
function inetMessage({ icmpType, icmpCode, info }: IcmpError): string {
  if (icmpType === 3 && icmpCode === 4) return `Frag needed and DF set (mtu = ${info})`
  if (icmpType === 3) return unreachable[icmpCode] ?? `Dest Unreachable, Bad Code: ${icmpCode}`
  if (icmpType === 11) return exceeded[icmpCode] ?? `Time exceeded, Bad Code: ${icmpCode}`
  if (icmpType === 12) return `Parameter problem: pointer = ${info >>> 24}`
  return `Bad ICMP type: ${icmpType}`
}

const unreachable6 = [
  'No route',
  'Administratively prohibited',
  'Beyond scope of source address',
  'Address unreachable',
  'Port unreachable',
]
const exceeded6 = ['Hop limit', 'Defragmentation failure']
const parameter6 = ['Wrong header field ', 'Unknown header ', 'Unknown option ']

/** RFC 4443 types: 1 destination unreachable, 2 packet too big, 3 time exceeded, 4 parameter problem. */
function inet6Message({ icmpType, icmpCode, info }: IcmpError): string {
  if (icmpType === 1) return `Destination unreachable: ${unreachable6[icmpCode] ?? `Unknown code ${icmpCode}`}`
  if (icmpType === 2) return `Packet too big: mtu=${info}`
  if (icmpType === 3) return `Time exceeded: ${exceeded6[icmpCode] ?? `code ${icmpCode}`}`
  if (icmpType === 4) return `Parameter problem: ${parameter6[icmpCode] ?? `code ${icmpCode} `}at ${info}`
  return `unknown icmp type: ${icmpType}`
}
