import { CastError } from '../../server/protocol/asciicast-reader.ts'
import { ApiError } from '../api/client.ts'
import { sizeText } from '../bytes.ts'
import { element } from '../page/element.ts'
import { openSheet, type Sheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import { type CastSource, fileSource, load } from './load.ts'
import { Show } from './show.ts'

/** A dialog over the whole page that plays one recording after another; a file dropped on it is the next. */
class Player {
  readonly #sheet: Sheet
  readonly #picture = element('div', { class: 'picture' })
  readonly #said = element('div', { class: 'said', role: 'status' })
  readonly #bar = element('div', { class: 'bar' })
  readonly #chooser = element('input', {
    type: 'file',
    accept: '.cast,.json',
    hidden: '',
    'aria-label': words.openRecording,
  })
  #show: Show | undefined
  #loading: AbortController | undefined

  constructor() {
    const stage = element('div', { class: 'player-stage' }, this.#picture, this.#said)
    this.#sheet = openSheet(
      { title: words.player, kind: 'player', onClosed: () => this.#end() },
      stage,
      this.#bar,
      this.#chooser,
    )
    const { dialog } = this.#sheet
    dialog.addEventListener('keydown', event => this.#press(event), { capture: true })
    dialog.addEventListener('dragover', event => event.preventDefault())
    dialog.addEventListener('drop', event => this.#drop(event))
    this.#chooser.addEventListener('change', () => {
      const [file] = this.#chooser.files ?? []
      if (file) void this.open(fileSource(file))
    })
    this.#stand(undefined)
  }

  get closed(): Promise<void> {
    return this.#sheet.closed
  }

  /** Without a source it waits for a file. */
  async open(source: CastSource | undefined): Promise<void> {
    this.#end()
    this.#stand(source)
    if (!source) return this.#say(words.dropRecording)
    const loading = new AbortController()
    this.#loading = loading
    this.#say(words.loading(''))
    try {
      const cast = await load(source, loading.signal, bytes => this.#say(words.loading(sizeText(bytes))))
      this.#say('')
      this.#begin(new Show(this.#picture, cast))
    } catch (error) {
      if (!loading.signal.aborted) this.#say(faultOf(error), true)
    }
  }

  #begin(show: Show): void {
    this.#show = show
    globalThis.ditty.player = { terminal: show.terminal, settled: () => show.settled() }
    this.#bar.prepend(show.controls)
    show.controls.querySelector('button')?.focus()
    show.play()
  }

  #end(): void {
    this.#loading?.abort()
    this.#show?.close()
    this.#show = undefined
    delete globalThis.ditty.player
    this.#picture.replaceChildren()
    this.#bar.replaceChildren()
  }

  /** The heading, and the buttons that are there whatever is shown. */
  #stand(source: CastSource | undefined): void {
    const heading = this.#sheet.dialog.querySelector('h2')
    if (heading) heading.textContent = source?.title ?? words.player
    const choose = element('button', { type: 'button', class: 'button' }, words.openFile)
    choose.addEventListener('click', () => this.#chooser.click())
    const download = source?.download
    this.#bar.replaceChildren(
      element(
        'span',
        { class: 'files' },
        ...(download ? [element('a', { class: 'button', href: download, download: '' }, words.download)] : []),
        choose,
      ),
    )
  }

  #say(text: string, isWrong = false): void {
    this.#said.hidden = text === ''
    this.#said.textContent = text
    this.#said.classList.toggle('wrong', isWrong)
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#show?.press(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  #drop(event: DragEvent): void {
    event.preventDefault()
    event.stopPropagation()
    const file = event.dataTransfer?.files[0]
    if (file) void this.open(fileSource(file))
  }
}

function faultOf(error: unknown): string {
  if (error instanceof CastError) return words.castFault(error.fault, error.line)
  if (error instanceof ApiError) return error.status === 404 ? words.recordingGone : words.notLoaded(error.message)
  return words.notLoaded(error instanceof Error ? error.message : String(error))
}

/** Resolves when it is closed. */
export async function openPlayer(source?: CastSource): Promise<void> {
  const player = new Player()
  void player.open(source)
  await player.closed
}
