import type { TerminalState } from '../../server/protocol/terminal-frames.ts'
import { element } from '../page/element.ts'
import { openSheet, type Sheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/** Who looks, and who has the keyboard. Alone with one's own shell, nothing is said of it. */
function follow(pane: Pane, workspace: Workspace): void {
  const chip = new Chip(pane, workspace)
  pane.whenClosed(pane.view.onState(state => chip.draw(state)))
  pane.whenClosed(pane.view.onShown(() => pane.status.setChip('together', undefined)))
  const typed = pane.terminal.onKey(() => pane.view.state?.role === 'reader' && chip.flash())
  pane.whenClosed(() => typed.dispose())
}

class Chip {
  readonly #pane: Pane
  readonly #isGuest: boolean
  readonly #chip = element('span', { class: 'chip' })

  constructor(pane: Pane, { isGuest }: Workspace) {
    this.#pane = pane
    this.#isGuest = isGuest
  }

  draw(state: TerminalState): void {
    const parts = this.#parts(state)
    this.#chip.replaceChildren(...parts)
    this.#pane.status.setChip('together', parts.length > 0 ? this.#chip : undefined)
  }

  /** Keys do nothing here: this says why. */
  flash(): void {
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.#chip.animate([{ opacity: 0.25 }, { opacity: 1 }], { duration: 250 })
  }

  #parts({ role, readOnly, viewers }: TerminalState): (Node | string)[] {
    const count = viewers.length
    const all = count > 1 ? [this.#button(words.viewers(count), () => openViewers(this.#pane))] : []
    if (readOnly) return [span([words.readOnly, ...(count > 1 ? [words.viewers(count)] : [])].join(' · '))]
    if (role === 'writer') return this.#isGuest ? [span(words.shared), ...all] : all
    const someoneWrites = viewers.some(viewer => viewer.role === 'writer')
    const take = this.#button(words.take, () => {
      this.#pane.view.take()
      this.#pane.focus()
    })
    return [span(someoneWrites ? words.watching : words.nobodyWrites), ...all, take]
  }

  #button(label: string, run: () => void): HTMLElement {
    const button = element('button', { type: 'button' }, label)
    button.addEventListener('click', run)
    return button
  }
}

const span = (text: string) => element('span', {}, text)

/** The one who writes may pass the keyboard on, and send away who watches. */
function openViewers(pane: Pane): void {
  const list = element('ul', { class: 'viewers' })
  const draw = (state: TerminalState) => list.replaceChildren(...state.viewers.map(viewer => row(viewer, state)))
  const row = ({ id, role, readOnly }: TerminalState['viewers'][number], state: TerminalState) => {
    const isMe = id === state.viewer
    const does = readOnly ? words.onlyWatches : role === 'writer' ? words.writes : words.watches
    const item = element('li', {}, element('span', {}, isMe ? words.you : words.viewer(id)), span(does))
    if (isMe || state.role !== 'writer') return item
    if (!readOnly) item.append(button(words.pass, () => pane.view.give(id)))
    item.append(button(words.sendAway, () => pane.view.sendAway(id)))
    return item
  }
  const sheet: Sheet = openSheet({ title: words.whoLooks, kind: 'viewer-sheet' }, list)
  const end = pane.view.onState(draw)
  void sheet.closed.then(end)
  if (pane.view.state) draw(pane.view.state)
}

function button(label: string, run: () => void): HTMLElement {
  const made = element('button', { type: 'button', class: 'button' }, label)
  made.addEventListener('click', run)
  return made
}

export const together: Feature = {
  commands: [
    {
      group: 'session',
      label: words.take,
      forGuests: true,
      isOffered: ({ pane }) => pane?.view.state?.role === 'reader' && !pane.view.state.readOnly,
      run: workspace => workspace.pane?.view.take(),
    },
    {
      group: 'session',
      label: words.whoLooksEntry,
      forGuests: true,
      isOffered: ({ pane }) => (pane?.view.state?.viewers.length ?? 0) > 1,
      run: ({ pane }) => pane && openViewers(pane),
    },
  ],
  addTo: follow,
}
