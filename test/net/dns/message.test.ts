import { encode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../../server/net/dns/message.ts'
import { encodeQuery } from '../../../server/net/dns/query.ts'
import { Malformed } from '../../../server/net/dns/wire-reader.ts'
import { rawRecord } from './dns-server.ts'
import { records } from './records.ts'

const header = (questions: number, answers: number, flags = 0x8180) =>
  Buffer.from([0, 7, flags >> 8, flags & 0xff, 0, questions, 0, answers, 0, 0, 0, 0])

const answerTo = (...answers: never[]) =>
  encode({ type: 'response', id: 7, questions: [{ name: 'a.example', type: 'A' }], answers })

describe('record data in presentation form', () => {
  test.each(records)('type %i', (type, data, presentation) => {
    const message = decodeMessage(answerTo(rawRecord('a.example', type, data)))
    expect(message.answers).toEqual([
      expect.objectContaining({ name: 'a.example.', class: 'IN', ttlSeconds: 300, data: presentation }),
    ])
  })

  test.each(records.filter(([, data]) => data.length > 0))(
    'type %i one octet short is malformed or shows only what is there',
    (type, data) => {
      const short = answerTo(rawRecord('a.example', type, data.subarray(0, -1)))
      try {
        expect(decodeMessage(short).answers).toHaveLength(1)
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed)
      }
    },
  )

  test('an address of five octets is malformed', () => {
    expect(() => decodeMessage(answerTo(rawRecord('a.example', 1, Buffer.alloc(5))))).toThrow('A data is longer')
  })

  test('an address of another class than IN keeps its octets', () => {
    const record = { name: 'a.example', type: 'A', class: 'CH', data: '192.0.2.1' } as never
    expect(decodeMessage(answerTo(record)).answers[0]).toMatchObject({ class: 'CH', data: '\\# 4 C0000201' })
  })
})

describe('hostile messages', () => {
  test.each([
    ['a pointer to itself', [0xc0, 12]],
    ['a pointer forwards', [0xc0, 14, 0]],
    ['a label, then a pointer to its own start', [1, 0x61, 0xc0, 12]],
    ['a pointer past the end', [0xff, 0xff]],
  ])('%s is a compression loop', (_what, name) => {
    expect(() => decodeMessage(Buffer.concat([header(1, 0), Buffer.from([...name, 0, 1, 0, 1])]))).toThrow(
      /compression loop/,
    )
  })

  test('two pointers to each other are a compression loop', () => {
    const record = [0xc0, 30, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0xc0, 12]
    expect(() => decodeMessage(Buffer.concat([header(0, 1), Buffer.from(record)]))).toThrow(/compression loop/)
  })

  test('a name longer than 255 octets is malformed', () => {
    const label = Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 0x61)])
    const bytes = Buffer.concat([header(1, 0), label, label, label, label, Buffer.from([0, 0, 1, 0, 1])])
    expect(() => decodeMessage(bytes)).toThrow('longer than 255 octets')
  })

  test('more records promised than sent is malformed', () => {
    expect(() => decodeMessage(Buffer.concat([header(0, 255)]))).toThrow(Malformed)
  })

  test('cut at every octet it is malformed, and with TC set what is whole is kept', () => {
    const whole = answerTo(
      rawRecord('a.example', 1, Buffer.from([192, 0, 2, 1])),
      rawRecord('a.example', 16, Buffer.from([0])),
    )
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeMessage(whole.subarray(0, length)), `${length} octets`).toThrow(Malformed)
    whole[2]! |= 0x02
    expect(decodeMessage(whole.subarray(0, -3))).toMatchObject({ truncated: true, answers: [{ data: '192.0.2.1' }] })
  })

  test('whatever octet is changed, it is read or malformed, and all text stays printable ASCII', () => {
    const whole = answerTo(...records.map(([type, data], at) => rawRecord(`r${at}.example`, type, data)))
    for (let at = 0; at < whole.length; at++)
      for (const value of [0x00, 0x1b, 0x7f, 0xc0, 0xff]) {
        const changed = Buffer.from(whole)
        changed[at] = value
        expect(textOf(changed)).toMatch(/^[\x20-\x7e]*$/)
      }
  })
})

function textOf(bytes: Buffer): string {
  try {
    return JSON.stringify(decodeMessage(bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed)
    return ''
  }
}

test('the header, the question and EDNS are read as they were written', () => {
  const linux = { peek: () => Buffer.from([0x12, 0x34]) }
  const options = { recurse: true, ednsUdpSize: 1232, dnssec: true }
  const { id, bytes } = encodeQuery('Example.com', 'TYPE1234', 'CH', options, linux)
  expect([id, bytes.readUInt16BE(0)]).toEqual([0x1234, 0x1234])
  expect(decodeMessage(bytes)).toMatchObject({
    id,
    isResponse: false,
    opcode: 'QUERY',
    flags: ['rd', 'ad'],
    questions: [{ name: 'Example.com.', type: 'TYPE1234', class: 'CH' }],
    edns: { version: 0, udpSize: 1232, flags: ['do'] },
  })
})

test('EDNS carries the upper bits of the rcode, and says why a resolver failed', () => {
  const edns = Buffer.from([0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 11, 0, 15, 0, 7, 0, 22, 0x64, 0x6f, 0x77, 0x6e, 0x1b])
  const bytes = Buffer.concat([header(0, 0), edns])
  bytes[11] = 1
  expect(decodeMessage(bytes)).toMatchObject({
    rcode: 'BADVERS',
    edns: { options: [{ code: 15, name: 'EDE', data: '22 (No Reachable Authority): (down\\027)' }] },
  })
})
