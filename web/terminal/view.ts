import type { TerminalSize, TerminalState } from '../../server/protocol/terminal-frames.ts'
import { keepTerminal } from '../address.ts'
import { ApiError } from '../api/client.ts'
import { createTerminal, readTerminal } from '../api/terminals.ts'
import type { StatusBar } from '../page/status-bar.ts'
import { words } from '../words.ts'
import type { Refusal } from './connection.ts'
import { followLinks } from './links.ts'
import type { Screen } from './screen.ts'
import { SessionOutput } from './session-output.ts'
import { signalName } from './signal-names.ts'
import { TerminalStream } from './stream.ts'
import { onWake } from './wake.ts'

/** A cut shorter than this, in ms, is not worth a word. */
const quietCutMs = 400

/** Shows one session at a time on the screen, and says under it how that goes. */
export class TerminalView {
  readonly #screen: Screen
  readonly #status: StatusBar
  readonly #askForToken: () => Promise<void>
  #id: string | undefined
  #stream: TerminalStream | undefined
  #output: SessionOutput | undefined
  #cutTimer: ReturnType<typeof setTimeout> | undefined
  /** Nothing runs here any more: Enter starts a new session. */
  #over = false
  /** What the program itself calls its window (OSC 2): it knows better than the server, which sees no screen. */
  #programTitle = ''

  /** `askForToken` is called when the cookie is no longer good; the view goes on when it resolves. */
  constructor(screen: Screen, status: StatusBar, askForToken: () => Promise<void>) {
    this.#screen = screen
    this.#status = status
    this.#askForToken = askForToken
    this.#listen()
  }

  /** The id of the session shown. */
  get id(): string | undefined {
    return this.#id
  }

  /** Starts a session of the screen's size and shows it. `notice` is said until something else is. */
  async create(notice = ''): Promise<void> {
    this.#over = false
    this.#status.show('connecting', words.connecting)
    try {
      const id = await createTerminal(this.#screen.size)
      this.#attach(id, 0, notice)
    } catch (error) {
      await this.#onCreateFailed(error)
    }
  }

  /** Shows a session that exists, or a new one where it doesn't. */
  async open(id: string): Promise<void> {
    const info = await readTerminal(id).catch((error: ApiError) => error)
    if (!(info instanceof ApiError)) {
      this.#showTitle(info.title)
      this.#attach(id, info.nextOffset)
    } else if (info.status === 401) await this.#signInAgain(id)
    else if (info.status === 404) await this.create(words.replaced)
    else this.#attach(id, 0)
  }

  /** `history`: output before this offset was there before we looked. */
  #attach(id: string, history: number, notice = ''): void {
    this.#stream?.close()
    this.#id = id
    this.#over = false
    this.#programTitle = ''
    const output = new SessionOutput(this.#screen, history)
    this.#output = output
    keepTerminal(id)
    this.#stream = new TerminalStream(id, this.#screen.size, {
      onOutput: (bytes, offset, rendered) => output.write(bytes, offset, rendered),
      onSnapshot: (bytes, size, rendered) => output.restore(bytes, size, rendered),
      onGap: () => this.#onGap(),
      onExit: (status, signal) => this.#onExit(status, signal),
      onState: state => this.#onState(state),
      onOpen: () => this.#onOpen(notice),
      onLost: () => this.#onLost(),
      onRefused: why => void this.#onRefused(why),
    })
    this.#screen.terminal.focus()
  }

  #listen(): void {
    const { terminal } = this.#screen
    const encoder = new TextEncoder()
    terminal.onData(data => this.#input(data, encoder.encode(data)))
    terminal.onBinary(data =>
      this.#input(
        data,
        Uint8Array.from(data, byte => byte.charCodeAt(0)),
      ),
    )
    terminal.onTitleChange(title => {
      this.#programTitle = title
      this.#showTitle(title)
    })
    terminal.onResize(size => this.#onResize(size))
    terminal.attachCustomKeyEventHandler(event => !this.#takesKey(event))
    followLinks(terminal, address => this.#status.showLink(address))
    this.#status.size = this.#screen.size
    onWake(dead => this.#stream?.retryNow(dead))
  }

  #input(data: string, bytes: Uint8Array): void {
    if (!this.#over && !this.#output?.isStaleReply(data)) this.#stream?.input(bytes)
  }

  #takesKey(event: KeyboardEvent): boolean {
    if (!this.#over || event.key !== 'Enter' || event.type !== 'keydown') return false
    event.preventDefault()
    void this.create()
    return true
  }

  #onResize(size: TerminalSize): void {
    this.#status.size = size
    this.#stream?.resize(size)
  }

  #onGap(): void {
    this.#screen.reset()
    this.#status.show('open', words.skipped)
  }

  #onOpen(notice: string): void {
    clearTimeout(this.#cutTimer)
    this.#cutTimer = undefined
    if (!this.#over) this.#status.show('open', this.#output?.hasShown ? '' : notice)
  }

  #onLost(): void {
    if (this.#over) return
    this.#cutTimer ??= setTimeout(
      () => this.#status.show('lost', words.lost, { label: words.retry, run: () => this.#stream?.retryNow() }),
      quietCutMs,
    )
  }

  #onExit(status: number, signal: number): void {
    this.#end(words.ended(signal ? words.signal(signalName(signal)) : words.status(status)))
  }

  #onState({ title, readOnly }: TerminalState): void {
    if (!this.#programTitle) this.#showTitle(title)
    this.#screen.terminal.options.disableStdin = readOnly
    if (readOnly) this.#status.show('open', words.readOnly)
  }

  async #onRefused(why: Refusal): Promise<void> {
    clearTimeout(this.#cutTimer)
    this.#cutTimer = undefined
    if (why === 'signedOut') await this.#signInAgain(this.#id)
    else if (why === 'gone' && !this.#output?.hasShown) await this.create(words.replaced)
    else if (!this.#over) this.#end(why === 'failed' ? words.broken : words.gone)
  }

  async #signInAgain(id: string | undefined): Promise<void> {
    await this.#askForToken()
    if (id === undefined) await this.create()
    else await this.open(id)
  }

  async #onCreateFailed(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 401) return this.#signInAgain(undefined)
    const why = error.status === 0 ? words.unreachable : words.failed(error.message)
    this.#over = true
    this.#status.show('failed', why, { label: words.retry, run: () => void this.create() })
  }

  #end(message: string): void {
    this.#over = true
    this.#status.show('ended', message, { label: words.newSession, run: () => void this.create() })
  }

  #showTitle(title: string): void {
    this.#status.title = title || 'ditty'
    document.title = title ? `${title} · ditty` : 'ditty'
  }
}
