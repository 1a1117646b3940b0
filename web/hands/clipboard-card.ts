import { element } from '../page/element.ts'
import { words } from '../words.ts'

/** How long a card that only tells something stays, in ms. */
const tellMs = 2_500

/** Characters of the text that a card shows. */
const previewLength = 120

export interface Answers {
  once(): void
  always(): void
  never(): void
}

/** A small card over a terminal, about what its program wants of the clipboard. It never takes the focus: nobody types into it. */
export class ClipboardCard {
  readonly #host: HTMLElement
  #card: HTMLElement | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: HTMLElement) {
    this.#host = host
  }

  ask(text: string, { once, always, never }: Answers): void {
    this.#show(
      element('p', {}, words.hands.programCopies(text.length)),
      previewOf(text),
      this.#buttons([words.hands.never, never], [words.hands.always, always], [words.hands.once, once]),
    )
  }

  /** The browser wants a press before it lets text on the clipboard. */
  offer(text: string, copy: () => void): void {
    this.#show(
      element('p', {}, words.hands.pressToCopy(text.length)),
      previewOf(text),
      this.#buttons([words.hands.cancel, () => {}], [words.hands.copy, copy]),
    )
  }

  say(message: string): void {
    this.#show(element('p', {}, message))
    this.#timer = setTimeout(() => this.#hide(), tellMs)
  }

  #show(...content: HTMLElement[]): void {
    this.#hide()
    this.#card = element('div', { class: 'clipboard-card', role: 'alert' }, ...content)
    this.#host.append(this.#card)
  }

  #hide(): void {
    clearTimeout(this.#timer)
    this.#card?.remove()
  }

  /** The last is the one to press. */
  #buttons(...answers: [string, () => void][]): HTMLElement {
    const buttons = answers.map(([label, run], index) => {
      const kind = index === answers.length - 1 ? 'button main' : 'button'
      const button = element('button', { type: 'button', class: kind }, label)
      button.addEventListener('mousedown', event => event.preventDefault())
      button.addEventListener('click', () => {
        this.#hide()
        run()
      })
      return button
    })
    return element('div', { class: 'actions' }, ...buttons)
  }
}

/** In one line; what is cut off is told by the number above it. */
const previewOf = (text: string) =>
  element('pre', {}, text.slice(0, previewLength).replace(/\s+/g, ' ') + (text.length > previewLength ? '…' : ''))
