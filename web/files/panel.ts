import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { icon } from './icons.ts'
import type { Transfer } from './transfer.ts'
import { TransferRow } from './transfer-row.ts'

/** Finished rows beyond this many give way to new ones. */
const maxRows = 200
/** Between two drawings, in ms: what an eye can follow. */
const drawMs = 120

/** The panel over the terminal's corner: files that come up and how far each is. It is there while it has something to tell. */
export class Panel {
  readonly #summary = element('span', { class: 'summary', role: 'status' })
  readonly #list = element('ul', {})
  readonly #clear = element('button', { type: 'button', class: 'link' }, words.files.clear)
  readonly #fold = element('button', { type: 'button', class: 'fold', 'aria-expanded': 'true' }, this.#summary)
  readonly #panel = element('section', { class: 'transfers', 'aria-label': words.files.title, hidden: '' })
  readonly #rows = new Set<TransferRow>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.#fold.prepend(icon('upload'))
    this.#panel.append(element('header', {}, this.#fold, this.#clear), this.#list)
    this.#fold.addEventListener('click', () => {
      const isFolded = this.#panel.toggleAttribute('data-folded')
      this.#fold.ariaExpanded = String(!isFolded)
    })
    this.#clear.addEventListener('click', () => this.#keep(({ transfer }) => transfer.phase === 'going'))
    document.body.append(this.#panel)
  }

  add(transfer: Transfer): void {
    const row = new TransferRow(transfer, () => this.#keep(other => other !== row))
    this.#rows.add(row)
    this.#list.prepend(row.element)
    transfer.onChange(() => this.#later())
    const finished = [...this.#rows].filter(({ transfer }) => transfer.phase !== 'going')
    const over = new Set(finished.slice(0, Math.max(0, this.#rows.size - maxRows)))
    this.#keep(row => !over.has(row))
  }

  get isGoing(): boolean {
    return [...this.#rows].some(({ transfer }) => transfer.phase === 'going')
  }

  #keep(wanted: (row: TransferRow) => boolean): void {
    for (const row of this.#rows) {
      if (wanted(row)) continue
      this.#rows.delete(row)
      row.element.remove()
    }
    this.#draw()
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.#draw(), drawMs)
  }

  #draw(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const row of this.#rows) row.draw()
    const going = [...this.#rows].filter(({ transfer }) => transfer.phase === 'going').length
    const text = going > 0 ? words.files.summary(going) : words.files.allDone
    const failed = [...this.#rows].filter(({ transfer }) => transfer.phase === 'failed').length
    const whole = going === 0 && failed > 0 ? words.files.failed(failed) : text
    if (this.#summary.textContent !== whole) this.#summary.textContent = whole
    this.#clear.hidden = going === this.#rows.size
    this.#panel.hidden = this.#rows.size === 0
    // The rate falls while nothing comes, and only a new drawing shows that.
    if (going > 0) this.#timer = setTimeout(() => this.#draw(), 1000)
  }
}
