import { SerializeAddon } from '@xterm/addon-serialize'
import type { Terminal } from '@xterm/xterm'
import type { CastHeader } from '../../server/protocol/asciicast.ts'
import type { CastEvent } from '../../server/protocol/asciicast-reader.ts'
import { UnserializedModes } from './unserialized-modes.ts'

/** Characters of output written at once: some 10 ms, after which a newer wish is heard. */
const stepChars = 256 * 1024
/** Between keyframes. Less is shown again from the start, in a tenth of a second, and exactly as it was. */
const keyframeChars = 4 * 1024 * 1024
/** Further than this the screen is not drawn on the way. */
const leapEvents = 50

/** Ends a half-read sequence, then resets. */
const reset = '\x18\x1bc'
const holdDrawing = '\x1b[?2026h'
const draw = '\x1b[?2026l'

interface Keyframe {
  /** Events shown. */
  count: number
  cols: number
  rows: number
  bytes: string
}

/** Brings a terminal to where as many events are shown as are wanted, forth or back, and gives way to a newer wish at once. */
export class Projector {
  readonly #terminal: Terminal
  readonly #header: CastHeader
  readonly #events: readonly CastEvent[]
  readonly #serializer = new SerializeAddon()
  readonly #modes: UnserializedModes
  readonly #keyframes: Keyframe[] = []
  #shown = 0
  #wanted = 0
  #charsSinceKeyframe = 0
  #work: Promise<void> | undefined
  #closed = false

  constructor(terminal: Terminal, header: CastHeader, events: readonly CastEvent[]) {
    this.#terminal = terminal
    this.#header = header
    this.#events = events
    this.#modes = new UnserializedModes(terminal)
    terminal.loadAddon(this.#serializer)
  }

  /** It isn't yet where it shall be. */
  get isBusy(): boolean {
    return this.#work !== undefined
  }

  show(count: number): void {
    this.#wanted = count
    if (this.#wanted !== this.#shown) this.#work ??= this.#run()
  }

  /** Resolves when it shows what is wanted. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work
  }

  close(): void {
    this.#closed = true
  }

  async #run(): Promise<void> {
    const leaps = Math.abs(this.#wanted - this.#shown) > leapEvents
    if (leaps) await this.#write(holdDrawing)
    while (this.#shown !== this.#wanted && !this.#closed) {
      const from = this.#bestKeyframe()
      if (from) await this.#restore(from)
      else if (this.#wanted < this.#shown) await this.#restart()
      else await this.#step()
    }
    if (leaps) await this.#write(draw)
    this.#work = undefined
    // It may have changed while the last was written.
    if (this.#shown !== this.#wanted && !this.#closed) this.#work = this.#run()
  }

  /** One between here and there, or the last one before a place further back. */
  #bestKeyframe(): Keyframe | undefined {
    const last = this.#keyframes.findLast(({ count }) => count <= this.#wanted)
    if (!last || last.count === this.#shown) return undefined
    return this.#wanted < this.#shown || last.count > this.#shown ? last : undefined
  }

  async #restart(): Promise<void> {
    await this.#write(reset + holdDrawing)
    this.#terminal.resize(this.#header.cols, this.#header.rows)
    this.#shown = 0
    this.#charsSinceKeyframe = 0
  }

  async #restore({ count, cols, rows, bytes }: Keyframe): Promise<void> {
    await this.#write(reset + holdDrawing)
    this.#terminal.resize(cols, rows)
    await this.#write(bytes)
    this.#shown = count
    this.#charsSinceKeyframe = 0
  }

  /** Output up to a resize, which has to wait until it is on the screen, or to the length of a step. */
  async #step(): Promise<void> {
    let text = ''
    let size: CastEvent['size']
    let count = this.#shown
    while (count < this.#wanted && text.length < stepChars && !size) {
      const event = this.#events[count++] as CastEvent
      if (event.code === 'o') text += event.data
      size = event.size
    }
    if (text !== '') await this.#write(text)
    if (size) this.#terminal.resize(size.cols, size.rows)
    this.#shown = count
    this.#charsSinceKeyframe += text.length
    if (this.#charsSinceKeyframe >= keyframeChars) this.#keep()
  }

  #keep(): void {
    this.#charsSinceKeyframe = 0
    if ((this.#keyframes.at(-1)?.count ?? 0) >= this.#shown) return
    const { cols, rows } = this.#terminal
    const bytes = this.#serializer.serialize() + this.#modes.serialize()
    this.#keyframes.push({ count: this.#shown, cols, rows, bytes })
  }

  #write(text: string): Promise<void> {
    return new Promise(resolve => this.#terminal.write(text, resolve))
  }
}
