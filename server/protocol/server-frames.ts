import {
  expectAtLeast,
  expectLength,
  FrameError,
  json,
  parseJson,
  readOffset,
  readSize,
  start,
  type TerminalSize,
  typeOf,
  viewOf,
  withBytes,
  writeOffset,
  writeSize,
} from './frame-fields.ts'

export type Role = 'writer' | 'reader'

/** How the recording of a session stands. It is kept after it stopped, until it is forgotten. */
export interface RecordingState {
  /** RFC 3339. */
  startTime: string
  durationMs: number
  /** What is typed is recorded too. */
  input: boolean
  /** Of the file, in version 3. */
  sizeBytes: number
  /** Why it stopped: a limit of size, somebody's wish, the end of the session; null while it records. */
  stopped: null | 'limit' | 'asked' | 'ended'
}

/** A file or folder (`sizeBytes` null) that a program at the terminal holds out, to be downloaded or declined. */
export interface OfferView {
  id: string
  name: string
  sizeBytes: number | null
}

/** What a viewer shows around the screen. Sent at attach and at every change. */
export interface TerminalState {
  title: string
  size: TerminalSize
  /** The receiving viewer's own role and id. */
  role: Role
  viewer: string
  viewers: { id: string; role: Role; readOnly: boolean }[]
  /** The receiving viewer can never write: a link brought it that only shows. */
  readOnly: boolean
  /** Null where nothing was recorded. */
  recording: RecordingState | null
  offers: OfferView[]
}

export type ServerFrame =
  /** `offset` is that of the first byte. */
  | { type: 'output'; offset: number; bytes: Uint8Array }
  /** Reset, resize and write `bytes`: then the screen stands where output goes on, at `offset`. */
  | ({ type: 'snapshot'; offset: number; bytes: Uint8Array } & TerminalSize)
  /** `status` as in wait(2), 0 when a signal ended the process; `signal` is 0 when none did. */
  | { type: 'exit'; status: number; signal: number }
  | { type: 'state'; state: TerminalState }
  /** Input that has arrived from this client over all its connections, in bytes. Only to one that told its name. */
  | { type: 'received'; offset: number }

/** Bytes before the payload of an output frame: type and offset. */
export const outputHeaderBytes = 9
const snapshotHeaderBytes = 13

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
    case 'received': {
      const { bytes, view } = start(4, 9)
      writeOffset(view, frame.offset)
      return bytes
    }
  }
}

/** The header of an output frame, where the payload is already in place behind it and need not be copied. */
export function writeOutputHeader(frame: Uint8Array, offset: number): void {
  frame[0] = 0
  writeOffset(viewOf(frame), offset)
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
    case 4:
      expectLength(frame, 9, 'received')
      return { type: 'received', offset: readOffset(viewOf(frame)) }
    default:
      throw new FrameError(`no server frame has type ${frame[0]}`)
  }
}
