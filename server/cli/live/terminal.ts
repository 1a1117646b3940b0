import { closeSync, constants, openSync, writeSync } from 'node:fs'
import type { Size } from '../../core/live.ts'
import { errnoOf } from '../../linux/linux.ts'
import { KeyReader } from './keys.ts'
import { enterScreen, leaveScreen } from './painter.ts'

/** After ESC the rest of a sequence follows at once; a person needs longer for the next key. */
const escapeMs = 50
/** A terminal that is stopped (Ctrl-S) takes nothing; then it is left as it is. */
const farewellMs = 300
const fullWaitMs = 5

/** The signals that end a program; the terminal is put right before they do. */
const ending = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export interface TerminalEvents {
  key(key: string): void
  resized(size: Size): void
  /** The terminal is gone. */
  gone(): void
}

/** The terminal that standard input and output are, while a live screen has it. */
export class LiveTerminal implements Disposable {
  readonly #events: TerminalEvents
  readonly #reader = new KeyReader()
  readonly #descriptor: number
  #escape: NodeJS.Timeout | undefined
  #isEntered = false

  constructor(events: TerminalEvents) {
    this.#events = events
    this.#descriptor = openNonBlocking()
    process.stdin.on('data', this.#onData)
    process.stdin.on('end', events.gone)
    process.stdin.on('error', events.gone)
    process.stdout.on('resize', this.#onResize)
    for (const name of ending) process.on(name, this.#onEnd)
    process.on('SIGCONT', this.#onContinue)
    this.#enter()
  }

  get size(): Size {
    const { columns, rows } = process.stdout
    return { columns: columns || 80, rows: rows || 24 }
  }

  /** Resolves once the terminal has taken it all. Throws Node's error when it is gone. */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    for (let offset = 0; offset < bytes.length; ) {
      offset += this.#push(bytes, offset)
      if (offset < bytes.length) await new Promise(resolve => setTimeout(resolve, fullWaitMs))
    }
  }

  /** To the shell, until it lets us go on. */
  suspend(): void {
    this.#leave()
    process.kill(process.pid, 'SIGSTOP')
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#escape)
    process.stdin.off('data', this.#onData)
    process.stdin.off('end', this.#events.gone)
    process.stdout.off('resize', this.#onResize)
    for (const name of ending) process.off(name, this.#onEnd)
    process.off('SIGCONT', this.#onContinue)
    this.#leave()
    process.stdin.pause()
    if (this.#descriptor !== 1) closeSync(this.#descriptor)
  }

  /** Bytes that were taken; 0 when there is no room. */
  #push(bytes: Buffer, offset: number): number {
    try {
      return writeSync(this.#descriptor, bytes, offset)
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return 0
      throw error
    }
  }

  #enter(): void {
    this.#isEntered = true
    process.stdin.setRawMode(true)
    process.stdin.resume()
    this.#pushForced(enterScreen)
    this.#events.resized(this.size)
  }

  #leave(): void {
    if (!this.#isEntered) return
    this.#isEntered = false
    this.#pushForced(leaveScreen)
    try {
      process.stdin.setRawMode(false)
    } catch (error) {
      // A terminal that was hung up has no modes to restore.
      if (errnoOf(error) === undefined) throw error
    }
  }

  /** Short sequences that everything depends on, without giving way to anything else. */
  #pushForced(text: string): void {
    const bytes = Buffer.from(text)
    const endMs = performance.now() + farewellMs
    try {
      for (let offset = 0; offset < bytes.length && performance.now() < endMs; ) offset += this.#push(bytes, offset)
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
    }
  }

  readonly #onData = (bytes: Buffer) => {
    clearTimeout(this.#escape)
    for (const key of this.#reader.read(bytes)) this.#events.key(key)
    if (this.#reader.isHalfway)
      this.#escape = setTimeout(() => {
        for (const key of this.#reader.giveUp()) this.#events.key(key)
      }, escapeMs)
  }

  /** Whoever had the terminal meanwhile may have left anything behind. */
  readonly #onContinue = () => this.#enter()

  readonly #onResize = () => this.#events.resized(this.size)

  /** With the terminal put right, the signal does what it would have done. */
  readonly #onEnd = (name: NodeJS.Signals) => {
    this[Symbol.dispose]()
    process.kill(process.pid, name)
  }
}

/** An open file of our own: standard output's is shared with the shell, and a blocking write would wait for a stopped terminal. */
function openNonBlocking(): number {
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return 1
  }
}
