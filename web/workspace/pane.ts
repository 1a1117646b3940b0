import type { Terminal } from '@xterm/xterm'
import { element } from '../page/element.ts'
import { Status } from '../page/status.ts'
import { randomName } from '../random-name.ts'
import { Screen } from '../terminal/screen.ts'
import { TerminalView } from '../terminal/view.ts'

export interface PaneOptions {
  askForToken(): Promise<void>
  /** The token of a link, on a page that shows one shared session. */
  link?: string | undefined
}

/** One terminal in its place on the page. */
export class Pane {
  /** Its name in the layout; sessions come and go in it. */
  readonly key = randomName()
  readonly element: HTMLElement
  readonly status = new Status()
  readonly screen: Screen
  readonly view: TerminalView
  readonly #note = element('p', { class: 'note', 'aria-hidden': 'true' })
  readonly #ends: (() => void)[] = []

  /** `host` is laid out already: the emulator takes its size from it. */
  static async open(host: HTMLElement, options: PaneOptions): Promise<Pane> {
    const box = element('div', { class: 'screen' })
    host.append(box)
    return new Pane(host, await Screen.open(box), options)
  }

  private constructor(host: HTMLElement, screen: Screen, options: PaneOptions) {
    this.element = host
    this.screen = screen
    this.view = new TerminalView({ screen, status: this.status, ...options })
    host.append(this.#note)
    this.whenClosed(this.status.onChange(() => this.#write()))
    releaseKeysOnBlur(screen.terminal)
    this.whenClosed(this.view.onState(({ role }) => (host.dataset.role = role)))
  }

  get terminal(): Terminal {
    return this.screen.terminal
  }

  /** The name a person gave tells more than what the program calls itself. */
  get title(): string {
    return this.status.name || this.status.title || 'ditty'
  }

  focus(): void {
    this.terminal.focus()
  }

  whenClosed(end: () => void): void {
    this.#ends.push(end)
  }

  /** Leaves the session, which lives on, and takes the terminal off the page. */
  close(): void {
    for (const end of this.#ends) end()
    this.view.close()
    this.screen.close()
    this.element.remove()
  }

  /** What the status line would say, for as long as it speaks of another pane. */
  #write(): void {
    const { phase, message } = this.status
    this.element.dataset.phase = phase
    this.#note.textContent = message
  }
}

/**
 * Between a key's press and its release xterm.js takes text that arrives for that key's own. Where the press moves the focus, the
 * release is heard elsewhere, and text of an IME or an on-screen keyboard would be dropped from then on.
 */
function releaseKeysOnBlur({ textarea }: Terminal): void {
  textarea?.addEventListener('blur', () => textarea.dispatchEvent(new KeyboardEvent('keyup', shiftKey)))
}

const shiftKey = { key: 'Shift', code: 'ShiftLeft', keyCode: 16 }
