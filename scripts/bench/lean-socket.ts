import { connect, type Socket } from 'node:net'

/** So much of a message's start comes in one piece, where it has so much: what stands before ditty's output. */
const startBytes = 9
/** What one read takes from the kernel. */
const readBytes = 256 * 1024

const opcodes = { continuation: 0, binary: 2, ping: 9, pong: 10 }

/**
 * A WebSocket that hands over messages in the pieces in which they come, in a buffer that is used again. `ws` joins each message,
 * which costs as much CPU as a server needs to send it: on two cores that would be measured, not the server.
 */
export class LeanSocket {
  readonly #socket: Socket
  readonly #onPiece: (piece: Buffer, isStart: boolean) => void
  #isOpen = false
  /** The start of a header that isn't whole. */
  #kept: Buffer = Buffer.alloc(0)
  #opcode = 0
  /** Bytes of the frame that are still to come. */
  #left = 0

  constructor(
    port: number,
    path: string,
    headers: Record<string, string>,
    onPiece: (piece: Buffer, isStart: boolean) => void,
  ) {
    this.#onPiece = onPiece
    const take = (length: number, buffer: Uint8Array) => {
      this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, length))
      return true
    }
    const onread = { buffer: Buffer.allocUnsafeSlow(readBytes), callback: take }
    this.#socket = connect({ port, host: '127.0.0.1', onread })
    this.#socket.setNoDelay()
    this.#socket.write(handshake(port, path, headers))
  }

  /** Before the other side has accepted, it waits there. */
  send(message: Uint8Array): void {
    this.#write(opcodes.binary, message)
  }

  close(): void {
    this.#socket.destroy()
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (payload.length > 125) throw new Error('a longer message needs a longer header')
    // A mask of zeros is a mask: the payload stays as it is.
    this.#socket.write(Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0), payload]))
  }

  #take(bytes: Buffer): void {
    let rest = this.#kept.length > 0 ? Buffer.concat([this.#kept, bytes]) : bytes
    this.#kept = Buffer.alloc(0)
    if (!this.#isOpen) rest = this.#accept(rest)
    while (rest.length > 0) {
      const isFrame = this.#left === 0
      if (isFrame) rest = this.#begin(rest)
      if (this.#kept.length > 0) return
      const piece = rest.subarray(0, this.#left)
      rest = rest.subarray(piece.length)
      this.#left -= piece.length
      this.#give(piece, isFrame)
    }
  }

  /** What follows the answer to the handshake. */
  #accept(bytes: Buffer): Buffer {
    const end = bytes.indexOf('\r\n\r\n')
    this.#isOpen = end >= 0
    if (!this.#isOpen) this.#kept = Buffer.from(bytes)
    else if (!bytes.toString('latin1', 0, end).startsWith('HTTP/1.1 101 ')) throw new Error(bytes.toString())
    return this.#isOpen ? bytes.subarray(end + 4) : Buffer.alloc(0)
  }

  /** Reads a frame's header and gives what follows it; keeps all where it isn't whole. RFC 6455 §5.2. */
  #begin(bytes: Buffer): Buffer {
    const short = (bytes[1] ?? 0) & 0x7f
    const size = short === 126 ? 4 : short === 127 ? 10 : 2
    const length = bytes.length < size ? 0 : lengthOf(bytes, short)
    if (bytes.length < size + Math.min(startBytes, length)) {
      this.#kept = Buffer.from(bytes)
      return bytes
    }
    this.#opcode = bytes[0]! & 0x0f
    this.#left = length
    return bytes.subarray(size)
  }

  #give(piece: Buffer, isFrame: boolean): void {
    if (this.#opcode === opcodes.ping) this.#write(opcodes.pong, piece)
    else if (this.#opcode <= opcodes.binary) this.#onPiece(piece, isFrame && this.#opcode !== opcodes.continuation)
  }
}

function lengthOf(bytes: Buffer, short: number): number {
  if (short < 126) return short
  return short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
}

function handshake(port: number, path: string, headers: Record<string, string>): string {
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}
