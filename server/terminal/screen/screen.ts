import { setImmediate as nextTurn } from 'node:timers/promises'
import { wholeCharacters } from '../../core/whole-characters.ts'
import type { TerminalSize } from '../../protocol/terminal-frames.ts'
import type { ReplayRing } from '../replay-ring.ts'
import { type Emulator, loadEmulator, type NewEmulator, scrollbackAt } from './emulator.ts'
import { PassingText } from './passing-text.ts'
import type { ScreenBudget } from './screen-budget.ts'
import { writeSnapshot } from './snapshot.ts'

/** Bytes read by the emulator at once: at 30 to 70 MB/s half a millisecond. */
const chunkBytes = 16 * 1024
const chunk = Buffer.allocUnsafeSlow(chunkBytes)

/** Milliseconds of reading or writing between two turns of the event loop. */
const sliceMs = 4

/** A sequence longer than this is given up: of strings only images and floods are, and their bytes need not be held for it. */
const longestSequence = 64 * 1024

/** Changes of size that wait for their byte. A window that is dragged makes ten a second; of more the oldest are forgotten. */
const maxResizes = 64

export interface Snapshot extends TerminalSize {
  /** Where output goes on. */
  offset: number
  bytes: Uint8Array
}

/** A screen that was put by: what restores it, and what reading on needs to know of it. */
interface Frozen {
  bytes: Buffer
  size: TerminalSize
  scrollsOut: boolean
}

/**
 * What a session shows, kept on the server so that one who comes late sees it. It lags behind the output as far as the ring
 * allows: bytes are read when they would be lost from there, or when a snapshot is wanted, and text that has scrolled out by then
 * never is.
 */
export class SessionScreen {
  readonly #ring: ReplayRing
  readonly #budget: ScreenBudget
  readonly #passing: PassingText
  readonly #resizes: ({ offset: number } & TerminalSize)[] = []
  readonly #onReady: () => void
  #new: NewEmulator | undefined
  #emulator: Emulator | undefined
  #frozen: Frozen | undefined
  #size: TerminalSize
  /** All before this offset was read, or can no longer be seen. */
  #read = 0
  /** Where the sequence that is being read begins; `#read` outside of one. */
  #ground = 0
  #readBytes = 0
  #isWriting = false
  #isBroken = false
  #isClosed = false
  #pending: Promise<Snapshot> | undefined

  /** `onReady`: called when reading can go on, after it could not. */
  constructor(ring: ReplayRing, budget: ScreenBudget, size: TerminalSize, onReady: () => void) {
    this.#ring = ring
    this.#budget = budget
    this.#size = size
    this.#onReady = onReady
    this.#passing = new PassingText(ring)
  }

  /** How many bytes may come now without losing any that was not read. */
  get room(): number {
    return this.#canRead || this.#isBroken ? Number.POSITIVE_INFINITY : this.#ring.room(this.#read)
  }

  /** How many bytes the emulator has read: all others were passed over. */
  get readBytes(): number {
    return this.#readBytes
  }

  /** Bytes of memory while it isn't in use. */
  get frozenBytes(): number {
    return this.#frozen?.bytes.length ?? 0
  }

  get isInUse(): boolean {
    return this.#pending !== undefined
  }

