import { expect, test } from 'vitest'
import { icmpReason } from '../../../server/linux/icmp/reason.ts'

test.each([
  ['inet', 3, 0, 'net_unreachable'],
  ['inet', 3, 1, 'host_unreachable'],
  ['inet', 3, 3, 'port_unreachable'],
  ['inet', 3, 4, 'packet_too_big'],
  ['inet', 3, 13, 'prohibited'],
  ['inet', 11, 0, 'ttl_exceeded'],
  ['inet', 12, 0, 'icmp_error'],
  ['inet6', 1, 0, 'net_unreachable'],
  ['inet6', 1, 1, 'prohibited'],
  ['inet6', 1, 3, 'host_unreachable'],
  ['inet6', 3, 0, 'ttl_exceeded'],
  ['inet6', 3, 1, 'icmp_error'],
] as const)('%s type %i code %i means %s', (family, type, code, reason) => {
  expect(icmpReason(family, type, code)).toBe(reason)
})
