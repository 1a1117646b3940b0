/**
 * Frames of the WebSocket subprotocol `ditty.terminal.v1`: binary both ways, one type byte first, integers big-endian. The
 * server and the page share this file, so it knows neither Node nor the DOM.
 *
 * Output is one stream of bytes counted from 0. An offset is a u64 on the wire and a number here: 2^53 bytes are a century of
 * output at 3 MB/s, and bigints would cost an allocation a frame. A larger one is refused.
 */

export const terminalSubprotocol = 'ditty.terminal.v1'

/** Bytes of input in one frame: 1 MiB holds any paste a person makes; a client cuts longer ones. */
export const maxInputBytes = 1 << 20
/** A whole frame from a client: its type byte and the input. */
export const maxClientFrameBytes = 1 + maxInputBytes
/** JSON of a control frame; the longest sensible one has a few dozen bytes. */
export const maxControlBytes = 4096
/** Columns and rows: wider than any screen at the smallest zoom, and few enough for a screen kept on the server. */
export const maxColumns = 2000
export const maxRows = 1000

/** Why the server closed the socket. Other codes are the WebSocket's own (1000, 1001, 1012 restart, …). */
export const closeCode = { badFrame: 4400, notPermitted: 4403, notFound: 4404, ended: 4409, restart: 1012 } as const

export interface TerminalSize {
  cols: number
  rows: number
}

/** Who writes. `take` the keyboard, `give` it to another viewer, `kick` a viewer out; `viewer` is an id of the state frame. */
export interface Control {
  type: 'take' | 'give' | 'kick'
  viewer?: string
}

export type Role = 'writer' | 'reader'

/** What a viewer shows around the screen. Sent at attach and at every change. */
export interface TerminalState {
  title: string
  size: TerminalSize
  /** The receiving viewer's own role and id. */
  role: Role
  viewer: string
  viewers: { id: string; role: Role }[]
  /** The receiving viewer can never write. */
  readOnly: boolean
}

export type ClientFrame =
  | { type: 'input'; bytes: Uint8Array }
  | ({ type: 'resize' } & TerminalSize)
  /** Everything before `offset` is rendered. */
  | { type: 'ack'; offset: number }
  | { type: 'control'; control: Control }

export type ServerFrame =
  /** `offset` is that of the first byte. */
  | { type: 'output'; offset: number; bytes: Uint8Array }
  /** Reset, resize and write `bytes`: then the screen stands where output goes on, at `offset`. */
  | ({ type: 'snapshot'; offset: number; bytes: Uint8Array } & TerminalSize)
  /** `status` as in wait(2), 0 when a signal ended the process; `signal` is 0 when none did. */
  | { type: 'exit'; status: number; signal: number }
  | { type: 'state'; state: TerminalState }

/** The other side sent what the table doesn't know; the connection is closed with `closeCode.badFrame`. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** Bytes before the payload of an output frame: type and offset. */
export const outputHeaderBytes = 9
const snapshotHeaderBytes = 13

export function encodeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  switch (frame.type) {
    case 'input':
      return withBytes(0, 1, frame.bytes).bytes
    case 'resize': {
      const { bytes, view } = start(1, 5)
      writeSize(view, 1, frame)
      return bytes
    }
    case 'ack': {
      const { bytes, view } = start(2, 9)
      writeOffset(view, frame.offset)
      return bytes
    }
    case 'control':
      return withBytes(3, 1, json(frame.control)).bytes
  }
}

export function encodeServerFrame(frame: ServerFrame): Uint8Array<ArrayBuffer> {
  switch (frame.type) {
    case 'output': {
      const { bytes, view } = withBytes(0, outputHeaderBytes, frame.bytes)
      writeOffset(view, frame.offset)
      return bytes
    }
    case 'snapshot': {
      const { bytes, view } = withBytes(1, snapshotHeaderBytes, frame.bytes)
      writeOffset(view, frame.offset)
      writeSize(view, 9, frame)
      return bytes
    }
    case 'exit': {
      const { bytes, view } = start(2, 9)
      view.setInt32(1, frame.status)
      view.setInt32(5, frame.signal)
      return bytes
    }
    case 'state':
      return withBytes(3, 1, json(frame.state)).bytes
  }
}

/** The header of an output frame, where the payload is already in place behind it and need not be copied. */
export function writeOutputHeader(frame: Uint8Array, offset: number): void {
  frame[0] = 0
  writeOffset(viewOf(frame), offset)
}

