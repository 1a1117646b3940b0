import { element } from '../page/element.ts'
import { randomName } from '../random-name.ts'
import { dividerHandle } from './divider.ts'
import { type Box, type Layout, panesOf, place, remove, type Split, split, withShare } from './layout.ts'
import type { Pane } from './pane.ts'

/** A phone: too few columns for two terminals side by side. The style sheets say the same width. */
export const narrow = matchMedia('(max-width: 600px)')

/** Panes that share the stage, and how they divide it. They never move in the document, only on the screen. */
export class Tab {
  readonly element = element('section', { class: 'tab-panel', role: 'tabpanel', id: `tab-${randomName()}` })
  readonly #panes = new Map<string, Pane>()
  readonly #onLayout: () => void
  readonly #narrowEnded = new AbortController()
  #dividers: HTMLElement[] = []
  #layout: Layout
  #focused: Pane
  #isZoomed = false

  /** `onLayout` is called when the person moved a divider. */
  constructor(pane: Pane, onLayout: () => void) {
    this.#onLayout = onLayout
    this.#layout = pane.key
    this.#focused = pane
    this.#panes.set(pane.key, pane)
    this.element.append(pane.element)
    narrow.addEventListener('change', () => this.#arrange(), { signal: this.#narrowEnded.signal })
    this.#arrange()
  }

  get layout(): Layout {
    return this.#layout
  }

  /** In the order of the layout. */
  get panes(): Pane[] {
    return panesOf(this.#layout).flatMap(key => this.#panes.get(key) ?? [])
  }

  get focused(): Pane {
    return this.#focused
  }

  get isZoomed(): boolean {
    return this.#isZoomed
  }

  /** The focused pane takes all of the stage: it is zoomed, or nothing else would fit. */
  get #showsOne(): boolean {
    return this.#panes.size > 1 && (this.#isZoomed || narrow.matches)
  }

  focus(pane: Pane): void {
    this.#focused = pane
    this.#arrange()
  }

  /** On the stage. */
  set isShown(isShown: boolean) {
    this.element.hidden = !isShown
    for (const { view, status } of this.#panes.values()) {
      view.isHidden = !isShown
      if (isShown) status.hasRung = false
    }
  }

  zoom(on: boolean): void {
    this.#isZoomed = on && this.#panes.size > 1
    this.#arrange()
  }

  /** `added` comes right of `pane`, or below it. */
  split(pane: Pane, direction: Split['direction'], added: Pane): void {
    this.#panes.set(added.key, added)
    this.#layout = split(this.#layout, pane.key, direction, added.key)
    this.#isZoomed = false
    this.element.append(added.element)
    this.focus(added)
  }

  /** False when it was the last. */
  remove(pane: Pane): boolean {
    const before = this.panes.indexOf(pane)
    const layout = remove(this.#layout, pane.key)
    this.#panes.delete(pane.key)
    if (layout === undefined) {
      this.#narrowEnded.abort()
      return false
    }
    this.#layout = layout
    this.#isZoomed &&= this.#panes.size > 1
    if (this.#focused === pane) this.#focused = this.panes[Math.max(0, before - 1)] as Pane
    this.#arrange()
    return true
  }

  /** `share`: of the split's first part. */
  share(changed: Split, share: number): void {
    this.#layout = withShare(this.#layout, changed, share)
    this.#arrange()
  }

  /** Takes the layout that was stored, made of the keys of its panes. */
  restore(layout: Layout, panes: Pane[], focused: Pane): void {
    for (const pane of panes) {
      this.#panes.set(pane.key, pane)
      if (pane.element.parentElement !== this.element) this.element.append(pane.element)
    }
    this.#layout = layout
    this.focus(focused)
  }

  #arrange(): void {
    const { panes, dividers } = place(this.#layout)
    this.element.toggleAttribute('data-split', panes.size > 1 && !this.#showsOne)
    for (const [key, pane] of this.#panes) {
      const isFocused = pane === this.#focused
      pane.element.classList.toggle('focused', isFocused)
      pane.element.hidden = this.#showsOne && !isFocused
      put(pane.element, this.#showsOne ? undefined : panes.get(key))
    }
    const shown = this.#showsOne ? [] : dividers
    // One that is dragged must stay the element it is.
    while (this.#dividers.length > shown.length) this.#dividers.pop()?.remove()
    while (this.#dividers.length < shown.length) {
      const handle = dividerHandle(this, this.#onLayout)
      this.#dividers.push(handle)
      this.element.append(handle)
    }
    for (const [index, { split, box }] of shown.entries()) putDivider(this.#dividers[index]!, split, box)
  }

  /** The divider an element stands for, as the layout is now. */
  dividerOf(handle: HTMLElement): { split: Split; box: Box } | undefined {
    return place(this.#layout).dividers[this.#dividers.indexOf(handle)]
  }
}

const percent = (share: number) => `${(share * 100).toFixed(4)}%`

function put({ style }: HTMLElement, box: Box = { left: 0, top: 0, width: 1, height: 1 }): void {
  style.left = percent(box.left)
  style.top = percent(box.top)
  style.width = percent(box.width)
  style.height = percent(box.height)
}

function putDivider(handle: HTMLElement, { direction, share }: Split, box: Box): void {
  const isRow = direction === 'row'
  const line = isRow
    ? { ...box, left: box.left + box.width * share, width: 0 }
    : { ...box, top: box.top + box.height * share, height: 0 }
  handle.dataset.direction = direction
  handle.ariaOrientation = isRow ? 'vertical' : 'horizontal'
  handle.ariaValueNow = String(Math.round(share * 100))
  put(handle, line)
}
