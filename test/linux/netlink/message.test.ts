import { expect, test } from 'vitest'
import { dumpRequest, headerBytes, readAttributes, readMessages } from '../../../server/linux/netlink/message.ts'

const message = (type: number, payload: Buffer): Buffer => {
  const whole = Buffer.alloc((headerBytes + payload.length + 3) & ~3)
  whole.writeUInt32LE(headerBytes + payload.length, 0)
  whole.writeUInt16LE(type, 4)
  payload.copy(whole, headerBytes)
  return whole
}

const errno = (number: number) => {
  const payload = Buffer.alloc(4)
  payload.writeInt32LE(-number)
  return payload
}

const payloadsOf = (datagram: Buffer) => {
  const payloads: string[] = []
  const done = readMessages(datagram, (start, end) => payloads.push(datagram.toString('latin1', start, end)))
  return { payloads, done }
}

test('a request for a dump states its length, type and flags', () => {
  const request = dumpRequest(20, Buffer.from('abc'))
  expect(request).toHaveLength(19)
  expect([request.readUInt32LE(0), request.readUInt16LE(4), request.readUInt16LE(6)]).toEqual([19, 20, 0x301])
})

test('messages of a datagram are read in order, whatever padding stands between', () => {
  const datagram = Buffer.concat([message(20, Buffer.from('one')), message(20, Buffer.from('three'))])
  expect(payloadsOf(datagram)).toEqual({ payloads: ['one', 'three'], done: false })
})

test('a dump is done at NLMSG_DONE, with or without an error number in it', () => {
  expect(payloadsOf(message(3, errno(0))).done).toBe(true)
  expect(payloadsOf(message(3, Buffer.alloc(0))).done).toBe(true)
})

test.each([
  ['NLMSG_ERROR', 2],
  ['NLMSG_DONE', 3],
])('a refusal in %s is the system error that the kernel named', (_name, type) => {
  expect(() => payloadsOf(message(type, errno(2)))).toThrow(expect.objectContaining({ code: 'ENOENT' }))
})

test('a datagram cut anywhere inside a message is an error, never a message', () => {
  const whole = message(20, Buffer.from('payload!'))
  for (let length = 1; length < whole.length; length++)
    expect(() => payloadsOf(whole.subarray(0, length)), `${length} bytes`).toThrow('cut')
})

test('a message that claims to be shorter than its header is an error and no endless loop', () => {
  const lying = message(20, Buffer.from('abcd'))
  lying.writeUInt32LE(0, 0)
  expect(() => payloadsOf(lying)).toThrow('cut')
})

test('attributes are read without their flag bits, up to one that is cut', () => {
  const bytes = Buffer.from([5, 0, 11, 0x80, 1, 0, 0, 0, 8, 0, 2, 0, 9, 9, 9, 9, 99, 0, 1, 0])
  const seen: [number, number][] = []
  readAttributes(bytes, 0, bytes.length, (type, start, end) => seen.push([type, end - start]))
  expect(seen).toEqual([
    [11, 1],
    [2, 4],
  ])
})
