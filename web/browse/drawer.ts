import { ApiError } from '../api/client.ts'
import { type FileInfo, listFolder, type Path, statFile, type Target } from '../api/container-files.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { FileView } from './file-view.ts'
import { FolderView } from './folder-view.ts'
import { showPath, typedPath } from './path.ts'
import { SearchView } from './search-view.ts'
import { choices } from './targets.ts'

/** Something that stands in the drawer until another takes its place. */
export interface View {
  element: HTMLElement
  focus(): void
  close(): void
}

/** What the views ask of the drawer. */
export interface Navigator {
  readonly target: Target
  /** Opens a folder or a file; `focused`: the entry that has the focus then. */
  go(path: Path, focused?: string): Promise<void>
  /** Looks for what has a word in its name, in all folders below one. */
  search(path: Path, word: string): void
  /** Says something below the view; an error in red. */
  say(text: string, isWrong?: boolean): void
}

/** The files of a container, at the side of the terminals. */
export class Drawer implements Navigator {
  readonly #select = element('select', { 'aria-label': words.browse.container })
  readonly #address = element('input', {
    class: 'address',
    'aria-label': words.browse.path,
    spellcheck: 'false',
    autocomplete: 'off',
    disabled: '',
  })
  readonly #view = element('div', { class: 'browse-view' })
  readonly #note = element('p', { class: 'browse-note', role: 'status' })
  readonly #element: HTMLElement
  readonly #onClosed: () => void
  #shown: View | undefined
  #path: Path = []
  /** Of the last look; an answer to an earlier one comes too late. */
  #looks = 0

  constructor(onClosed: () => void) {
    this.#onClosed = onClosed
    const close = element('button', { type: 'button', class: 'close', 'aria-label': words.close }, '×')
    const address = element('form', { class: 'address-form' }, this.#address)
    this.#element = element(
      'aside',
      { class: 'browse', 'aria-label': words.browse.title, hidden: '' },
      element('header', {}, this.#select, close),
      address,
      this.#view,
      this.#note,
    )
    close.addEventListener('click', () => this.toggle())
    address.addEventListener('submit', event => {
      event.preventDefault()
      this.#address.blur()
      void this.go(typedPath(this.#address.value, this.#path))
    })
    this.#select.addEventListener('change', () => void this.go([]))
    this.#element.addEventListener('keydown', event => this.#onKey(event))
    document.querySelector('main')?.after(this.#element)
  }

  get target(): Target {
    return this.#select.value || undefined
  }

  toggle(): void {
    const isShown = this.#element.toggleAttribute('hidden') === false
    if (!isShown) this.#onClosed()
    else if (this.#shown) this.#shown.focus()
    else void this.#begin()
  }

  async go(path: Path, focused?: string): Promise<void> {
    const look = ++this.#looks
    this.#element.ariaBusy = 'true'
    this.say('')
    try {
      const view = await this.#look(path, focused)
      if (look === this.#looks) this.#show(path, view)
      else view.close()
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof DOMException)) throw error
      if (look === this.#looks) this.say(error.message, true)
    } finally {
      if (look === this.#looks) this.#element.ariaBusy = 'false'
    }
  }

  search(path: Path, word: string): void {
    this.#looks++
    this.#element.ariaBusy = 'false'
    this.#show(path, new SearchView(this, path, word))
  }

  say(text: string, isWrong = false): void {
    this.#note.textContent = text
    this.#note.classList.toggle('wrong', isWrong)
  }

  async #begin(): Promise<void> {
    try {
      for (const { target, label } of await choices()) this.#select.append(element('option', { value: target }, label))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return this.say(error.message, true)
    }
    this.#address.disabled = false
    await this.go([])
  }

  async #look(path: Path, focused: string | undefined): Promise<View> {
    const info = path.length === 0 ? undefined : await statFile(this.target, path)
    if (info === undefined || leadsTo(info) === 'directory')
      return new FolderView(this, path, await listFolder(this.target, path), focused)
    return await FileView.open(this, path, info)
  }

  #show(path: Path, view: View): void {
    this.#shown?.close()
    this.#shown = view
    this.#path = path
    this.#view.replaceChildren(view.element)
    // Somebody types the next path already.
    if (document.activeElement === this.#address) return
    this.#address.value = showPath(path)
    view.focus()
  }

  #onKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
    if (event.key === 'Escape' && !event.isComposing) this.#onClosed()
    else if (event.key === 'Backspace' && !isTyping && this.#path.length > 0)
      void this.go(this.#path.slice(0, -1), this.#path.at(-1)?.name)
    else return
    event.preventDefault()
  }
}

/** What is there in the end. */
export const leadsTo = ({ type, linkType }: FileInfo) => (type === 'link' ? linkType : type)
