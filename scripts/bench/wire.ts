import { once } from 'node:events'
import { WebSocket } from 'ws'
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from '../../server/protocol/terminal-frames.ts'
import { authorization } from './ditty.ts'

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

export async function createSession(port: number, command?: string[]): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/terminals`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json' },
    body: JSON.stringify(command ? { ...size, command } : size),
  })
  if (!response.ok) throw new Error(`no session: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

export async function endSession(port: number, id: string): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/api/v1/terminals/${id}`, { method: 'DELETE', headers: authorization })
}

/** As the page: an ack for each 32 KiB, and 50 ms after the last output. */
const ackBytes = 32 * 1024
const ackMs = 50

/** One stream of a session; it acks what it was given at once, where a page would draw it first. */
export class DittyStream {
  readonly socket: WebSocket
  #reached = 0
  #acked = 0
  #timer: NodeJS.Timeout | undefined

  constructor(port: number, id: string, onFrame: (frame: ServerFrame) => void, query = '') {
    const address = `ws://127.0.0.1:${port}/api/v1/terminals/${id}/stream${query}`
    this.socket = new WebSocket(address, 'ditty.terminal.v1', { headers: authorization, perMessageDeflate: false })
    this.socket.on('message', (data: Buffer) => {
      const frame = decodeServerFrame(data)
      onFrame(frame)
      if (frame.type === 'output') this.#rendered(frame.offset + frame.bytes.length)
      else if (frame.type === 'snapshot') this.#rendered(frame.offset)
    })
  }

  send(frame: ClientFrame): void {
    this.socket.send(encodeClientFrame(frame))
  }

  close(): void {
    clearTimeout(this.#timer)
    this.socket.terminate()
  }

  #rendered(offset: number): void {
    this.#reached = offset
    if (offset - this.#acked >= ackBytes) this.#ack()
    else this.#timer ??= setTimeout(() => this.#ack(), ackMs)
  }

  #ack(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#acked = this.#reached
    this.send({ type: 'ack', offset: this.#reached })
  }
}

/** A new session of ditty, its shell ready. */
export async function openDitty(port: number): Promise<Wire> {
  const id = await createSession(port, shell)
  const stream = new DittyStream(port, id, frame => frame.type === 'output' && wire.onOutput(frame.bytes), '?after=0')
  const wire: Wire = {
    input: text => stream.send({ type: 'input', bytes: Buffer.from(text) }),
    onOutput: () => undefined,
    async [Symbol.asyncDispose]() {
      stream.close()
      await endSession(port, id)
    },
  }
  await printed(wire, 'ready')
  return wire
}

/** A new connection to a ttyd that runs `shell`, its shell ready. */
export async function openTtyd(port: number): Promise<Wire> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'tty', { perMessageDeflate: false })
  const wire: Wire = {
    input: text => socket.send(Buffer.from(`0${text}`)),
    onOutput: () => undefined,
    async [Symbol.asyncDispose]() {
      socket.terminate()
    },
  }
  socket.on('message', (data: Buffer) => data[0] === 0x30 && wire.onOutput(data.subarray(1)))
  await once(socket, 'open')
  const ready = printed(wire, 'ready')
  socket.send(JSON.stringify({ AuthToken: '', columns: size.cols, rows: size.rows }))
  await ready
  return wire
}
