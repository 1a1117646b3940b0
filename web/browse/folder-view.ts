import { ApiError } from '../api/client.ts'
import {
  containerFileUrl,
  type FileInfo,
  type FolderList,
  makeFolder,
  type Path,
  removeFile,
} from '../api/container-files.ts'
import { showBytes } from '../files/amounts.ts'
import { chooseFiles } from '../files/choose-files.ts'
import { download } from '../files/download.ts'
import { takeDrops } from '../files/drop-target.ts'
import type { Bundle } from '../files/dropped.ts'
import { icon } from '../files/icons.ts'
import { upload } from '../files/uploads.ts'
import { ask, askForText } from '../page/ask.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { crumbs } from './crumbs.ts'
import type { Navigator, View } from './drawer.ts'
import { entryRow } from './entry-row.ts'
import { folderOfContainer } from './folder-destination.ts'
import { type Column, isFolder, type Order, ordered } from './order.ts'
import { showPath } from './path.ts'
import { rowsOf, walkByKeys } from './row-keys.ts'
import { toolButton } from './tool-button.ts'

/** As long as the page is open. */
let order: Order = { column: 'name', isReversed: false }

/** What is in a folder. */
export class FolderView implements View {
  readonly element: HTMLElement
  readonly #navigator: Navigator
  readonly #path: Path
  readonly #folder: FolderList
  readonly #filter = element('input', {
    type: 'search',
    class: 'filter',
    placeholder: words.browse.filter,
    'aria-label': words.browse.filter,
  })
  readonly #list = element('ul', { class: 'entries' })
  readonly #columns = element('div', { class: 'columns' })
  readonly #endDrops: () => void
  readonly #focused: string | undefined

  constructor(navigator: Navigator, path: Path, folder: FolderList, focused: string | undefined) {
    this.#navigator = navigator
    this.#path = path
    this.#folder = folder
    this.#focused = focused
    const bar = element('div', { class: 'browse-bar' }, crumbs(navigator, path), ...this.#tools())
    this.element = element('div', { class: 'folder' }, bar, this.#filter, this.#columns, this.#list)
    this.#filter.addEventListener('input', () => this.#draw())
    this.#filter.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) this.#search()
    })
    this.element.addEventListener('keydown', event => walkByKeys(event, this.#list, this.#filter))
    this.#endDrops = takeDrops(this.element, {
      where: async () => showPath(path),
      take: bundles => void this.#upload(bundles),
    })
    this.#draw()
    navigator.say(summaryOf(folder))
  }

  focus(): void {
    const rows = rowsOf(this.#list)
    const row = rows.find(row => row.dataset.name === this.#focused) ?? rows[0] ?? this.#filter
    row.focus()
  }

  close(): void {
    this.#endDrops()
  }

  #tools(): HTMLElement[] {
    const { target } = this.#navigator
    const remove = toolButton('remove', words.browse.removeFolder, () => void this.#remove())
    return [
      toolButton('upload', words.browse.upload, () => chooseFiles(false, bundles => void this.#upload(bundles))),
      toolButton('newFolder', words.browse.newFolder, () => void this.#makeFolder()),
      toolButton('download', words.browse.archive, () =>
        download(containerFileUrl(target, this.#path, { archive: 'zip' })),
      ),
      ...(this.#path.length > 0 ? [remove] : []),
      toolButton('again', words.browse.again, () => void this.#navigator.go(this.#path)),
    ]
  }

  #draw(): void {
    const wanted = this.#filter.value.toLowerCase()
    const entries = this.#folder.entries.filter(({ name }) => name.toLowerCase().includes(wanted))
    const now = new Date()
    this.#columns.replaceChildren(...(['name', 'size', 'modified'] as const).map(column => this.#column(column)))
    this.#list.replaceChildren(...ordered(entries, order).map(entry => this.#row(entry, now)))
    if (entries.length === 0)
      this.#list.append(element('li', { class: 'empty' }, wanted ? words.browse.noneFits : words.browse.empty))
    if (wanted) this.#list.append(element('li', {}, this.#searchBelow()))
  }

  #searchBelow(): HTMLElement {
    const button = element('button', { type: 'button', class: 'entry below' }, icon('search'))
    button.append(element('span', { class: 'search-name' }, words.browse.searchBelow(this.#filter.value)))
    button.addEventListener('click', () => this.#search())
    return button
  }

  #search(): void {
    if (this.#filter.value) this.#navigator.search(this.#path, this.#filter.value)
  }

  #row(entry: FileInfo, now: Date): HTMLElement {
    const row = entryRow(entry, now)
    const button = row.querySelector('button')!
    button.dataset.name = entry.name
    const { name, nameBase64 } = entry
    const path = [...this.#path, { name, ...(nameBase64 === undefined ? {} : { nameBase64 }) }]
    button.addEventListener('click', () => void this.#navigator.go(path))
    return row
  }

  #column(column: Column): HTMLElement {
    const isThis = order.column === column
    const mark = isThis ? (order.isReversed ? ' ↑' : ' ↓') : ''
    const button = element('button', { type: 'button', class: `entry-${column}` }, words.browse.column[column] + mark)
    button.addEventListener('click', () => {
      order = { column, isReversed: isThis && !order.isReversed }
      this.#draw()
      this.#columns.querySelector<HTMLElement>(`.entry-${column}`)?.focus()
    })
    return button
  }

  async #upload(bundles: Bundle[]): Promise<void> {
    await upload(folderOfContainer(this.#navigator.target, this.#path), bundles)
    if (this.element.isConnected) await this.#navigator.go(this.#path, bundles[0]?.name)
  }

  async #makeFolder(): Promise<void> {
    const name = await askForText(words.browse.newFolder, words.browse.folderName, '', words.browse.make)
    if (!name) return
    await this.#doing(() => makeFolder(this.#navigator.target, [...this.#path, { name }]), this.#path, name)
  }

  async #remove(): Promise<void> {
    const path = showPath(this.#path)
    const isSure = await ask(words.browse.removeFolder, words.browse.removeFolderHelp(path), [
      { label: words.browse.cancel, value: false, isMain: true },
      { label: words.browse.remove, value: true },
    ])
    if (isSure) await this.#doing(() => removeFile(this.#navigator.target, this.#path, true), this.#path.slice(0, -1))
  }

  async #doing(work: () => Promise<void>, then: Path, focused?: string): Promise<void> {
    try {
      await work()
      await this.#navigator.go(then, focused)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#navigator.say(error.message, true)
    }
  }
}

function summaryOf({ entries, truncated }: FolderList): string {
  const folders = entries.filter(isFolder).length
  const bytes = entries.reduce((sum, { type, sizeBytes }) => sum + (type === 'file' ? (sizeBytes ?? 0) : 0), 0)
  const summary = words.browse.summary(folders, entries.length - folders, showBytes(bytes))
  return truncated ? words.browse.truncated(entries.length) : summary
}
