import {
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

/** Bytes of input in one frame: 1 MiB holds any paste a person makes; a client cuts longer ones. */
export const maxInputBytes = 1 << 20
/** A whole frame from a client: its type byte and the input. */
export const maxClientFrameBytes = 1 + maxInputBytes
/** JSON of a control frame; the longest sensible one has a few dozen bytes. */
export const maxControlBytes = 4096

/**
 * Who writes. `take` the keyboard; `give` it to another viewer, or to whoever types next; `kick` a viewer out. `viewer` is an id
 * of the state frame. The two latter are for the one who writes. The answer is a state frame.
 */
export interface Control {
  type: 'take' | 'give' | 'kick'
  viewer?: string
}

export type ClientFrame =
  | { type: 'input'; bytes: Uint8Array }
  | ({ type: 'resize' } & TerminalSize)
  /** Everything before `offset` is rendered. Sent after each rendering: a server lets out as little as 64 KiB unacked. */
  | { type: 'ack'; offset: number }
  | { type: 'control'; control: Control }

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

const controlTypes: readonly unknown[] = ['take', 'give', 'kick'] satisfies Control['type'][]

function readControl(frame: Uint8Array): Control {
  if (frame.length > 1 + maxControlBytes) throw new FrameError(`a control frame holds at most ${maxControlBytes} bytes`)
  const { type, viewer } = parseJson(frame)
  if (!controlTypes.includes(type)) throw new FrameError('the type of a control is take, give or kick')
  if (viewer !== undefined && typeof viewer !== 'string') throw new FrameError('the viewer of a control is a string')
  return { type: type as Control['type'], ...(viewer === undefined ? {} : { viewer }) }
}
