import {
  type Control,
  decodeServerFrame,
  encodeClientFrame,
  maxInputBytes,
  type ServerFrame,
  type TerminalSize,
  type TerminalState,
} from '../../server/protocol/terminal-frames.ts'
import { ApiError } from '../api/client.ts'
import { readTerminal, streamProtocols, streamUrl } from '../api/terminals.ts'
import { Acks } from './acks.ts'
import { Connection, type Refusal } from './connection.ts'
import { TypedAhead } from './typed-ahead.ts'

export interface StreamListener {
  /** Bytes that were never shown before; `rendered` is called once they are on the screen. */
  onOutput(bytes: Uint8Array, offset: number, rendered: () => void): void
  /** Reset, resize, then as output. */
  onSnapshot(bytes: Uint8Array, size: TerminalSize, rendered: () => void): void
  /** Bytes between what was shown and what comes are no longer held by the server. */
  onGap(): void
  onExit(status: number, signal: number): void
  onState(state: TerminalState): void
  onOpen(): void
  /** `stopped`: the server said that it stops. */
  onLost(stopped: boolean): void
  onRefused(why: Refusal): void
  /** Input was too long to be kept until the connection is back. */
  onInputLost(): void
}

/** One session's byte stream, across as many connections as it takes: every byte reaches the listener exactly once. */
export class TerminalStream {
  readonly #id: string
  readonly #link: string | undefined
  readonly #listener: StreamListener
  readonly #connection: Connection
  readonly #acks = new Acks(offset => this.#send({ type: 'ack', offset }))
  readonly #typedAhead = new TypedAhead()
  /** The offset of the byte wanted next: all before it was handed to the listener. Undefined before the first. */
  #next: number | undefined
  #size: TerminalSize
  /** Who we are among the viewers, as of the last connection. */
  #viewer: string | undefined
  /** The connection has told who writes: before that, input might be dropped. */
  #isPlaced = false

  /**
   * `link`: the token of a link to this session, in place of the cookie. `from`: the first byte wanted, where all of them are; else
   * a snapshot comes first.
   */
  constructor(id: string, size: TerminalSize, listener: StreamListener, link?: string, from?: number) {
    this.#id = id
    this.#size = size
    this.#link = link
    this.#next = from
    this.#listener = listener
    this.#connection = new Connection({
      url: () => streamUrl(id, this.#next),
      protocols: streamProtocols(link),
      onOpen: () => this.#onOpen(),
      onMessage: frame => this.#onMessage(frame),
      onLost: stopped => listener.onLost(stopped),
      onRefused: why => listener.onRefused(why),
      diagnose: () => this.#diagnose(),
    })
  }

  /** Keys pressed while the connection is cut are kept and sent when it is back. */
  input(bytes: Uint8Array): void {
    if (this.#connection.isOpen && this.#isPlaced) this.#sendInput(bytes)
    else if (!this.#typedAhead.keep(bytes)) this.#listener.onInputLost()
  }

  resize(size: TerminalSize): void {
    this.#size = size
    this.#send({ type: 'resize', ...size })
  }

  /** Asks for the keyboard, passes it on, or sends a viewer away. */
  control(control: Control): void {
    this.#send({ type: 'control', control })
  }

  retryNow(dead = false): void {
    this.#connection.retryNow(dead)
  }

  close(): void {
    this.#acks.stop()
    this.#connection.close()
  }

  #onOpen(): void {
    this.#isPlaced = false
    this.resize(this.#size)
    this.#listener.onOpen()
  }

  #onMessage(frame: Uint8Array): void {
    try {
      this.#onFrame(decodeServerFrame(frame))
    } catch (error) {
      this.close()
      this.#listener.onRefused('failed')
      throw error
    }
  }

  #onFrame(frame: ServerFrame): void {
    if (frame.type === 'output') this.#onOutput(frame.offset, frame.bytes)
    else if (frame.type === 'snapshot') {
      this.#next = frame.offset
      this.#listener.onSnapshot(frame.bytes, frame, () => this.#acks.rendered(frame.offset))
    } else if (frame.type === 'exit') this.#listener.onExit(frame.status, frame.signal)
    else this.#onState(frame.state)
  }

  #onState(state: TerminalState): void {
    if (!this.#isPlaced) this.#takePlace(state)
    this.#listener.onState(state)
  }

  /** The server may not know yet that the earlier connection is gone, and take that for the one who writes. */
  #takePlace({ viewer, viewers, readOnly }: TerminalState): void {
    const wroteBefore = viewers.some(({ id, role }) => id === this.#viewer && role === 'writer')
    if (wroteBefore && viewer !== this.#viewer && !readOnly) this.control({ type: 'take' })
    this.#viewer = viewer
    this.#isPlaced = true
    for (const bytes of this.#typedAhead.take()) this.#sendInput(bytes)
  }

  #onOutput(offset: number, bytes: Uint8Array): void {
    const next = this.#next ?? offset
    if (offset > next) this.#listener.onGap()
    const known = Math.max(0, next - offset)
    if (known >= bytes.length) return
    const end = offset + bytes.length
    this.#next = end
    this.#listener.onOutput(bytes.subarray(known), offset + known, () => this.#acks.rendered(end))
  }

  #sendInput(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += maxInputBytes)
      this.#send({ type: 'input', bytes: bytes.subarray(at, at + maxInputBytes) })
  }

  #send(frame: Parameters<typeof encodeClientFrame>[0]): void {
    this.#connection.send(encodeClientFrame(frame))
  }

  async #diagnose(): Promise<Refusal | undefined> {
    const error = await readTerminal(this.#id, this.#link).catch((error: unknown) => error)
    const status = error instanceof ApiError ? error.status : undefined
    if (this.#link !== undefined && (status === 401 || status === 403)) return 'notPermitted'
    return status === 401 ? 'signedOut' : status === 404 ? 'gone' : undefined
  }
}
