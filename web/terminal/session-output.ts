import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { isReply } from './replies.ts'
import type { Screen } from './screen.ts'
import { WholeCharacters } from './whole-characters.ts'

/** What one session printed, on its way to the screen. */
export class SessionOutput {
  readonly #screen: Screen
  readonly #history: number
  readonly #characters = new WholeCharacters()
  /** The emulator is reading history just now. */
  #replaying = false
  #hasShown = false

  /** `history`: output before this offset was there, and answered, before this page looked. */
  constructor(screen: Screen, history: number) {
    this.#screen = screen
    this.#history = history
    screen.reset()
  }

  get hasShown(): boolean {
    return this.#hasShown
  }

  write(bytes: Uint8Array, offset: number, rendered: () => void): void {
    this.#hasShown = true
    const old = Math.min(Math.max(0, this.#history - offset), bytes.length)
    if (old > 0) this.#replay(this.#characters.push(bytes.subarray(0, old)))
    this.#screen.write(this.#characters.push(bytes.subarray(old)), rendered)
  }

  /** Takes the place of all that was written before. Nothing in it is asked of this page, whose focus it would report. */
  restore(bytes: Uint8Array, size: TerminalSize, rendered: () => void): void {
    this.#hasShown = true
    this.#characters.forget()
    this.#screen.reset(size)
    this.#replay(bytes)
    this.#screen.write(new Uint8Array(), () => {
      this.#screen.fit()
      rendered()
    })
  }

  /** Whether this, which the emulator wants to send, answers a question from before this page looked, or what a snapshot sets. */
  isStaleReply(data: string): boolean {
    return this.#replaying && isReply(data)
  }

  #replay(bytes: Uint8Array): void {
    this.#screen.write(new Uint8Array(), () => {
      this.#replaying = true
    })
    this.#screen.write(bytes, () => {
      this.#replaying = false
    })
  }
}
