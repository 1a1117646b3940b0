import type { TerminalState } from '../../server/protocol/terminal-frames.ts'
import { ApiError } from '../api/client.ts'
import { createTerminal, readTerminal, type TerminalInfo } from '../api/terminals.ts'
import { Listeners } from '../listeners.ts'
import type { Status } from '../page/status.ts'
import { words } from '../words.ts'
import type { Refusal } from './connection.ts'
import { CutNotice } from './cut-notice.ts'
import { followLinks } from './links.ts'
import { onEnter } from './on-enter.ts'
import { Pace } from './pace.ts'
import { isReply } from './replies.ts'
import type { Screen } from './screen.ts'
import { SessionOutput } from './session-output.ts'
import { signalName } from './signal-names.ts'
import { TerminalStream } from './stream.ts'
import { onWake } from './wake.ts'

export interface ViewOptions {
  screen: Screen
  status: Status
  /** Called when the cookie is no longer good; the view goes on when it resolves. */
  askForToken(): Promise<void>
  /** The token of a link to the one session shown here, in place of the cookie. */
  link?: string | undefined
}

/** Shows one session at a time on the screen, and says how that goes. */
export class TerminalView {
  readonly #screen: Screen
  readonly #status: Status
  readonly #options: ViewOptions
  readonly #shown = new Listeners()
  readonly #states = new Listeners<TerminalState>()
  readonly #pace = new Pace()
  readonly #cut: CutNotice
  readonly #fileLinks = new Listeners<string>()
  readonly #ends: (() => void)[] = []
  #info: TerminalInfo | undefined
  #id: string | undefined
  #state: TerminalState | undefined
  #stream: TerminalStream | undefined
  #output: SessionOutput | undefined
  /** Nothing runs here any more: Enter starts a new session. */
  #over = false
  #closed = false
  /** The program named its window (OSC 2): the emulator knows that before the server tells. */
  #hasProgramTitle = false

  constructor(options: ViewOptions) {
    this.#options = options
    this.#screen = options.screen
    this.#status = options.status
    this.#cut = new CutNotice(options.status, () => this.#stream?.retryNow())
    this.#listen()
  }

  /** The id of the session shown. */
  get id(): string | undefined {
    return this.#id
  }

  /** What the server told of the session when it was opened here. */
  get info(): TerminalInfo | undefined {
    return this.#info
  }

  /** What the server last said: who writes, who looks. */
  get state(): TerminalState | undefined {
    return this.#state
  }

  get isOver(): boolean {
    return this.#over
  }

  /** Calls back when another session is shown. */
  onShown(listener: () => void): () => void {
    return this.#shown.add(listener)
  }

  onState(listener: (state: TerminalState) => void): () => void {
    return this.#states.add(listener)
  }

  /** Calls back when a link to a file of the terminal's machine is pressed. */
  onFileLink(listener: (uri: string) => void): () => void {
    return this.#fileLinks.add(listener)
  }

  /** Starts a session of the screen's size and shows it. `notice` is said until something else is. */
  async create(notice = ''): Promise<void> {
    this.#over = false
    this.#status.show('connecting', words.connecting)
    try {
      this.#attach(await createTerminal(this.#screen.fitting.wish), 0, notice, 0)
    } catch (error) {
      await this.#onCreateFailed(error)
    }
  }

