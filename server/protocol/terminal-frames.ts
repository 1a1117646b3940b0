/**
 * Frames of the WebSocket subprotocol `ditty.terminal.v1`: binary both ways, one type byte first, integers big-endian. The
 * server and the page share this file, so it knows neither Node nor the DOM.
 *
 * Output is one stream of bytes counted from 0. An offset is a u64 on the wire and a number here: 2^53 bytes are a century of
 * output at 3 MB/s, and bigints would cost an allocation a frame. A larger one is refused.
 */

export {
  type ClientFrame,
  type Control,
  decodeClientFrame,
  encodeClientFrame,
  maxClientFrameBytes,
  maxControlBytes,
  maxInputBytes,
} from './client-frames.ts'
export { FrameError, maxColumns, maxRows, type TerminalSize } from './frame-fields.ts'
export {
  decodeServerFrame,
  encodeServerFrame,
  type OfferView,
  outputHeaderBytes,
  type RecordingState,
  type Role,
  type ServerFrame,
  type TerminalState,
  writeOutputHeader,
} from './server-frames.ts'

export const terminalSubprotocol = 'ditty.terminal.v1'

/** A page that came by a link offers the link's token behind this, beside the subprotocol that is spoken. */
export const linkSubprotocolPrefix = 'ditty.link.'

/** Why the server closed the socket. Other codes are the WebSocket's own (1000, 1001, 1012 restart, …). */
export const closeCode = {
  badFrame: 4400,
  notPermitted: 4403,
  notFound: 4404,
  ended: 4409,
  restart: 1012,
  /** The same client has come by another connection. */
  replaced: 4410,
} as const

/** What a client may call itself (the query's `client`), so that no input is lost or doubled where a connection is cut. */
export const clientName = /^[\w-]{1,64}$/
