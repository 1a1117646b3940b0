import { ApiError } from '../api/client.ts'
import type { Path } from '../api/container-files.ts'
import { type Found, type SearchEvent, searchBelow } from '../api/search.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { crumbs } from './crumbs.ts'
import type { Navigator, View } from './drawer.ts'
import { entryRow } from './entry-row.ts'
import { showPath } from './path.ts'
import { rowsOf, walkByKeys } from './row-keys.ts'
import { toolButton } from './tool-button.ts'

/** What is found by its name in all folders below one, as it is found. */
export class SearchView implements View {
  readonly element: HTMLElement
  readonly #navigator: Navigator
  readonly #path: Path
  readonly #word = element('input', { type: 'search', class: 'filter', 'aria-label': words.browse.search })
  readonly #list = element('ul', { class: 'entries' })
  readonly #stop = toolButton('stop', words.browse.stopSearch, () => this.#search?.abort())
  #search: AbortController | undefined

  constructor(navigator: Navigator, path: Path, word: string) {
    this.#navigator = navigator
    this.#path = path
    this.#word.value = word
    const bar = element('div', { class: 'browse-bar' }, crumbs(navigator, path), this.#stop)
    this.element = element('div', { class: 'folder' }, bar, this.#word, this.#list)
    this.#word.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) void this.#run()
    })
    this.element.addEventListener('keydown', event => this.#onKey(event))
    void this.#run()
  }

  focus(): void {
    this.#word.focus()
  }

  close(): void {
    this.#search?.abort()
    this.#search = undefined
  }

  async #run(): Promise<void> {
    this.#search?.abort()
    const search = new AbortController()
    this.#search = search
    this.#stop.hidden = false
    this.#list.replaceChildren()
    const told = await this.#watch(search.signal)
    if (this.#search !== search) return
    this.#stop.hidden = true
    this.#navigator.say(told.text, told.isWrong)
  }

  /** Shows what comes until the end, and gives what is to be said of it. */
  async #watch(signal: AbortSignal): Promise<{ text: string; isWrong: boolean }> {
    const now = new Date()
    const troubles: string[] = []
    let isLimited = false
    const show = (event: SearchEvent) => {
      if (event.type === 'found') this.#list.append(this.#row(event, now))
      else if (event.type === 'trouble') troubles.push(`${event.path}: ${event.reason}`)
      else isLimited = event.limited
      this.#navigator.say(words.browse.found(this.#list.childElementCount))
    }
    try {
      for await (const event of searchBelow(this.#navigator.target, this.#path, this.#word.value, signal)) show(event)
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof DOMException || error instanceof TypeError)) throw error
      if (!signal.aborted) return { text: error.message, isWrong: true }
    }
    const count = this.#list.childElementCount
    if (signal.aborted) return { text: words.browse.searchStopped(count), isWrong: false }
    const summary = isLimited ? words.browse.foundMore(count) : words.browse.found(count)
    const [first] = troubles
    return { text: first ? `${summary}; ${words.browse.notSearched(troubles.length, first)}` : summary, isWrong: false }
  }

  #row({ info, path }: Found, now: Date): HTMLElement {
    const row = entryRow({ ...info, name: showPath(path.slice(this.#path.length)).slice(1) }, now)
    row.querySelector('button')!.addEventListener('click', () => void this.#navigator.go(path))
    return row
  }

  /** Backspace leads to the folder that is searched, not to the one above it. */
  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Backspace' && rowsOf(this.#list).includes(event.target as HTMLButtonElement)) {
      event.stopPropagation()
      event.preventDefault()
      void this.#navigator.go(this.#path)
    } else walkByKeys(event, this.#list, this.#word)
  }
}
