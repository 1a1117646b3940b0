import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { closeCode, maxClientFrameBytes, terminalSubprotocol } from '../protocol/terminal-frames.ts'
import { Problem, refuseUpgrade } from './problem.ts'

/** RFC 6455 §7.4.1: text that is no UTF-8, and a message past `maxPayload`. Here both are frames that aren't ours. */
const strangeFrames = [1007, 1009]

class TerminalSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && strangeFrames.includes(code))
      super.close(closeCode.badFrame, `a frame is binary and holds at most ${maxClientFrameBytes} bytes`)
    else super.close(code, reason)
  }
}

/** A larger message is refused at its header, before a byte of it is kept. Compression would cost 300 KiB a socket. */
const sockets = new WebSocketServer({
  noServer: true,
  WebSocket: TerminalSocket,
  maxPayload: maxClientFrameBytes,
  perMessageDeflate: false,
  clientTracking: false,
  handleProtocols: offered => offered.has(terminalSubprotocol) && terminalSubprotocol,
})

sockets.on('wsClientError', (error, socket) =>
  refuseUpgrade(
    socket,
    new Problem('invalid_input', error.message, { remedy: 'see RFC 6455 section 4.1', cause: error }),
  ),
)

/** Accepts an upgrade. A client that doesn't speak the subprotocol is let in to be told so, since a browser can't read a refusal. */
export function acceptSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  onOpen: (socket: WebSocket) => void,
): void {
  sockets.handleUpgrade(request, socket, head, opened => {
    if (opened.protocol === terminalSubprotocol) onOpen(opened)
    else opened.close(closeCode.badFrame, `this stream speaks the subprotocol ${terminalSubprotocol}`)
  })
}
