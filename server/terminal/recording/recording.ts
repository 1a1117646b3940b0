import { WholeCharacters } from '../../core/whole-characters.ts'
import { type CastCode, type CastHeader, castEventLine } from '../../protocol/asciicast.ts'
import type { RecordingState, TerminalSize } from '../../protocol/terminal-frames.ts'
import type { ReplayBudget } from '../replay-budget.ts'
import { CastStore, type CastStoreLimits } from './cast-store.ts'

/** Characters in one event: a reader has to hold a whole line of the file. */
const eventChars = 64 * 1024

export interface RecordingOptions {
  header: CastHeader
  /** Whether what is typed is kept. */
  input: boolean
  limits: CastStoreLimits
  budget: ReplayBudget
  /** In ms. */
  now?: () => number
}

/** What one session prints from now on, with its times. */
export class Recording {
  readonly header: CastHeader
  readonly input: boolean
  readonly #store: CastStore
  readonly #now: () => number
  readonly #start: number
  readonly #startTime = new Date()
  readonly #characters = { o: new WholeCharacters(), i: new WholeCharacters() }
  /** The last event, as long as the next may join it. */
  #pending: { at: number; code: CastCode; data: string } | undefined
  /** When the last event in the store was. */
  #storedAt = 0
  #stopped: RecordingState['stopped'] = null
  #endedAt: number | undefined

  constructor({ header, input, limits, budget, now = () => performance.now() }: RecordingOptions) {
    this.header = header
    this.input = input
    this.#store = new CastStore(limits, budget)
    this.#now = now
    this.#start = now()
  }

  get state(): RecordingState {
    return {
      startTime: this.#startTime.toISOString(),
      durationMs: this.#endedAt ?? this.#at(),
      input: this.input,
      sizeBytes: this.#store.textBytes,
      stopped: this.#stopped,
    }
  }

  get isRunning(): boolean {
    return this.#stopped === null
  }

  output(bytes: Uint8Array): void {
    this.#text('o', bytes)
  }

  typed(bytes: Uint8Array): void {
    if (this.input) this.#text('i', bytes)
  }

  resized({ cols, rows }: TerminalSize): void {
    this.#add('r', `${cols}x${rows}`)
  }

  /** The process has ended; one that a signal killed has the status that shells give it. */
  ended(status: number, signal: number): void {
    this.#addRest()
    this.#add('x', String(signal ? 128 + signal : status))
    this.stop('ended')
  }

  stop(why: NonNullable<RecordingState['stopped']>): void {
    if (!this.isRunning) return
    this.#addRest()
    this.flush()
    this.#end(why, '')
  }

  /** The events so far as lines of version 3, in pieces of any length. */
  read(): Generator<Buffer> {
    this.flush()
    return this.#store.read()
  }

  /** Gives the memory back. */
  release(): void {
    if (this.isRunning) this.#end('asked', '')
    this.#store.release()
  }

  #at(): number {
    return Math.max(0, Math.round(this.#now() - this.#start))
  }

  /** What is no UTF-8 becomes U+FFFD, as asciinema has it: the file is JSON. */
  #text(code: 'o' | 'i', bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length && this.isRunning; done += eventChars) {
      const whole = this.#characters[code].push(bytes.subarray(done, done + eventChars))
      if (whole.length > 0) this.#add(code, textOf(whole))
    }
  }

  /** Characters that never became whole. */
  #addRest(): void {
    for (const code of ['o', 'i'] as const) {
      const rest = this.#characters[code].rest()
      if (rest.length > 0) this.#add(code, textOf(rest))
    }
  }

  #add(code: CastCode, data: string): void {
    if (!this.isRunning) return
    const at = this.#at()
    const last = this.#pending
    const joins = (code === 'o' || code === 'i') && last?.code === code && last.at === at
    if (joins && last.data.length + data.length <= eventChars) last.data += data
    else {
      this.flush()
      this.#pending = { at, code, data }
    }
  }

  /** Whatever comes now is another event. */
  flush(): void {
    const event = this.#pending
    if (!event || !this.isRunning) return
    this.#pending = undefined
    const line = castEventLine(event.at - this.#storedAt, event.code, event.data)
    if (this.#store.append(`${line}\n`)) this.#storedAt = event.at
    else this.#end('limit', `${castEventLine(event.at - this.#storedAt, 'm', limitReached)}\n`)
  }

  #end(why: NonNullable<RecordingState['stopped']>, lastLine: string): void {
    this.#stopped = why
    this.#endedAt = this.#at()
    this.#store.end(lastLine)
  }
}

const limitReached = 'Recording stopped: the limit of its size is reached'

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
