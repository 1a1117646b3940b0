import { once } from 'node:events'
import { WebSocket } from 'ws'
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
  terminalSubprotocol,
} from '../../server/protocol/terminal-frames.ts'

/** The offsets to ack when output from `from` to `to` has come. */
export type Acks = (from: number, to: number) => number[]

export const ackFrames: Acks = (_from, to) => [to]
export const ackNothing: Acks = () => []
/** As a page that renders a few lines at a time. */
export const ackOften: Acks = (from, to) =>
  Array.from({ length: Math.ceil((to - from) / 512) }, (_, index) => Math.min(from + (index + 1) * 512, to))
/** As seldom as the smallest window allows. */
export const ackSeldom: Acks = (from, to) => {
  const offset = to - (to % (48 * 1024))
  return offset > from ? [offset] : []
}

type Frame<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>

/** A client as the page is one: puts the stream together by its offsets, and acks unless it is told not to. */
export class TerminalClient {
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly chunks: Uint8Array[] = []
  readonly frames: ServerFrame[] = []
  /** Offset of the byte that comes next. */
  offset: number
  exit: Frame<'exit'> | undefined
  #acks: Acks

  /** Output from byte `after`, or, where that is null, a snapshot first. */
  constructor(
    url: string,
    { after = 0 as number | null, acks = ackFrames, protocols = [terminalSubprotocol], headers = {} } = {},
  ) {
    const address = new URL(url)
    if (after !== null && !address.searchParams.has('after')) address.searchParams.set('after', String(after))
    this.offset = after ?? 0
    this.#acks = acks
    this.socket = new WebSocket(address, protocols, { headers })
    this.socket.binaryType = 'nodebuffer'
    this.socket.on('error', () => undefined)
    this.closed = new Promise(resolve =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    )
    this.socket.on('message', data => this.#receive(decodeServerFrame(data as Buffer)))
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }

  get text(): string {
    return this.bytes.toString()
  }

  state(): Frame<'state'>['state'] | undefined {
    return this.#framesOf('state').at(-1)?.state
  }

  snapshots(): Frame<'snapshot'>[] {
    return this.#framesOf('snapshot')
  }

  send(frame: ClientFrame): void {
    this.socket.send(encodeClientFrame(frame))
  }

  type(text: string): void {
    this.send({ type: 'input', bytes: Buffer.from(text) })
  }

  /** Acks what it has, and from now on all that comes. */
  ackAll(): void {
    this.#acks = ackFrames
    this.send({ type: 'ack', offset: this.offset })
  }

  async opened(): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open')
    return this
  }

  /** Resolves when the output so far matches. */
  async shows(pattern: RegExp | string): Promise<void> {
    const isThere = () => (typeof pattern === 'string' ? this.text.includes(pattern) : pattern.test(this.text))
    while (!isThere()) await this.#next()
  }

  /** Resolves when a frame came that fits. */
  async gets(fits: (frame: ServerFrame) => boolean): Promise<void> {
    while (!this.frames.some(fits)) await this.#next()
  }

  /** The same for a frame that is still to come. */
  getsNext(fits: (frame: ServerFrame) => boolean): Promise<void> {
    const known = this.frames.length
    return this.gets(frame => this.frames.indexOf(frame) >= known && fits(frame))
  }

  async #next(): Promise<void> {
    const gone = this.closed.then(({ code, reason }) => {
      throw new Error(`closed with ${code} ${reason}; so far: ${JSON.stringify(this.text.slice(-500))}`)
    })
    await Promise.race([once(this.socket, 'message'), gone])
  }

  #framesOf<Type extends ServerFrame['type']>(type: Type): Frame<Type>[] {
    return this.frames.filter((frame): frame is Frame<Type> => frame.type === type)
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'output') this.#take(frame)
    else this.frames.push(frame)
    if (frame.type === 'snapshot') {
      this.chunks.length = 0
      this.offset = frame.offset
    }
    if (frame.type === 'exit') this.exit = frame
  }

  #take({ offset, bytes }: Frame<'output'>): void {
    if (offset !== this.offset) throw new Error(`output at ${offset}, where ${this.offset} comes next`)
    this.chunks.push(bytes)
    this.offset += bytes.length
    if (this.socket.readyState !== WebSocket.OPEN) return
    for (const acked of this.#acks(offset, this.offset)) this.send({ type: 'ack', offset: acked })
  }
}
