import { closeCode } from '../../server/protocol/terminal-frames.ts'
import { Backoff } from './backoff.ts'

/** Why there is nothing more to try. */
export type Refusal = 'ended' | 'gone' | 'signedOut' | 'notPermitted' | 'failed'

export interface ConnectionListener {
  /** The address of the stream, as it stands now. */
  url(): URL
  protocols: string[]
  onOpen(): void
  onMessage(frame: Uint8Array): void
  /** The connection was cut, or a try failed; another follows by itself. `stopped`: the server said that it stops. */
  onLost(stopped: boolean): void
  onRefused(why: Refusal): void
  /** A try failed before it opened, and a browser doesn't say why: asks the server. Undefined when trying on makes sense. */
  diagnose(): Promise<Refusal | undefined>
}

/** How long the opening of a connection may take, in ms: a port-forward that died may take one and never answer. */
const openingMs = 10_000

const refusals: Record<number, Refusal> = {
  [closeCode.ended]: 'ended',
  [closeCode.notFound]: 'gone',
  [closeCode.notPermitted]: 'notPermitted',
  [closeCode.badFrame]: 'failed',
}

/** A WebSocket that comes back by itself until the server refuses it or it is closed. */
export class Connection {
  readonly #listener: ConnectionListener
  readonly #backoff = new Backoff()
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(listener: ConnectionListener) {
    this.#listener = listener
    this.#dial()
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.isOpen) this.#socket?.send(frame)
  }

  /** Tries at once instead of waiting on. `dead`: also in place of a socket that still looks open. */
  retryNow(dead = false): void {
    const isBusy = this.#socket !== undefined && !dead
    if (this.#closed || isBusy) return
    this.#backoff.reset()
    if (dead) this.#drop()
    this.#dial()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#drop()
  }

  #dial(): void {
    clearTimeout(this.#timer)
    const socket = new WebSocket(this.#listener.url(), this.#listener.protocols)
    socket.binaryType = 'arraybuffer'
    let opened = false
    socket.onopen = () => {
      opened = true
      clearTimeout(this.#timer)
      this.#backoff.reset()
      this.#listener.onOpen()
    }
    socket.onmessage = ({ data }) => data instanceof ArrayBuffer && this.#listener.onMessage(new Uint8Array(data))
    socket.onclose = ({ code }) => void this.#onClose(code, opened)
    this.#socket = socket
    this.#timer = setTimeout(() => this.#giveUp(), openingMs)
  }

  #giveUp(): void {
    this.#drop()
    this.#listener.onLost(false)
    this.#dialLater()
  }

  #dialLater(): void {
    this.#timer = setTimeout(() => this.#dial(), this.#backoff.nextMs())
  }

  async #onClose(code: number, opened: boolean): Promise<void> {
    this.#socket = undefined
    clearTimeout(this.#timer)
    const known = refusals[code]
    if (known) return this.#refuse(known)
    this.#listener.onLost(code === closeCode.restart)
    const refusal = opened ? undefined : await this.#listener.diagnose()
    if (this.#closed || this.#socket) return
    if (refusal) this.#refuse(refusal)
    else this.#dialLater()
  }

  #refuse(why: Refusal): void {
    this.#closed = true
    this.#listener.onRefused(why)
  }

  /** Forgets the socket without hearing of its end. */
  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
