import { ApiError } from '../api/client.ts'
import {
  containerFileUrl,
  type FileInfo,
  type Part,
  type Path,
  readBytes,
  removeFile,
  writeFile,
} from '../api/container-files.ts'
import { showBytes } from '../files/amounts.ts'
import { download } from '../files/download.ts'
import { ask } from '../page/ask.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { crumbs } from './crumbs.ts'
import { leadsTo, type Navigator, type View } from './drawer.ts'
import { titleOf } from './entry-row.ts'
import { Follower } from './follower.ts'
import { hexDump } from './hex-dump.ts'
import { toolButton } from './tool-button.ts'

/** What is shown of a file at first, and what may be edited here. */
const shownBytes = 256 * 1024
/** Of one that is no text. */
const dumpedBytes = 4096

/** A file: its beginning, its end as it grows, or an editor. */
export class FileView implements View {
  readonly element = element('div', { class: 'file' })
  readonly #navigator: Navigator
  readonly #path: Path
  readonly #info: FileInfo
  readonly #content = element('pre', { class: 'content', tabindex: '0' })
  readonly #editor = element('textarea', { class: 'content', spellcheck: 'false', 'aria-label': words.browse.edit })
  #part: Part
  #text: string | undefined
  #follower: Follower | undefined

  /** Throws ApiError. */
  static async open(navigator: Navigator, path: Path, info: FileInfo): Promise<FileView> {
    const isFile = leadsTo(info) === 'file'
    const part = isFile
      ? await readBytes(navigator.target, path, 0, shownBytes)
      : { bytes: new Uint8Array(), etag: null }
    return new FileView(navigator, path, info, part)
  }

  private constructor(navigator: Navigator, path: Path, info: FileInfo, part: Part) {
    this.#navigator = navigator
    this.#path = path
    this.#info = info
    this.#part = part
    this.#text = textOf(part.bytes)
    this.#showContent()
    navigator.say(this.#summary())
  }

  focus(): void {
    this.#content.focus()
  }

  close(): void {
    this.#follower?.stop()
  }

  get #isFile(): boolean {
    return leadsTo(this.#info) === 'file'
  }

  /** All of it is here, as text. */
  get #isWhole(): boolean {
    return this.#isFile && this.#part.bytes.length < shownBytes
  }

  #summary(): string {
    const { sizeBytes, type } = this.#info
    const size = type === 'file' && sizeBytes !== null ? showBytes(sizeBytes) : ''
    return [size, this.#isFile && !this.#isWhole ? words.browse.beginning(showBytes(shownBytes)) : '']
      .filter(Boolean)
      .join(' · ')
  }

  #showContent(): void {
    this.#follower?.stop()
    this.#follower = undefined
    this.#content.textContent = this.#isFile
      ? (this.#text ?? hexDump(this.#part.bytes.subarray(0, dumpedBytes)))
      : words.browse.notRead(words.browse.type(this.#info.type))
    this.#fill(this.#content, this.#tools())
  }

  #fill(content: HTMLElement, tools: HTMLElement[]): void {
    const bar = element('div', { class: 'browse-bar' }, crumbs(this.#navigator, this.#path), ...tools)
    const facts = element('p', { class: 'facts' }, titleOf(this.#info).split('\n').slice(1).join(' · '))
    this.element.replaceChildren(bar, facts, content)
  }

  #tools(): HTMLElement[] {
    const { target } = this.#navigator
    const keep = () => download(containerFileUrl(target, this.#path, { download: '' }))
    return [
      ...(this.#isFile && this.#text !== undefined
        ? [toolButton('follow', words.browse.follow, () => this.#follow())]
        : []),
      ...(this.#isWhole && this.#text !== undefined ? [toolButton('edit', words.browse.edit, () => this.#edit())] : []),
      ...(this.#isFile ? [toolButton('download', words.browse.download, keep)] : []),
      toolButton('remove', words.browse.removeFile, () => void this.#remove()),
      toolButton('again', words.browse.again, () => void this.#navigator.go(this.#path)),
    ]
  }

  /** Its end, and what is written to it from now on. */
  #follow(): void {
    this.#follower = new Follower(this.#navigator.target, this.#path, this.#content, text => this.#navigator.say(text))
    this.#fill(this.#content, [
      toolButton('stop', words.browse.stopFollowing, () => void this.#navigator.go(this.#path)),
    ])
    this.#content.focus()
  }

  #edit(): void {
    this.#editor.value = this.#text ?? ''
    const save = element('button', { type: 'button', class: 'button main' }, words.browse.save)
    const cancel = element('button', { type: 'button', class: 'button' }, words.browse.cancel)
    save.addEventListener('click', () => void this.#save(this.#part.etag ?? undefined))
    cancel.addEventListener('click', () => this.#showContent())
    this.#fill(this.#editor, [cancel, save])
    this.#editor.focus()
    this.#editor.setSelectionRange(0, 0)
    this.#navigator.say('')
  }

  async #save(etag: string | undefined): Promise<void> {
    const { target } = this.#navigator
    try {
      await writeFile(target, this.#path, this.#editor.value, etag)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 412) return await this.#settle()
      return this.#navigator.say(error.message, true)
    }
    await this.#navigator.go(this.#path)
    this.#navigator.say(words.browse.saved)
  }

  /** Somebody else changed it meanwhile. */
  async #settle(): Promise<void> {
    const replaces = await ask(words.browse.changedTitle, words.browse.changedHelp, [
      { label: words.browse.goOn, value: false, isMain: true },
      { label: words.browse.replace, value: true },
    ])
    if (replaces) await this.#save(undefined)
  }

  async #remove(): Promise<void> {
    const { name } = this.#path.at(-1)!
    const isSure = await ask(words.browse.removeFile, words.browse.removeFileHelp(name), [
      { label: words.browse.cancel, value: false, isMain: true },
      { label: words.browse.remove, value: true },
    ])
    if (!isSure) return
    try {
      await removeFile(this.#navigator.target, this.#path, false)
      await this.#navigator.go(this.#path.slice(0, -1))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#navigator.say(error.message, true)
    }
  }
}

/** Undefined where it is none. The last character may be cut. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, {
      stream: bytes.length === shownBytes,
    })
  } catch {
    return undefined
  }
}
