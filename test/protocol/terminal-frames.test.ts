import { expect, test } from 'vitest'
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  FrameError,
  maxControlBytes,
  maxInputBytes,
  outputHeaderBytes,
  type ServerFrame,
  writeOutputHeader,
} from '../../server/protocol/terminal-frames.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const ofText = (text: string) => new TextEncoder().encode(text)

const state = {
  title: 'vim 你好',
  size: { cols: 80, rows: 24 },
  role: 'writer' as const,
  viewer: 'a1',
  viewers: [{ id: 'a1', role: 'writer' as const, readOnly: false }],
  readOnly: false,
  recording: { startTime: '2026-07-01T00:00:00.000Z', durationMs: 1, input: false, sizeBytes: 2, stopped: null },
  offers: [{ id: 'a1', name: '海图.txt', sizeBytes: 7 }],
}

const clientFrames: [wire: string, frame: ClientFrame][] = [
  ['00', { type: 'input', bytes: ofText('') }],
  ['00 6c730d', { type: 'input', bytes: ofText('ls\r') }],
  ['01 0050 0018', { type: 'resize', cols: 80, rows: 24 }],
  ['02 0000000000000000', { type: 'ack', offset: 0 }],
  ['02 0000000100000002', { type: 'ack', offset: 2 ** 32 + 2 }],
  ['02 001fffffffffffff', { type: 'ack', offset: Number.MAX_SAFE_INTEGER }],
  [`03 ${hex(ofText('{"type":"take"}'))}`, { type: 'control', control: { type: 'take' } }],
  [`03 ${hex(ofText('{"type":"kick","viewer":"b2"}'))}`, { type: 'control', control: { type: 'kick', viewer: 'b2' } }],
]

const serverFrames: [wire: string, frame: ServerFrame][] = [
  ['00 00000000ffffffff e4bd', { type: 'output', offset: 2 ** 32 - 1, bytes: fromHex('e4bd') }],
  ['01 0000000000000007 0050 0018 1b63', { type: 'snapshot', offset: 7, cols: 80, rows: 24, bytes: fromHex('1b63') }],
  ['02 00000003 00000000', { type: 'exit', status: 3, signal: 0 }],
  ['02 ffffffff 00000009', { type: 'exit', status: -1, signal: 9 }],
  [`03 ${hex(ofText(JSON.stringify(state)))}`, { type: 'state', state }],
  ['04 0000000100000002', { type: 'received', offset: 2 ** 32 + 2 }],
]

test.each(clientFrames)('a client frame is %s on the wire and comes back as it was', (wire, frame) => {
  expect(hex(encodeClientFrame(frame))).toBe(wire.replaceAll(' ', ''))
  expect(decodeClientFrame(fromHex(wire))).toEqual(frame)
})

test.each(serverFrames)('a server frame is %s on the wire and comes back as it was', (wire, frame) => {
  expect(hex(encodeServerFrame(frame))).toBe(wire.replaceAll(' ', ''))
  expect(decodeServerFrame(fromHex(wire))).toEqual(frame)
})

test('a frame may lie anywhere inside a larger buffer', () => {
  for (const [wire, frame] of clientFrames) {
    const within = fromHex(`ffffff${wire}ffff`).subarray(3, -2)
    expect(decodeClientFrame(within)).toEqual(frame)
  }
  const inPlace = new Uint8Array(20).subarray(2, 2 + outputHeaderBytes)
  writeOutputHeader(inPlace, 258)
  expect(hex(inPlace)).toBe('000000000000000102')
})

test('a frame of fixed length cut at any byte is refused', () => {
  const cut = (frames: [string, unknown][], decode: (bytes: Uint8Array) => unknown, least: Record<number, number>) => {
    for (const [wire] of frames) {
      const bytes = fromHex(wire)
      for (let length = 0; length < Math.min(bytes.length, least[bytes[0]!] ?? 0); length++)
        expect(() => decode(bytes.subarray(0, length))).toThrow(FrameError)
    }
  }
  cut(clientFrames, decodeClientFrame, { 0: 1, 1: 5, 2: 9, 3: Number.POSITIVE_INFINITY })
  cut(serverFrames, decodeServerFrame, { 0: 9, 1: 13, 2: 9, 3: Number.POSITIVE_INFINITY })
})

test.each([
  ['nothing at all', '', 'a frame has at least its type byte'],
  ['an unknown type', '04 00', 'no client frame has type 4'],
  ['the last unknown type', 'ff', 'no client frame has type 255'],
  ['a resize of no columns', '01 0000 0018', 'columns'],
  ['a resize of no rows', '01 0050 0000', 'rows'],
  ['a resize to 65535 columns', '01 ffff 0018', '65535x24'],
  ['a resize with a byte too many', '01 0050 0018 00', 'a resize frame has 5 bytes, not 6'],
  ['an ack past 2^53', '02 0020000000000000', 'an offset is below 2^53'],
  ['an ack with a byte too many', '02 000000000000000000', 'an ack frame has 9 bytes, not 10'],
  ['a control that is no JSON', `03 ${hex(ofText('{"type":'))}`, 'the frame holds no JSON'],
  ['a control that is no UTF-8', '03 22ff22', 'the frame holds no JSON'],
  ['a control that is a list', `03 ${hex(ofText('["take"]'))}`, 'the JSON of a frame is an object'],
  ['a control that is null', `03 ${hex(ofText('null'))}`, 'the JSON of a frame is an object'],
  ['an unknown control', `03 ${hex(ofText('{"type":"steal"}'))}`, 'take, give or kick'],
  ['a control without a type', `03 ${hex(ofText('{}'))}`, 'take, give or kick'],
  ['a control whose viewer is a number', `03 ${hex(ofText('{"type":"kick","viewer":1}'))}`, 'a string'],
])('%s from a client is refused with its reason', (_name, wire, reason) => {
  expect(() => decodeClientFrame(fromHex(wire))).toThrow(FrameError)
  expect(() => decodeClientFrame(fromHex(wire))).toThrow(reason)
})

test('input of 1 MiB passes, one byte more does not, nor does a control of 5 KiB', () => {
  expect(decodeClientFrame(new Uint8Array(1 + maxInputBytes))).toMatchObject({ type: 'input' })
  expect(() => decodeClientFrame(new Uint8Array(2 + maxInputBytes))).toThrow(FrameError)
  const control = new Uint8Array(2 + maxControlBytes).fill(0x20)
  control[0] = 3
  expect(() => decodeClientFrame(control)).toThrow('4096')
})

test('what could not be read back is not written', () => {
  expect(() => encodeClientFrame({ type: 'ack', offset: -1 })).toThrow(FrameError)
  expect(() => encodeClientFrame({ type: 'ack', offset: 2 ** 53 })).toThrow(FrameError)
  expect(() => encodeClientFrame({ type: 'resize', cols: 0, rows: 1 })).toThrow(FrameError)
  expect(() => encodeServerFrame({ type: 'output', offset: 0.5, bytes: new Uint8Array() })).toThrow(FrameError)
})
