import {
  type ClientFrame,
  type Control,
  closeCode,
  decodeClientFrame,
  encodeServerFrame,
  FrameError,
  outputHeaderBytes,
  type ServerFrame,
  type TerminalSize,
  writeOutputHeader,
} from '../protocol/terminal-frames.ts'
import type { ClientInput } from './client-inputs.ts'
import { FramePool } from './frame-pool.ts'
import type { Limits } from './limits.ts'
import type { Access } from './links.ts'
import type { ReplayRing } from './replay-ring.ts'
import type { Snapshot } from './screen/screen.ts'
import { SendWindow } from './send-window.ts'
import type { ViewerSocket } from './viewer-socket.ts'

/** Output in one frame: large enough that its costs don't show, small enough to be rendered within one refresh of a screen. */
const frameBytes = 64 * 1024

/** A client keeps its input until it hears that it arrived: it hears so after so many bytes, or at the next heartbeat. */
const unsaidBytes = 16 * 1024

/** What a viewer asks of its session. */
export interface ViewerEvents {
  input(bytes: Uint8Array, viewer: Viewer): void
  resize(size: TerminalSize, viewer: Viewer): void
  /** It has rendered more. */
  progress(): void
  /** What shows all output so far; rejects when the session is gone. */
  snapshot(): Promise<Snapshot>
  control(control: Control, viewer: Viewer): void
  /** It has left, or was sent away. */
  gone(viewer: Viewer): void
}

export interface Visitor {
  id: string
  access: Access
  /** Where its output goes on; undefined: after a snapshot. */
  offset: number | undefined
  /** What it calls itself, and its input so far. */
  client?: string
  input?: ClientInput
}

/** One WebSocket on a session: takes output from the ring at its own pace, and says how far its screen is. */
export class Viewer {
  readonly id: string
  readonly access: Access
  readonly client: string | undefined
  readonly window: SendWindow
  readonly #socket: ViewerSocket
  readonly #ring: ReplayRing
  readonly #limits: Limits
  readonly #events: ViewerEvents
  readonly #heartbeat: NodeJS.Timeout
  readonly #input: ClientInput | undefined
  readonly #frames = new FramePool(outputHeaderBytes + frameBytes)
  /** Input that the client knows to have arrived. */
  #saidBytes: number | undefined
  #wishedSize: TerminalSize | undefined
  #sent: number
  #acked: number
  /** Offset before which all has left for the network. */
  #flushed: number
  /** When it last moved, or had reason to. */
  #flushedAt = 0
  #isHeld = false
  /** It needs a snapshot before output makes sense to it. */
  #isLost: boolean
  /** A snapshot is made for it. */
  #awaits = false
  /** The offset of a snapshot that was sent and isn't rendered. */
  #snapshotAt: number | undefined
  #seenAt = performance.now()
  #hasLeft = false

  constructor(
    { id, access, offset, client, input }: Visitor,
    ring: ReplayRing,
    limits: Limits,
    socket: ViewerSocket,
    events: ViewerEvents,
  ) {
    this.id = id
    this.access = access
    this.client = client
    this.#input = input
    this.#isLost = offset === undefined
    this.#sent = offset ?? ring.end
    this.#acked = this.#sent
    this.#flushed = this.#sent
    this.#ring = ring
    this.#limits = limits
    this.#socket = socket
    this.#events = events
    this.window = new SendWindow(limits)
    this.#heartbeat = setInterval(() => this.#beat(), limits.pingMs)
    this.#listen()
    this.#sayReceived(0)
  }

  /** The size of its own window, as it last told. */
  get wishedSize(): TerminalSize | undefined {
    return this.#wishedSize
  }

  /**
   * Offset before which all is rendered, as far as its acks tell. While its socket isn't read because its input waits, acks wait
   * behind that input, and the program may wait for us to read its output: then what left for the network counts.
   */
  get reached(): number {
    return this.#isHeld ? Math.max(this.#acked, this.#flushed) : this.#acked
  }

  /** Offset up to which output may be sent to it. */
  get horizon(): number {
    return this.reached + this.window.bytes
  }

