import type { CastHeader } from '../../protocol/asciicast.ts'
import type { RecordingState, TerminalSize } from '../../protocol/terminal-frames.ts'
import type { Limits } from '../limits.ts'
import type { ReplayBudget } from '../replay-budget.ts'
import type { Recording } from './recording.ts'

/** How often those who look are told how large it has grown, in ms. */
const tellMs = 1000

/** What a recorder asks of its session. */
export interface RecorderSource {
  readonly isRunning: boolean
  header(): CastHeader
  /**
   * Bytes that draw the screen as it stands on an empty one of its size; the first event of a recording that starts in the middle.
   * All output up to the moment this resolves must be in it.
   */
  opening(): Promise<Uint8Array>
  /** Resolves to a function that tells whether what is typed now can be seen on the screen. */
  watchInput(): Promise<() => boolean>
  /** The state of the recording is another one. */
  changed(): void
}

/** Why no recording was started. */
export type RecordingRefusal = 'running' | 'kept' | 'ended' | 'full'

/** Records one session when it is asked to; costs nothing until then. It keeps one recording, which outlives the session's end. */
export class Recorder {
  readonly #source: RecorderSource
  readonly #limits: Limits
  readonly #budget: ReplayBudget
  #recording: Recording | undefined
  #isInputSeen = () => false
  #telling: NodeJS.Timeout | undefined

  constructor(source: RecorderSource, limits: Limits, budget: ReplayBudget) {
    this.#source = source
    this.#limits = limits
    this.#budget = budget
  }

  get state(): RecordingState | null {
    return this.#recording?.state ?? null
  }

  /** What is kept, to be read. */
  get recording(): Recording | undefined {
    return this.#recording
  }

  /** Answers why not, or undefined once it records. */
  async start(input: boolean): Promise<RecordingRefusal | undefined> {
    const [{ Recording }, isInputSeen] = await Promise.all([
      import('./recording.ts'),
      input ? this.#source.watchInput() : () => false,
    ])
    const opening = await this.#source.opening()
    const refusal = this.#refusal()
    if (refusal) return refusal
    const limits = { heldBytes: this.#limits.recordingBytes, textBytes: this.#limits.castBytes }
    this.#isInputSeen = isInputSeen
    this.#recording = new Recording({ header: this.#source.header(), input, limits, budget: this.#budget })
    this.#recording.output(opening)
    this.#tell()
    return undefined
  }

  output(bytes: Uint8Array): void {
    if (!this.#recording?.isRunning) return
    this.#recording.output(bytes)
    this.#grown()
  }

  /** What can't be seen on the screen is left out: it may be a password. */
  input(bytes: Uint8Array): void {
    if (this.#recording?.isRunning && this.#recording.input && this.#isInputSeen()) this.#recording.typed(bytes)
  }

  resized(size: TerminalSize): void {
    this.#recording?.resized(size)
  }

  ended(status: number, signal: number): void {
    this.#recording?.ended(status, signal)
    this.#stopTelling()
  }

  /** Stops a recording that runs and keeps it, forgets one that has stopped; false when there is none. */
  stop(): boolean {
    const recording = this.#recording
    if (!recording) return false
    if (recording.isRunning) recording.stop('asked')
    else this.forget()
    this.#stopTelling()
    this.#source.changed()
    return true
  }

  /** Gives all memory back. */
  forget(): void {
    this.#recording?.release()
    this.#recording = undefined
    this.#stopTelling()
  }

  #refusal(): RecordingRefusal | undefined {
    if (this.#recording) return this.#recording.isRunning ? 'running' : 'kept'
    if (!this.#source.isRunning) return 'ended'
    return this.#budget.left < smallestBytes ? 'full' : undefined
  }

  /** A limit reached is told at once, growth only now and then. */
  #grown(): void {
    if (!this.#recording?.isRunning) this.#tell()
    else this.#telling ??= setTimeout(() => this.#tell(), tellMs).unref()
  }

  #tell(): void {
    this.#stopTelling()
    this.#recording?.flush()
    this.#source.changed()
  }

  #stopTelling(): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
  }
}

/** With less of the shared memory left, a recording would stop before it has begun. */
const smallestBytes = 128 * 1024
