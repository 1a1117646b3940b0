import { WebSocket } from 'ws'
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  outputHeaderBytes,
  type ServerFrame,
} from '../../server/protocol/terminal-frames.ts'
import { Acks } from '../../web/terminal/acks.ts'
import { authorization } from './ditty.ts'
import { LeanSocket } from './lean-socket.ts'

/** A terminal over a WebSocket, as a page would hold it, that draws nothing. */
export interface Wire extends AsyncDisposable {
  input(text: string): void
  /** Called with each piece of output. */
  onOutput: (bytes: Uint8Array) => void
}

/**
 * The one program of every terminal here: it says `ready`, then runs what is typed, a line each, and never leaves, since ttyd loses
 * the last bytes of a program that does. It doesn't echo, so that a marker is seen only when it is printed.
 */
export const shell = [
  '/bin/sh',
  '-c',
  'trap : INT; stty -echo; printf ready; while read -r line; do eval "$line"; done',
]

/** What `printf` must be given so that the command line itself doesn't hold `text`. */
export const printing = (text: string) => `printf '%s%s' ${text.slice(0, 2)} ${text.slice(2)}`

/** Resolves when the output ends with `text`. */
export function printed(wire: Wire, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let tail = ''
  wire.onOutput = bytes => {
    tail = (tail + Buffer.from(bytes.subarray(-text.length)).toString('latin1')).slice(-text.length)
    if (tail === text) resolve()
  }
  return promise
}

/** Runs a line in the shell and waits until the output ends with `text`. */
export async function run(wire: Wire, line: string, text: string): Promise<void> {
  const done = printed(wire, text)
  wire.input(`${line}\n`)
  await done
}

const size = { cols: 80, rows: 24 }

/** A connection kept open would be closed by the server during a flood of 5 s, just as it is used again. */
const once = { ...authorization, connection: 'close' }

export async function createSession(port: number, command?: string[]): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/terminals`, {
    method: 'POST',
    headers: { ...once, 'content-type': 'application/json' },
    body: JSON.stringify(command ? { ...size, command } : size),
  })
  if (!response.ok) throw new Error(`no session: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

export async function endSession(port: number, id: string): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/api/v1/terminals/${id}`, { method: 'DELETE', headers: once })
}

/** One stream of a session by whole frames; it acks what it was given at once, where a page would draw it first. */
export class DittyStream {
  readonly #socket: WebSocket
  readonly #acks = new Acks(offset => this.send({ type: 'ack', offset }))

  /** Begins with a snapshot. */
  constructor(port: number, id: string, onFrame: (frame: ServerFrame) => void) {
    const address = `ws://127.0.0.1:${port}/api/v1/terminals/${id}/stream`
    this.#socket = new WebSocket(address, 'ditty.terminal.v1', { headers: authorization, perMessageDeflate: false })
    this.#socket.on('message', (data: Buffer) => {
      const frame = decodeServerFrame(data)
      onFrame(frame)
      if (frame.type === 'output') this.#acks.rendered(frame.offset + frame.bytes.length)
      else if (frame.type === 'snapshot') this.#acks.rendered(frame.offset)
    })
  }

  send(frame: ClientFrame): void {
    this.#socket.send(encodeClientFrame(frame))
  }

  close(): void {
    this.#acks.stop()
    this.#socket.terminate()
  }
}

/** A new session of ditty, its shell ready. */
export async function openDitty(port: number): Promise<Wire> {
  const id = await createSession(port, shell)
  const path = `/api/v1/terminals/${id}/stream?after=0`
  const headers = { ...authorization, 'Sec-WebSocket-Protocol': 'ditty.terminal.v1' }
  const acks = new Acks(offset => socket.send(encodeClientFrame({ type: 'ack', offset })))
  let isOutput = false
  let reached = 0
  const socket = new LeanSocket(port, path, headers, (piece, isStart) => {
    if (isStart) isOutput = piece[0] === 0
    if (!isOutput) return
    if (isStart) reached = Number(piece.readBigUInt64BE(1))
    const bytes = isStart ? piece.subarray(outputHeaderBytes) : piece
    reached += bytes.length
    acks.rendered(reached)
    wire.onOutput(bytes)
  })
  const wire: Wire = {
    input: text => socket.send(encodeClientFrame({ type: 'input', bytes: Buffer.from(text) })),
    onOutput: () => undefined,
    async [Symbol.asyncDispose]() {
      acks.stop()
      socket.close()
      await endSession(port, id)
    },
  }
  await printed(wire, 'ready')
  return wire
}

/** A new connection to a ttyd that runs `shell`, its shell ready. */
export async function openTtyd(port: number): Promise<Wire> {
  let isOutput = false
  const socket = new LeanSocket(port, '/ws', { 'Sec-WebSocket-Protocol': 'tty' }, (piece, isStart) => {
    if (isStart) isOutput = piece[0] === 0x30
    if (isOutput) wire.onOutput(isStart ? piece.subarray(1) : piece)
  })
  const wire: Wire = {
    input: text => socket.send(Buffer.from(`0${text}`)),
    onOutput: () => undefined,
    async [Symbol.asyncDispose]() {
      socket.close()
    },
  }
  const ready = printed(wire, 'ready')
  socket.send(Buffer.from(JSON.stringify({ AuthToken: '', columns: size.cols, rows: size.rows })))
  await ready
  return wire
}