  /**
   * Sends what the ring holds for it, as far as its window goes. One that fell behind the ring gets a snapshot once it has rendered
   * all it was sent: a new window for each lap of the ring would be no window.
   */
  pump(): void {
    if (this.#sent < this.#ring.start) this.#isLost = true
    if (this.#isLost) this.#restore()
    else {
      const until = Math.min(this.#ring.end, this.horizon)
      while (this.#sent < until) this.#sendOutput(Math.min(frameBytes, until - this.#sent))
    }
  }

  /** Whether all output so far was sent. */
  get isUpToDate(): boolean {
    return !this.#isLost && this.#sent === this.#ring.end
  }

  send(frame: ServerFrame): void {
    this.#socket.send(encodeServerFrame(frame))
  }

  /** What was sent before still arrives; what comes from now on is ignored, since the other side may take its time to hang up. */
  close(code: number, reason: string): void {
    this.#leave()
    this.#socket.close(code, reason)
  }

  /** Stops reading from the client, so that TCP slows it down. */
  hold(): void {
    this.#isHeld = true
    this.#flushedAt = performance.now()
    this.#socket.pause()
  }

  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#seenAt = performance.now()
    this.#socket.resume()
  }

  #restore(): void {
    if (this.#awaits || this.#snapshotAt !== undefined || this.#acked < this.#sent) return
    this.#awaits = true
    this.#events.snapshot().then(
      snapshot => this.#sendSnapshot(snapshot),
      () => this.#socket.terminate(),
    )
  }

  /** It is acked like output before its offset, and never part of the window, which it may be larger than. */
  #sendSnapshot(snapshot: Snapshot): void {
    if (this.#hasLeft) return
    this.#awaits = false
    const { offset } = snapshot
    // While it was made another viewer may have drawn output past it.
    if (offset >= this.#ring.start) {
      this.send({ type: 'snapshot', ...snapshot })
      this.#isLost = false
      this.#sent = offset
      this.#acked = offset
      this.#flushed = offset
      this.#snapshotAt = offset
    }
    this.#events.progress()
  }

  #sendOutput(length: number): void {
    const whole = this.#frames.take(outputHeaderBytes + length)
    const frame = whole.subarray(0, outputHeaderBytes + length)
    writeOutputHeader(frame, this.#sent)
    this.#ring.copy(this.#sent, frame.subarray(outputHeaderBytes))
    const now = performance.now()
    if (this.#flushed === this.#sent) this.#flushedAt = now
    this.#sent += length
    const end = this.#sent
    this.window.sent(end, end - this.#acked, now)
    this.#socket.send(frame, () => {
      this.#frames.give(whole)
      this.#flushed = end
      this.#flushedAt = performance.now()
      if (this.#isHeld) this.#events.progress()
    })
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    socket.on('pong', () => {
      this.#seenAt = performance.now()
    })
    // After an error of the protocol the library closes the socket, but the other side may keep it half open.
    socket.on('error', () => this.#leave())
    socket.on('close', () => this.#leave())
  }

  #leave(): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    clearInterval(this.#heartbeat)
    this.#events.gone(this)
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#hasLeft) return
    this.#seenAt = performance.now()
    try {
      if (!isBinary) throw new FrameError('frames are binary')
      this.#handle(decodeClientFrame(data))
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.close(closeCode.badFrame, error.message)
    }
  }

  #handle(frame: ClientFrame): void {
    switch (frame.type) {
      case 'input':
        if (this.#input) this.#input.receivedBytes += frame.bytes.length
        this.#events.input(frame.bytes, this)
        this.#sayReceived(unsaidBytes)
        break
      case 'resize':
        this.#wishedSize = { cols: frame.cols, rows: frame.rows }
        this.#events.resize(this.#wishedSize, this)
        break
      case 'control':
        this.#events.control(frame.control, this)
        break
      case 'ack':
        this.#ack(frame.offset)
    }
  }

  #ack(offset: number): void {
    if (offset > this.#sent) throw new FrameError(`an ack of ${offset}, where ${this.#sent} bytes were sent`)
    const isSnapshot = offset >= (this.#snapshotAt ?? Number.POSITIVE_INFINITY)
    if (isSnapshot) this.#snapshotAt = undefined
    // One from before a snapshot comes late and says nothing.
    if (offset <= this.#acked && !isSnapshot) return
    this.#acked = Math.max(this.#acked, offset)
    this.window.acked(offset, performance.now())
    this.#events.progress()
  }

  /** Unless the client knows of all but a little. */
  #sayReceived(little: number): void {
    if (!this.#input || this.#hasLeft) return
    const { receivedBytes } = this.#input
    if (this.#saidBytes !== undefined && receivedBytes - this.#saidBytes <= little) return
    this.#saidBytes = receivedBytes
    this.send({ type: 'received', offset: receivedBytes })
  }

  #beat(): void {
    this.#sayReceived(0)
    if (performance.now() - this.#aliveAt() > this.#limits.lostMs) this.#socket.terminate()
    else if (!this.#isHeld) this.#socket.ping()
  }

  /** While its socket isn't read no pong is heard: then it lives as long as it takes output, or none is due. */
  #aliveAt(): number {
    if (!this.#isHeld) return this.#seenAt
    return this.#flushed < this.#sent ? this.#flushedAt : performance.now()
  }
}
