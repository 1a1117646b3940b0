import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { renameFocused } from './sessions.ts'
import type { Tab } from './tab.ts'
import type { Workspace } from './workspace.ts'

const worst = ['failed', 'lost', 'ended', 'connecting', 'open']

/** The tabs above the stage, there when there are several. */
export class TabStrip {
  readonly #strip: HTMLElement
  readonly #workspace: Workspace
  readonly #closeTab: (tab: Tab) => void
  readonly #list = element('div', { class: 'tab-list', role: 'tablist', 'aria-label': words.tabs })
  readonly #items = new Map<Tab, { item: HTMLElement; button: HTMLButtonElement }>()

  constructor(strip: HTMLElement, workspace: Workspace, closeTab: (tab: Tab) => void) {
    this.#strip = strip
    this.#workspace = workspace
    this.#closeTab = closeTab
    const add = element(
      'button',
      { type: 'button', class: 'add', title: words.newTab, 'aria-label': words.newTab },
      '+',
    )
    add.addEventListener('click', () => void workspace.openTab())
    strip.append(this.#list, add)
    this.#list.addEventListener('keydown', event => this.#onKey(event))
    workspace.onChange(() => this.#draw())
  }

  #draw(): void {
    const { tabs, tab: shown } = this.#workspace
    this.#strip.hidden = tabs.length < 2
    for (const [tab, { item }] of this.#items) {
      if (tabs.includes(tab)) continue
      item.remove()
      this.#items.delete(tab)
    }
    for (const tab of tabs) {
      const { button, item } = this.#itemOf(tab)
      const isShown = tab === shown
      const { title, status } = tab.focused
      const phases = tab.panes.map(({ status }) => status.phase)
      if (button.textContent !== title) button.textContent = title
      button.title = status.title
      button.ariaSelected = String(isShown)
      button.tabIndex = isShown ? 0 : -1
      item.dataset.phase = worst.find(phase => phases.some(each => each === phase))
      item.classList.toggle('shown', isShown)
      item.classList.toggle(
        'rung',
        tab.panes.some(({ status }) => status.hasRung),
      )
    }
    this.#items.get(shown as Tab)?.item.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  #itemOf(tab: Tab) {
    const known = this.#items.get(tab)
    if (known) return known
    const id = `${tab.element.id}-name`
    const button = element('button', { type: 'button', role: 'tab', id, 'aria-controls': tab.element.id })
    tab.element.setAttribute('aria-labelledby', id)
    const close = element(
      'button',
      { type: 'button', class: 'close', tabindex: '-1', 'aria-label': words.closeTab },
      '×',
    )
    const item = element('div', { class: 'tab', role: 'presentation' }, button, close)
    button.addEventListener('click', () => this.#workspace.show(tab))
    button.addEventListener('dblclick', () => renameFocused(this.#workspace))
    close.addEventListener('click', () => this.#closeTab(tab))
    item.addEventListener('auxclick', event => event.button === 1 && this.#closeTab(tab))
    this.#list.append(item)
    this.#items.set(tab, { item, button })
    return { item, button }
  }

  /** As any tablist: arrows go along it and the focus stays there; Delete closes. */
  #onKey(event: KeyboardEvent): void {
    const { tabs, tab } = this.#workspace
    if (!tab) return
    const at = tabs.indexOf(tab)
    const goal = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key]
    const next = goal === undefined ? undefined : tabs.at(goal % tabs.length)
    if (event.key === 'Delete') this.#closeTab(tab)
    if (!next) return
    event.preventDefault()
    this.#workspace.show(next)
    this.#items.get(next)?.button.focus()
  }
}