  /** From the byte that comes next on. */
  resize({ cols, rows }: TerminalSize): void {
    const offset = this.#ring.end
    if (this.#resizes.at(-1)?.offset === offset) this.#resizes.pop()
    this.#resizes.push({ offset, cols, rows })
    if (this.#resizes.length > maxResizes) this.#resizes.shift()
  }

  /** Reads as much as is needed for so many bytes to come without losing any that was not read. */
  makeRoom(bytes: number): void {
    if (this.#canRead) while (this.#ring.room(this.#read) < bytes && this.#step());
    // Half the ring is left for what comes in the 50 ms that loading takes.
    else if (!this.#new && this.#unread + bytes > this.#ring.room(this.#read) - bytes) void this.#loadAhead()
  }

  /** What shows all output so far, or one that is just being made. */
  snapshot(title: string): Promise<Snapshot> {
    this.#pending ??= this.#snapshot(title).finally(() => {
      this.#pending = undefined
      if (!this.#isClosed) this.#onReady()
    })
    return this.#pending
  }

  /** Reads all that there is, down to the last byte, since no more will come: then nothing of it need be held. */
  async finish(): Promise<void> {
    if (this.#ring.end === 0) return
    if (!this.#new) await this.#load()
    await this.#readUpTo(this.#ring.end)
    if (this.#isClosed) return
    this.#feedRest()
    if (!this.isInUse) this.#budget.putBy(this)
  }

  /** Puts the screen by: some 100 KiB in place of some MiB. */
  freeze(): void {
    const emulator = this.#emulator
    if (!emulator) return
    const size = emulator.size
    const bytes = Buffer.concat([
      complete(writeSnapshot(emulator, '', this.#budget.share)),
      this.#openSequence(emulator),
    ])
    this.#frozen = { bytes, size, scrollsOut: emulator.scrollsOut }
    this.#emulator = undefined
    emulator.close()
  }

  close(): void {
    this.#isClosed = true
    this.#budget.forget(this)
    this.#emulator?.close()
    this.#emulator = undefined
    this.#frozen = undefined
  }

  get #canRead(): boolean {
    return this.#new !== undefined && !this.#isWriting
  }

  get #unread(): number {
    return this.#ring.end - this.#read
  }

  async #load(): Promise<void> {
    this.#new = await loadEmulator()
  }

  /** Where the library can't be loaded sessions go on without screens. */
  async #loadAhead(): Promise<void> {
    try {
      await this.#load()
    } catch {
      this.#isBroken = true
    }
    if (!this.#isClosed) this.#onReady()
  }

  async #snapshot(title: string): Promise<Snapshot> {
    if (!this.#new) await this.#load()
    await this.#readUpTo(this.#ring.end)
    if (this.#isClosed) throw new Error('the session is gone')
    const emulator = this.#thaw()
    const [offset, tail] = this.#resumption(emulator)
    const { cols, rows } = emulator.size
    this.#isWriting = true
    try {
      const bytes = await inSlices(writeSnapshot(emulator, title))
      return { offset, cols, rows, bytes: tail.length > 0 ? Buffer.concat([bytes, tail]) : bytes }
    } finally {
      this.#isWriting = false
    }
  }

  async #readUpTo(offset: number): Promise<void> {
    this.#passing.retry()
    for (let since = performance.now(); !this.#isClosed && this.#read < offset; ) {
      if (!this.#step()) break
      if (performance.now() - since < sliceMs) continue
      await nextTurn()
      since = performance.now()
    }
    this.#applyResizes()
  }

  /** Reads some bytes, or passes over some; false when there is none that can be. */
  #step(): boolean {
    if (this.#read < this.#ring.start) this.#lose()
    this.#applyResizes()
    const until = Math.min(this.#resizes[0]?.offset ?? this.#ring.end, this.#ring.end)
    if (this.#scrollsOut && this.#pass(until)) return true
    const length = Math.min(chunkBytes, until - this.#read)
    if (length <= 0) return false
    const bytes = chunk.subarray(0, length)
    this.#ring.copy(this.#read, bytes)
    // At a change of size a character may be cut: its bytes are read after it.
    const whole = wholeCharacters(bytes)
    if (whole.length === 0 && until === this.#ring.end) return false
    this.#feed(whole.length === 0 ? bytes : whole)
    return true
  }

  /** What is left at the end: a character that never became whole. */
  #feedRest(): void {
    const rest = this.#ring.slice(this.#read)
    if (rest.length > 0) this.#feed(rest)
  }

  #pass(until: number): boolean {
    const { cols, rows } = this.#emulator?.size ?? this.#frozen?.size ?? this.#size
    const start = this.#passing.pass(this.#read, until, scrollbackAt(cols) + 2 * rows + 2)
    if (start === this.#read) return false
    this.#read = start
    this.#ground = start
    return true
  }

  get #scrollsOut(): boolean {
    return this.#emulator?.scrollsOut ?? this.#frozen?.scrollsOut ?? true
  }

  #feed(bytes: Buffer | Uint8Array): void {
    const emulator = this.#thaw()
    try {
      emulator.write(bytes)
    } catch {
      // A bug of the emulator: the screen starts anew, which is better than a session that ends.
      this.#emulator = undefined
      emulator.close()
    }
    const before = this.#read
    this.#read += bytes.length
    this.#readBytes += bytes.length
    if (emulator.isAtGround) this.#ground = this.#read
    else this.#ground = Math.max(this.#ground, startOfSequence(bytes, before))
    if (this.#read - this.#ground > longestSequence) emulator.forgetString()
  }

  /** Another ring took the memory that this one was to grow into, and bytes are gone: the screen starts anew after them. */
  #lose(): void {
    this.#emulator?.close()
    this.#emulator = undefined
    this.#frozen = undefined
    this.#read = this.#ring.start
    this.#ground = this.#read
  }

  #applyResizes(): void {
    for (let next = this.#resizes[0]; next && next.offset <= this.#read; next = this.#resizes[0]) {
      this.#resizes.shift()
      this.#size = { cols: next.cols, rows: next.rows }
      if (this.#frozen || this.#emulator) this.#thaw().resize(this.#size)
    }
  }

  #thaw(): Emulator {
    this.#budget.use(this)
    if (this.#emulator) return this.#emulator
    const emulator = this.#new!(this.#frozen?.size ?? this.#size)
    this.#emulator = emulator
    if (this.#frozen) emulator.write(this.#frozen.bytes)
    this.#frozen = undefined
    return emulator
  }

  /** Where output goes on after a snapshot, and what the snapshot ends with so that it can. */
  #resumption(emulator: Emulator): [number, Uint8Array] {
    const half = this.#half()
    // Control characters within a sequence were done already: they must not be done again.
    const mayRepeat = half !== undefined && !half.subarray(1).some(byte => byte < 0x20)
    return mayRepeat ? [this.#ground, nothing] : [this.#read, this.#openSequence(emulator)]
  }

  /** The bytes of the sequence that is being read. */
  #half(): Uint8Array | undefined {
    const length = this.#read - this.#ground
    if (length > longestSequence || this.#ground < this.#ring.start) return undefined
    return this.#ring.slice(this.#ground, this.#read)
  }

  /** What brings another emulator into the middle of the sequence that is being read. */
  #openSequence(emulator: Emulator): Uint8Array {
    if (emulator.isAtGround) return nothing
    const half = this.#half()
    if (half) return half.filter((byte, index) => index === 0 || byte >= 0x20)
    return Buffer.from(emulator.openString ?? '')
  }
}

const nothing = new Uint8Array()

/** Offset of the last byte that begins a sequence: ESC, or what leads C1 in UTF-8. */
function startOfSequence(bytes: Uint8Array, offset: number): number {
  const sequence = bytes.lastIndexOf(0x1b)
  let control = bytes.lastIndexOf(0xc2)
  while (control > sequence && (bytes[control + 1] ?? 0) >= 0xa0) control = bytes.subarray(0, control).lastIndexOf(0xc2)
  const at = Math.max(sequence, control)
  return at < 0 ? 0 : offset + at
}

function complete<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

async function inSlices<Result>(work: Generator<void, Result>): Promise<Result> {
  for (let since = performance.now(); ; ) {
    const { done, value } = work.next()
    if (done) return value
    if (performance.now() - since < sliceMs) continue
    await nextTurn()
    since = performance.now()
  }
}
