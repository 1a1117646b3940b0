import type { TerminalInfo } from '../api/terminals.ts'
import { Listeners } from '../listeners.ts'
import { element } from '../page/element.ts'
import type { Feature } from './feature.ts'
import { neighbour, type Side, type Split, splitAround } from './layout.ts'
import { Pane, type PaneOptions } from './pane.ts'
import { Tab } from './tab.ts'

/** What a pane shows: a session, or a new one, and what is said of it at first. */
export interface Opening {
  session?: TerminalInfo
  notice?: string
}

/** All terminals of the page: tabs, of which one is on the stage, and panes in each, of which one has the focus. */
export class Workspace {
  readonly features: readonly Feature[]
  readonly #stage: HTMLElement
  readonly #paneOptions: PaneOptions
  readonly #changes = new Listeners()
  readonly #tabs: Tab[] = []
  #tab: Tab | undefined
  #isTelling = false

  constructor(stage: HTMLElement, features: readonly Feature[], paneOptions: PaneOptions) {
    this.#stage = stage
    this.features = features
    this.#paneOptions = paneOptions
  }

  /** The page shows one session that was shared by a link, and knows of no other. */
  get isGuest(): boolean {
    return this.#paneOptions.link !== undefined
  }

  get tabs(): readonly Tab[] {
    return this.#tabs
  }

  /** The one on the stage; undefined when nothing is open. */
  get tab(): Tab | undefined {
    return this.#tab
  }

  /** The one that has the focus, or gets it back when a dialog closes. */
  get pane(): Pane | undefined {
    return this.#tab?.focused
  }

  get panes(): Pane[] {
    return this.#tabs.flatMap(tab => tab.panes)
  }

  /** Calls back after tabs, panes, the focus, titles or sessions changed. */
  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  async openTab(opening: Opening = {}): Promise<Pane> {
    const pane = await this.makePane()
    this.addTab(pane)
    await fill(pane, opening)
    return pane
  }

  /** A new pane right of the focused one, or below it. */
  async split(direction: Split['direction'], opening: Opening = {}): Promise<void> {
    const [tab, from] = [this.#tab, this.pane]
    if (!tab || !from) return
    const pane = await this.makePane()
    tab.split(from, direction, pane)
    this.focus(pane)
    await fill(pane, opening)
  }

  /** Puts a session on the stage: where it is shown already, or in a new tab. */
  async openSession(session: TerminalInfo): Promise<void> {
    const shown = this.panes.find(({ view }) => view.id === session.id)
    if (shown) this.focus(shown)
    else await this.openTab({ session })
  }

  /** A session has another name. */
  renamed(session: TerminalInfo): void {
    for (const { view } of this.panes) if (view.id === session.id) view.renamed(session)
    this.#changed()
  }

  /** A pane that has its emulator but no place yet. */
  async makePane(): Promise<Pane> {
    const host = element('div', { class: 'pane' })
    this.#stage.append(host)
    const pane = await Pane.open(host, this.#paneOptions)
    host.addEventListener('focusin', () => this.#onFocus(pane))
    pane.whenClosed(pane.status.onChange(() => this.#changed()))
    pane.whenClosed(pane.view.onShown(() => this.#changed()))
    for (const { addTo } of this.features) addTo?.(pane, this)
    return pane
  }

  addTab(pane: Pane, isShown = true): Tab {
    const tab = new Tab(pane, () => this.#changed())
    tab.isShown = false
    this.#stage.append(tab.element)
    this.#tabs.push(tab)
    if (isShown) this.show(tab)
    return tab
  }

  show(tab: Tab): void {
    this.#tab = tab
    for (const each of this.#tabs) each.isShown = each === tab
    tab.focused.focus()
    this.#changed()
  }

  focus(pane: Pane): void {
    const tab = this.#tabs.find(({ panes }) => panes.includes(pane))
    if (!tab) return
    tab.focus(pane)
    this.show(tab)
  }

  /** The next tab or the one before, round and round. */
  turn(step: 1 | -1): void {
    const at = this.#tab ? this.#tabs.indexOf(this.#tab) : 0
    const tab = this.#tabs.at((at + step) % this.#tabs.length)
    if (tab) this.show(tab)
  }

  neighbour(side: Side): Pane | undefined {
    const [tab, pane] = [this.#tab, this.pane]
    const key = tab && pane && neighbour(tab.layout, pane.key, side)
    return tab?.panes.find(each => each.key === key)
  }

  moveDivider(direction: Split['direction'], share: number): void {
    const [tab, pane] = [this.#tab, this.pane]
    const split = tab && pane && splitAround(tab.layout, pane.key, direction)
    if (!tab || !split) return
    tab.share(split, split.share + share)
    this.#changed()
  }

  toggleZoom(): void {
    this.#tab?.zoom(!this.#tab.isZoomed)
    this.#changed()
  }

  /** Takes a pane off the page; its session lives on. */
  leave(pane: Pane): void {
    const tab = this.#tabs.find(({ panes }) => panes.includes(pane))
    if (!tab) return
    const isLast = !tab.remove(pane)
    pane.close()
    if (isLast) this.#removeTab(tab)
    else if (tab === this.#tab) this.show(tab)
    this.#changed()
  }

  #removeTab(tab: Tab): void {
    const at = this.#tabs.indexOf(tab)
    this.#tabs.splice(at, 1)
    tab.element.remove()
    if (tab !== this.#tab) return
    this.#tab = undefined
    const next = this.#tabs[Math.min(at, this.#tabs.length - 1)]
    if (next) this.show(next)
  }

  #onFocus(pane: Pane): void {
    if (this.pane === pane) return
    const tab = this.#tabs.find(({ panes }) => panes.includes(pane))
    if (!tab) return
    tab.focus(pane)
    this.#changed()
  }

  /** Many things change in one go. */
  #changed(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    queueMicrotask(() => {
      this.#isTelling = false
      this.#changes.emit()
    })
  }
}

/** The pane has its place by now, so the session is made in its size. */
async function fill(pane: Pane, { session, notice }: Opening): Promise<void> {
  pane.screen.fit()
  if (session) pane.view.show(session, notice)
  else await pane.view.create(notice)
}
