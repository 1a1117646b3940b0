import type { LiveScreen, Size } from '../../core/live.ts'
import type { ToolEvent } from '../../core/tool.ts'
import { errnoOf } from '../../linux/linux.ts'
import { Painter } from './painter.ts'
import { LiveTerminal } from './terminal.ts'

/** A frame at most each so many milliseconds, however fast keys and events come. */
const frameMs = 16

/** A live screen on the terminal, from its first event to its end. */
export class Show implements Disposable {
  readonly #screen: LiveScreen<ToolEvent>
  readonly #quit: () => void
  readonly #painter = new Painter()
  readonly #terminal: LiveTerminal
  #due: NodeJS.Timeout | undefined
  #isPainting = false
  #isStale = false

  constructor(screen: LiveScreen<ToolEvent>, quit: () => void) {
    this.#screen = screen
    this.#quit = quit
    this.#terminal = new LiveTerminal({
      key: key => this.#press(key),
      resized: size => this.#resize(size),
      gone: quit,
    })
  }

  take(event: ToolEvent): void {
    this.#screen.take(event)
    this.redraw()
  }

  redraw(): void {
    this.#isStale = true
    this.#due ??= setTimeout(() => {
      this.#due = undefined
      void this.#paint()
    }, frameMs)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#due)
    this.#isStale = false
    this.#terminal[Symbol.dispose]()
  }

  #press(key: string): void {
    if (key === 'Ctrl-C') this.#quit()
    else if (key === 'Ctrl-Z') this.#terminal.suspend()
    else if (key === 'Ctrl-L') this.#painter.forget(this.#terminal.size.rows)
    else this.#screen.press(key)
    this.redraw()
  }

  #resize(size: Size): void {
    this.#screen.resize(size)
    this.#painter.forget(size.rows)
    this.redraw()
  }

  /** While the terminal takes one frame, those that follow are skipped but for the last. */
  async #paint(): Promise<void> {
    if (this.#isPainting) return
    this.#isPainting = true
    try {
      while (this.#isStale) {
        this.#isStale = false
        await this.#terminal.write(this.#painter.paint(this.#screen.frame()))
      }
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      this.#quit()
    } finally {
      this.#isPainting = false
    }
  }
}
