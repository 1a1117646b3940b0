import { element } from './element.ts'
import type { Status } from './status.ts'

/**
 * The line under the terminals: a lamp for the connection, the title, and what there is to say of the one that has the focus. It
 * is always there, so that saying something never changes the size of the shell's window.
 */
export class StatusBar {
  readonly #bar: HTMLElement
  readonly #title = element('span', { class: 'title' })
  readonly #message = element('span', { class: 'message', role: 'status' })
  readonly #button = element('button', { type: 'button', hidden: '' })
  readonly #chips = element('span', { class: 'chips' })
  readonly #size = element('span', { class: 'size', 'aria-hidden': 'true' })
  #status: Status | undefined
  #unfollow = () => {}

  /** `ends`: what stands at the right end, and before the title on a narrow window. */
  constructor(bar: HTMLElement, start: HTMLElement, end: HTMLElement) {
    this.#bar = bar
    this.#button.addEventListener('click', () => this.#status?.action?.run())
    const lamp = element('span', { class: 'lamp' })
    bar.replaceChildren(lamp, start, this.#title, this.#message, this.#button, this.#chips, this.#size, end)
  }

  follow(status: Status): void {
    this.#unfollow()
    this.#status = status
    this.#unfollow = status.onChange(() => this.#draw(status))
    this.#draw(status)
  }

  #draw({ phase, message, action, link, chips, name, title, size }: Status): void {
    const text = link ?? message
    this.#bar.dataset.phase = phase
    this.#bar.toggleAttribute('data-said', text !== '')
    // A live region is announced whenever it is written, so only what changed is.
    if (this.#message.textContent !== text) this.#message.textContent = text
    this.#message.dataset.kind = link === undefined ? 'message' : 'link'
    this.#button.hidden = !action
    this.#button.textContent = action?.label ?? ''
    const whole = name && name !== title ? `${name} · ${title}` : title
    this.#title.textContent = whole
    this.#title.title = whole
    this.#size.textContent = size ? `${size.cols}×${size.rows}` : ''
    const shown = [...this.#chips.children]
    if (shown.length !== chips.length || chips.some((chip, index) => chip !== shown[index]))
      this.#chips.replaceChildren(...chips)
  }
}
