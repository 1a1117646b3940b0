import { expect, test } from 'vitest'
import { parseControlMessages } from '../../../server/linux/icmp/control.ts'

/** As CMSG_DATA lays one out, padded to 8 bytes. */
function message(level: number, type: number, data: Buffer): Buffer {
  const bytes = Buffer.alloc(Math.ceil((16 + data.length) / 8) * 8)
  bytes.writeBigUInt64LE(BigInt(16 + data.length), 0)
  bytes.writeInt32LE(level, 8)
  bytes.writeInt32LE(type, 12)
  data.copy(bytes, 16)
  return bytes
}

const stamp = message(1, 35, Buffer.alloc(16, 1))
const ttl = message(0, 2, Buffer.from([64, 0, 0, 0]))

test('messages follow each other, each with its data and without its padding', () => {
  expect([...parseControlMessages(Buffer.concat([stamp, ttl]))]).toEqual([
    { level: 1, type: 35, data: Buffer.alloc(16, 1) },
    { level: 0, type: 2, data: Buffer.from([64, 0, 0, 0]) },
  ])
})

test('cut at any byte, the whole ones before the cut are kept and nothing is read beyond it', () => {
  const both = Buffer.concat([stamp, ttl])
  for (let length = 0; length < both.length; length++) {
    const found = [...parseControlMessages(both.subarray(0, length))]
    const whole = length < stamp.length ? 0 : length < stamp.length + 20 ? 1 : 2
    expect(found).toHaveLength(whole)
  }
})

test('a length that cannot be ends the list instead of looping', () => {
  for (const length of [0n, 15n, 1n << 40n, (1n << 64n) - 1n]) {
    const broken = Buffer.from(stamp)
    broken.writeBigUInt64LE(length, 0)
    expect([...parseControlMessages(broken)]).toEqual([])
  }
})
