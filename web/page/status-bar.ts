import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { element } from './element.ts'

export type Phase = 'connecting' | 'open' | 'lost' | 'ended' | 'failed'

export interface Action {
  label: string
  run(): void
}

/**
 * The line under the terminal: a lamp for the connection, the title, and what there is to say. It is always there, so that
 * saying something never changes the size of the shell's window.
 */
export class StatusBar {
  readonly #bar: HTMLElement
  readonly #title = element('span', { class: 'title' })
  readonly #message = element('span', { class: 'message', role: 'status' })
  readonly #button = element('button', { type: 'button', hidden: '' })
  readonly #size = element('span', { class: 'size', 'aria-hidden': 'true' })
  #said = ''
  #run: (() => void) | undefined

  constructor(bar: HTMLElement) {
    this.#bar = bar
    this.#button.addEventListener('click', () => this.#run?.())
    bar.replaceChildren(element('span', { class: 'lamp' }), this.#title, this.#message, this.#button, this.#size)
  }

  show(phase: Phase, message = '', action?: Action): void {
    this.#bar.dataset.phase = phase
    this.#said = message
    this.#run = action?.run
    this.#button.hidden = !action
    this.#button.textContent = action?.label ?? ''
    this.#write(message)
  }

  /** Where a link leads, while the pointer is on it. */
  showLink(address: string | undefined): void {
    this.#write(address ?? this.#said, address !== undefined)
  }

  set title(title: string) {
    this.#title.textContent = title
    this.#title.title = title
  }

  set size({ cols, rows }: TerminalSize) {
    this.#size.textContent = `${cols}×${rows}`
  }

  #write(message: string, isLink = false): void {
    this.#message.textContent = message
    this.#message.dataset.kind = isLink ? 'link' : 'message'
    this.#bar.toggleAttribute('data-said', message !== '')
  }
}
