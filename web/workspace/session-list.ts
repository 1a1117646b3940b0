import { endTerminal, listTerminals, type TerminalInfo } from '../api/terminals.ts'
import { element } from '../page/element.ts'
import { language, words } from '../words.ts'
import { showAge } from './age.ts'

/** Between two looks at the server while the list is seen, in ms. */
const refreshMs = 2_000

/** A button that a first press arms waits so long for the second, in ms. */
const armedMs = 4_000

export interface ListEvents {
  /** Whether the page shows it. */
  isHere(id: string): boolean
  open(session: TerminalInfo): void
  rename(session: TerminalInfo): void
}

/** All sessions of the server, as a list that keeps itself true while it is on the page. */
export class SessionList {
  readonly element = element('ul', { class: 'sessions' })
  readonly #events: ListEvents
  readonly #rows = new Map<string, Row>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(events: ListEvents) {
    this.#events = events
  }

  /** Until it is off the page. */
  async follow(): Promise<void> {
    clearTimeout(this.#timer)
    const sessions = await listTerminals().catch(() => undefined)
    if (!this.element.isConnected) return
    if (sessions) this.#draw(sessions)
    this.#timer = setTimeout(() => void this.follow(), refreshMs)
  }

  /** A row stays the element it is, so that a press or the focus isn't lost when the list is read again. */
  #draw(sessions: TerminalInfo[]): void {
    const running = sessions.filter(session => session.running)
    const ended = sessions.filter(session => !session.running)
    const rows = [...running, ...ended].map(session => {
      const row = this.#rows.get(session.id) ?? new Row(this.#events, () => void this.follow())
      this.#rows.set(session.id, row)
      row.draw(session)
      return row.element
    })
    for (const child of [...this.element.children]) if (!rows.some(row => row === child)) child.remove()
    for (const [at, row] of rows.entries()) {
      const there = this.element.children[at]
      if (there !== row) this.element.insertBefore(row, there ?? null)
    }
    if (rows.length === 0) this.element.append(element('li', { class: 'empty' }, words.noSessions))
  }
}

class Row {
  readonly element = element('li', { class: 'session' })
  readonly #title = element('span', { class: 'session-title' })
  readonly #facts = element('span', { class: 'session-facts' })
  readonly #rename: HTMLButtonElement
  readonly #end: HTMLButtonElement
  #session: TerminalInfo | undefined
  readonly #events: ListEvents

  constructor(events: ListEvents, onEnded: () => void) {
    this.#events = events
    const open = element('button', { type: 'button', class: 'session-open' }, this.#title, this.#facts)
    this.#rename = element('button', { type: 'button', class: 'button' }, words.rename)
    this.#end = endButton(
      () => this.#session,
      async ({ id }) => {
        await endTerminal(id).catch(() => undefined)
        onEnded()
      },
    )
    open.addEventListener('click', () => this.#session && events.open(this.#session))
    this.#rename.addEventListener('click', () => this.#session && events.rename(this.#session))
    this.element.append(element('span', { class: 'lamp' }), open, this.#rename, this.#end)
  }

  draw(session: TerminalInfo): void {
    this.#session = session
    const here = this.#events.isHere(session.id)
    this.element.dataset.phase = session.running ? 'open' : 'ended'
    this.#rename.hidden = !session.running
    this.#title.textContent = session.name ?? session.title
    this.#title.title = session.command.join(' ')
    this.#facts.textContent = factsOf(session, here).join(' · ')
    if (!this.#end.dataset.armed) this.#end.textContent = session.running ? words.endSession : words.forget
  }
}

function factsOf(session: TerminalInfo, here: boolean): string[] {
  const { name, title, command, cwd, foreground, cols, rows, viewers, running, startTime } = session
  const program = command[0]?.replace(/.*\//, '') ?? ''
  return [
    name && name !== title ? title : '',
    foreground?.comm ?? program,
    cwd ?? '',
    here ? words.here : '',
    viewers > 0 ? words.viewers(viewers) : '',
    running ? `${cols}×${rows}` : words.over(session.signal ?? String(session.exitCode ?? '')),
    words.started(showAge(new Date(startTime), new Date(), language)),
  ].filter(Boolean)
}

/** Where a program runs, the first press asks and the second ends. */
function endButton(
  session: () => TerminalInfo | undefined,
  end: (session: TerminalInfo) => Promise<void>,
): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'button' })
  const disarm = () => {
    if (!button.dataset.armed) return
    delete button.dataset.armed
    button.textContent = words.endSession
  }
  button.addEventListener('blur', disarm)
  button.addEventListener('click', () => {
    const now = session()
    if (!now) return
    if (!now.foreground || button.dataset.armed) {
      delete button.dataset.armed
      void end(now)
      return
    }
    button.dataset.armed = 'yes'
    button.textContent = words.reallyEnd(now.foreground.comm)
    setTimeout(disarm, armedMs)
  })
  return button
}
