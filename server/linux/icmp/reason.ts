import type { AddressFamily } from '../socket-address.ts'

/** Why a packet did not arrive, as an ICMP error says. */
export const icmpReasons = [
  'net_unreachable',
  'host_unreachable',
  'protocol_unreachable',
  'port_unreachable',
  'prohibited',
  'packet_too_big',
  'ttl_exceeded',
  'icmp_error',
] as const
export type IcmpReason = (typeof icmpReasons)[number]

/** Keys are type/code. RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1. */
const inet: Record<string, IcmpReason> = {
  '3/0': 'net_unreachable',
  '3/1': 'host_unreachable',
  '3/2': 'protocol_unreachable',
  '3/3': 'port_unreachable',
  '3/4': 'packet_too_big',
  '3/6': 'net_unreachable',
  '3/7': 'host_unreachable',
  '3/9': 'prohibited',
  '3/10': 'prohibited',
  '3/11': 'net_unreachable',
  '3/12': 'host_unreachable',
  '3/13': 'prohibited',
  '11/0': 'ttl_exceeded',
}

/** RFC 4443 §3; 5 and 6 are a failed source policy and a reject route. */
const inet6: Record<string, IcmpReason> = {
  '1/0': 'net_unreachable',
  '1/1': 'prohibited',
  '1/2': 'net_unreachable',
  '1/3': 'host_unreachable',
  '1/4': 'port_unreachable',
  '1/5': 'prohibited',
  '1/6': 'prohibited',
  '2/0': 'packet_too_big',
  '3/0': 'ttl_exceeded',
}

/** The reason behind an ICMP error's type and code; `icmp_error` for those without a word of their own. */
export function icmpReason(family: AddressFamily, type: number, code: number): IcmpReason {
  return (family === 'inet' ? inet : inet6)[`${type}/${code}`] ?? 'icmp_error'
}
