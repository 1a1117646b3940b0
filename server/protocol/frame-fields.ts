/** The other side sent what the table of frames doesn't know; the connection is closed with `closeCode.badFrame`. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** Columns and rows: wider than any screen at the smallest zoom, and few enough for a screen kept on the server. */
export const maxColumns = 2000
export const maxRows = 1000

export interface TerminalSize {
  cols: number
  rows: number
}

export function typeOf(frame: Uint8Array): number {
  if (frame.length === 0) throw new FrameError('a frame has at least its type byte')
  return frame[0]!
}

export function start(type: number, length: number) {
  const bytes = new Uint8Array(length)
  bytes[0] = type
  return { bytes, view: viewOf(bytes) }
}

export function withBytes(type: number, headerBytes: number, payload: Uint8Array) {
  const frame = start(type, headerBytes + payload.length)
  frame.bytes.set(payload, headerBytes)
  return frame
}

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function writeOffset(view: DataView, offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new FrameError(`${offset} is no offset`)
  view.setUint32(1, Math.floor(offset / 2 ** 32))
  view.setUint32(5, offset % 2 ** 32)
}

export function readOffset(view: DataView): number {
  const offset = view.getUint32(1) * 2 ** 32 + view.getUint32(5)
  if (!Number.isSafeInteger(offset)) throw new FrameError('an offset is below 2^53')
  return offset
}

export function writeSize(view: DataView, at: number, { cols, rows }: TerminalSize): void {
  checkSize(cols, rows)
  view.setUint16(at, cols)
  view.setUint16(at + 2, rows)
}

export function readSize(view: DataView, at: number): TerminalSize {
  const [cols, rows] = [view.getUint16(at), view.getUint16(at + 2)]
  checkSize(cols, rows)
  return { cols, rows }
}

function checkSize(cols: number, rows: number): void {
  const fits = (value: number, limit: number) => Number.isInteger(value) && value >= 1 && value <= limit
  if (!fits(cols, maxColumns) || !fits(rows, maxRows))
    throw new FrameError(`a terminal has 1 to ${maxColumns} columns and 1 to ${maxRows} rows, not ${cols}x${rows}`)
}

export const json = (value: object) => new TextEncoder().encode(JSON.stringify(value))

export function parseJson(frame: Uint8Array): Record<string, unknown> {
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

export function expectLength(frame: Uint8Array, length: number, name: string): void {
  if (frame.length !== length) throw new FrameError(`${article(name)} frame has ${length} bytes, not ${frame.length}`)
}

export function expectAtLeast(frame: Uint8Array, length: number, name: string): void {
  if (frame.length < length)
    throw new FrameError(`${article(name)} frame has at least ${length} bytes, not ${frame.length}`)
}

const article = (name: string) => (/^[aeo]/.test(name) ? `an ${name}` : `a ${name}`)
