import { expect, test } from 'vitest'
import {
  internetChecksum,
  readEchoReply,
  readEchoRequest,
  withoutIpv4Header,
  writeEchoRequest,
} from '../../../server/linux/icmp/packet.ts'

const echo = (type: number, ...rest: number[]) => Buffer.from([type, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd, ...rest])

test('a request carries type, identifier, sequence and, for IPv4, a checksum that sums to nothing', () => {
  const packet = Buffer.alloc(11, 7)
  writeEchoRequest(packet, 'inet', { id: 0x1234, sequence: 0xabcd })
  expect([packet[0], packet[1]]).toEqual([8, 0])
  expect(internetChecksum(packet)).toBe(0)
  expect(readEchoRequest(packet, 'inet')).toEqual({ id: 0x1234, sequence: 0xabcd })
  writeEchoRequest(packet, 'inet6', { id: 1, sequence: 2 })
  expect([...packet.subarray(0, 8)]).toEqual([128, 0, 0, 0, 0, 1, 0, 2])
})

test('the checksum is that of the example in RFC 1071, also over an odd number of bytes', () => {
  expect(internetChecksum(Buffer.from('0001f203f4f5f6f7', 'hex'))).toBe(~0xddf2 & 0xffff)
  expect(internetChecksum(Buffer.from('000100', 'hex'))).toBe(0xfffe)
  expect(internetChecksum(Buffer.from('ffffffff80', 'hex'))).toBe(0x7fff)
})

test('a reply is read whole, and cut anywhere in its header it is none', () => {
  const reply = echo(0, 1, 2)
  expect(readEchoReply(reply, 'inet')).toEqual({ id: 0x1234, sequence: 0xabcd })
  expect(readEchoReply(echo(129), 'inet6')).toEqual({ id: 0x1234, sequence: 0xabcd })
  for (let length = 0; length < 8; length++) expect(readEchoReply(reply.subarray(0, length), 'inet')).toBeUndefined()
})

test('other types and codes are no replies', () => {
  for (const type of [3, 8, 11, 129]) expect(readEchoReply(echo(type), 'inet')).toBeUndefined()
  expect(readEchoReply(echo(0), 'inet6')).toBeUndefined()
  expect(readEchoReply(Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]), 'inet')).toBeUndefined()
})

test('what a raw socket gives loses its IPv4 header, options included, and nothing is left of a cut one', () => {
  const header = (words: number) => Buffer.alloc(words * 4, 0x40 | words)
  for (const words of [5, 6, 15]) expect(withoutIpv4Header(Buffer.concat([header(words), echo(0)]))).toEqual(echo(0))
  expect(withoutIpv4Header(header(6).subarray(0, 10))).toHaveLength(0)
  expect(withoutIpv4Header(Buffer.alloc(0))).toHaveLength(0)
})