  /** Shows a session that exists, or a new one where it doesn't. */
  async open(id: string): Promise<void> {
    this.#status.show('connecting', words.connecting)
    const info = await readTerminal(id, this.#options.link).catch((error: ApiError) => error)
    if (!(info instanceof ApiError)) this.show(info)
    else if (this.#options.link !== undefined && info.status !== 0) this.#end(words.linkGone)
    else if (info.status === 401) await this.#signInAgain(id)
    else if (info.status === 404) await this.create(words.replaced)
    else this.#attach({ id }, 0)
  }

  /** Shows a session as the server told of it just now. */
  show(info: TerminalInfo, notice = ''): void {
    this.#status.show('connecting', words.connecting)
    this.#attach(info, info.nextOffset, notice)
  }

  renamed(info: TerminalInfo): void {
    this.#info = info
    this.#status.name = info.name ?? ''
  }

  /** Takes the keyboard, gives it to another viewer, or sends one away. */
  take(): void {
    this.#stream?.control({ type: 'take' })
  }

  give(viewer: string): void {
    this.#stream?.control({ type: 'give', viewer })
  }

  sendAway(viewer: string): void {
    this.#stream?.control({ type: 'kick', viewer })
  }

  /** Types for the person, as the keyboard would. A link that may only watch would be closed for it. */
  input(bytes: Uint8Array): void {
    const mayWrite = this.#state ? !this.#state.readOnly : this.#options.link === undefined
    if (!this.#over && mayWrite) this.#stream?.input(bytes)
  }

  /** Nobody sees it: its output may wait. */
  set isHidden(isHidden: boolean) {
    this.#pace.isHidden = isHidden
  }

  /** Leaves the session, which lives on. */
  close(): void {
    this.#closed = true
    this.#cut.over()
    this.#stream?.close()
    this.#pace.stop()
    for (const end of this.#ends) end()
  }

  /**
   * `history`: output before this offset was there before we looked. `from`: the first byte wanted; none where the screen as it
   * stands will do, which answers nothing that was asked before.
   */
  #attach(session: { id: string } | TerminalInfo, history: number, notice = '', from?: number): void {
    if (this.#closed) return
    this.#stream?.close()
    this.#pace.stop()
    const { id } = session
    this.#id = id
    this.#info = 'title' in session ? session : undefined
    this.#state = undefined
    this.#over = false
    this.#hasProgramTitle = false
    this.#status.title = this.#info?.title ?? ''
    this.#status.name = this.#info?.name ?? ''
    this.#screen.fitting.give(undefined)
    const output = new SessionOutput(this.#screen, history)
    this.#output = output
    this.#stream = new TerminalStream(
      id,
      this.#screen.fitting.wish,
      {
        onOutput: (bytes, offset, rendered) =>
          this.#pace.pass(bytes.length, () => output.write(bytes, offset, rendered)),
        onSnapshot: (bytes, size, rendered) => {
          this.#pace.flush()
          output.restore(bytes, size, rendered)
        },
        onGap: () => this.#onGap(),
        onExit: (status, signal) => this.#onExit(status, signal),
        onState: state => this.#onState(state),
        onOpen: () => this.#onOpen(notice),
        onLost: stopped => this.#over || this.#cut.lost(stopped),
        onRefused: why => void this.#onRefused(why),
        onInputLost: () => this.#cut.inputLost(),
      },
      this.#options.link,
      from,
    )
    this.#shown.emit()
  }

  #listen(): void {
    const { terminal, fitting } = this.#screen
    const encoder = new TextEncoder()
    this.#screen.onData(data => this.#send(data, encoder.encode(data)))
    terminal.onBinary(data =>
      this.#send(
        data,
        Uint8Array.from(data, byte => byte.charCodeAt(0)),
      ),
    )
    terminal.onTitleChange(title => {
      this.#hasProgramTitle = title !== ''
      this.#status.title = title
    })
    terminal.onResize(size => {
      this.#status.size = size
    })
    followLinks(terminal, {
      show: address => this.#status.showLink(address),
      openFile: uri => this.#fileLinks.emit(uri),
    })
    this.#status.size = this.#screen.size
    this.#ends.push(
      fitting.onWish(size => this.#stream?.resize(size)),
      onWake(dead => this.#stream?.retryNow(dead)),
      onEnter(terminal.element, () => this.#goOn()),
    )
  }

  /** Enter is the one way on that the status line offers; false where there is none. */
  #goOn(): boolean {
    const { action } = this.#status
    if (!this.#over || !action) return false
    action.run()
    return true
  }

  /** Only the writer's emulator answers what a program asks: of several answers all but one would be typed into the shell. */
  #send(data: string, bytes: Uint8Array): void {
    const isForOthers = this.#state?.role === 'reader' && isReply(data)
    if (!isForOthers && !this.#output?.isStaleReply(data)) this.input(bytes)
  }

  #onGap(): void {
    this.#pace.flush()
    this.#screen.reset()
    this.#status.show('open', words.skipped)
  }

  #onOpen(notice: string): void {
    const left = this.#cut.over()
    if (!this.#over) this.#status.show('open', left || (this.#output?.hasShown ? '' : notice))
  }

  #onExit(status: number, signal: number): void {
    this.#pace.flush()
    this.#end(words.ended(signal ? words.signal(signalName(signal)) : words.status(status)))
  }

  #onState(state: TerminalState): void {
    this.#state = state
    if (!this.#hasProgramTitle) this.#status.title = state.title
    this.#screen.terminal.options.disableStdin = state.readOnly
    this.#screen.fitting.give(state.role === 'reader' ? state.size : undefined)
    this.#states.emit(state)
  }

  async #onRefused(why: Refusal): Promise<void> {
    this.#cut.over()
    if (why === 'signedOut') await this.#signInAgain(this.#id)
    else if (why === 'notPermitted') await this.#onNotPermitted()
    else if (why === 'gone' && !this.#output?.hasShown && !this.#options.link) await this.create(words.replaced)
    else if (!this.#over) this.#end(why === 'failed' ? words.broken : words.gone)
  }

  /** Somebody sent this viewer away, who may come back; or its link was ended, which the server tells when it is asked again. */
  async #onNotPermitted(): Promise<void> {
    this.#over = true
    const { link } = this.#options
    const id = this.#id ?? ''
    const answer = link && (await readTerminal(id, link).catch((error: ApiError) => error))
    if (answer instanceof ApiError && answer.status !== 0) this.#end(words.linkGone)
    else this.#status.show('ended', words.sentAway, { label: words.comeBack, run: () => void this.open(id) })
  }

  async #signInAgain(id: string | undefined): Promise<void> {
    await this.#options.askForToken()
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
    const anew = { label: words.newSession, run: () => void this.create() }
    this.#status.show('ended', message, this.#options.link ? undefined : anew)
  }
}
