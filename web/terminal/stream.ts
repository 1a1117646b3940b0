import {
  type Control,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
  type TerminalSize,
  type TerminalState,
} from '../../server/protocol/terminal-frames.ts'
import { ApiError } from '../api/client.ts'
import { readTerminal, streamProtocols, streamUrl } from '../api/terminals.ts'
import { randomName } from '../random-name.ts'
import { Acks } from './acks.ts'
import { Connection, type Refusal } from './connection.ts'
import { InputQueue } from './input-queue.ts'

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
  readonly #input = new InputQueue()
  /** By this name the server knows us again on the next connection. */
  readonly #client = randomName()
  /** The offset of the byte wanted next: all before it was handed to the listener. Undefined before the first. */
  #next: number | undefined
  #size: TerminalSize
  /** The connection has told who writes: before that, input might be dropped. */
  #isPlaced = false
  /** The connection has told how much of our input arrived. */
  #isKnown = false

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
      url: () => streamUrl(id, this.#client, this.#next),
      protocols: streamProtocols(link),
      onOpen: () => this.#onOpen(),
      onMessage: frame => this.#onMessage(frame),
      onLost: stopped => listener.onLost(stopped),
      onRefused: why => listener.onRefused(why),
      diagnose: () => this.#diagnose(),
    })
  }

  /** What is typed while the connection is cut, or was under way when it was, is kept and sent when it is back. */
  input(bytes: Uint8Array): void {
    const goesOn = this.#connection.isOpen && this.#isPlaced
    if (!this.#input.add(bytes, !goesOn)) this.#listener.onInputLost()
    else if (goesOn) this.#sendInput()
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
    this.#isKnown = false
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
    else if (frame.type === 'received') this.#onReceived(frame.offset)
    else this.#onState(frame.state)
  }

  /** The first of a connection comes before its first state. */
  #onReceived(offset: number): void {
    if (this.#isKnown) this.#input.received(offset)
    else this.#input.rewind(offset)
    this.#isKnown = true
  }

  #onState(state: TerminalState): void {
    if (!this.#isPlaced) this.#takePlace()
    this.#listener.onState(state)
  }

  #takePlace(): void {
    this.#isPlaced = true
    this.#sendInput()
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

  #sendInput(): void {
    for (const bytes of this.#input.take()) this.#send({ type: 'input', bytes })
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