/** Payloads are views into `frame`, not copies. Throws FrameError. */
export function decodeClientFrame(frame: Uint8Array): ClientFrame {
  if (frame.length > maxClientFrameBytes) throw new FrameError(`a frame holds at most ${maxClientFrameBytes} bytes`)
  switch (typeOf(frame)) {
    case 0:
      return { type: 'input', bytes: frame.subarray(1) }
    case 1:
      expectLength(frame, 5, 'resize')
      return { type: 'resize', ...readSize(viewOf(frame), 1) }
    case 2:
      expectLength(frame, 9, 'ack')
      return { type: 'ack', offset: readOffset(viewOf(frame)) }
    case 3:
      return { type: 'control', control: readControl(frame) }
    default:
      throw new FrameError(`no client frame has type ${frame[0]}`)
  }
}

/** Payloads are views into `frame`, not copies. Throws FrameError. */
export function decodeServerFrame(frame: Uint8Array): ServerFrame {
  switch (typeOf(frame)) {
    case 0:
      expectAtLeast(frame, outputHeaderBytes, 'output')
      return { type: 'output', offset: readOffset(viewOf(frame)), bytes: frame.subarray(outputHeaderBytes) }
    case 1: {
      expectAtLeast(frame, snapshotHeaderBytes, 'snapshot')
      const view = viewOf(frame)
      return {
        type: 'snapshot',
        offset: readOffset(view),
        ...readSize(view, 9),
        bytes: frame.subarray(snapshotHeaderBytes),
      }
    }
    case 2: {
      expectLength(frame, 9, 'exit')
      const view = viewOf(frame)
      return { type: 'exit', status: view.getInt32(1), signal: view.getInt32(5) }
    }
    case 3:
      return { type: 'state', state: parseJson(frame) as unknown as TerminalState }
    default:
      throw new FrameError(`no server frame has type ${frame[0]}`)
  }
}

function typeOf(frame: Uint8Array): number {
  if (frame.length === 0) throw new FrameError('a frame has at least its type byte')
  return frame[0]!
}

function start(type: number, length: number) {
  const bytes = new Uint8Array(length)
  bytes[0] = type
  return { bytes, view: viewOf(bytes) }
}

function withBytes(type: number, headerBytes: number, payload: Uint8Array) {
  const frame = start(type, headerBytes + payload.length)
  frame.bytes.set(payload, headerBytes)
  return frame
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function writeOffset(view: DataView, offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new FrameError(`${offset} is no offset`)
  view.setUint32(1, Math.floor(offset / 2 ** 32))
  view.setUint32(5, offset % 2 ** 32)
}

function readOffset(view: DataView): number {
  const offset = view.getUint32(1) * 2 ** 32 + view.getUint32(5)
  if (!Number.isSafeInteger(offset)) throw new FrameError('an offset is below 2^53')
  return offset
}

function writeSize(view: DataView, at: number, { cols, rows }: TerminalSize): void {
  checkSize(cols, rows)
  view.setUint16(at, cols)
  view.setUint16(at + 2, rows)
}

function readSize(view: DataView, at: number): TerminalSize {
  const [cols, rows] = [view.getUint16(at), view.getUint16(at + 2)]
  checkSize(cols, rows)
  return { cols, rows }
}

function checkSize(cols: number, rows: number): void {
  const fits = (value: number, limit: number) => Number.isInteger(value) && value >= 1 && value <= limit
  if (!fits(cols, maxColumns) || !fits(rows, maxRows))
    throw new FrameError(`a terminal has 1 to ${maxColumns} columns and 1 to ${maxRows} rows, not ${cols}x${rows}`)
}

const controlTypes: readonly unknown[] = ['take', 'give', 'kick'] satisfies Control['type'][]

function readControl(frame: Uint8Array): Control {
  if (frame.length > 1 + maxControlBytes) throw new FrameError(`a control frame holds at most ${maxControlBytes} bytes`)
  const { type, viewer } = parseJson(frame)
  if (!controlTypes.includes(type)) throw new FrameError('the type of a control is take, give or kick')
  if (viewer !== undefined && typeof viewer !== 'string') throw new FrameError('the viewer of a control is a string')
  return { type: type as Control['type'], ...(viewer === undefined ? {} : { viewer }) }
}

const json = (value: object) => new TextEncoder().encode(JSON.stringify(value))

function parseJson(frame: Uint8Array): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(1)))
  } catch (error) {
    throw new FrameError('the frame holds no JSON', { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FrameError('the JSON of a frame is an object')
  return value as Record<string, unknown>
}

function expectLength(frame: Uint8Array, length: number, name: string): void {
  if (frame.length !== length) throw new FrameError(`${article(name)} frame has ${length} bytes, not ${frame.length}`)
}

function expectAtLeast(frame: Uint8Array, length: number, name: string): void {
  if (frame.length < length)
    throw new FrameError(`${article(name)} frame has at least ${length} bytes, not ${frame.length}`)
}

const article = (name: string) => (/^[aeo]/.test(name) ? `an ${name}` : `a ${name}`)
