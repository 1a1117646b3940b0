import { ToolError } from '../core/errors.ts'
import type { Linux } from '../linux/linux.ts'
import { closeCode, type OfferView } from '../protocol/terminal-frames.ts'
import type { Arrival } from './arrival.ts'
import { checkDirectory, findProgram } from './find-program.ts'
import { endSessions } from './hang-up.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type Access, fullAccess } from './links.ts'
import type { PtyCommand } from './pty.ts'
import type { Recorder } from './recording/recorder.ts'
import { ReplayBudget } from './replay-budget.ts'
import { ScreenBudget } from './screen/screen-budget.ts'
import { Session } from './session.ts'
import type { SessionInfo, SessionRequest } from './session-info.ts'
import type { Shell } from './shell.ts'
import { Typing } from './typing.ts'
import type { ViewerSocket } from './viewer-socket.ts'

const stopping = [closeCode.restart, 'the server stops'] as const

export interface SessionsOptions {
  /** What runs when a request names no command. May throw ToolError where there is none. */
  shell(): Shell
  /** Of every program; its HOME is where they start. */
  environment: Record<string, string>
  linux: Linux
  limits?: Partial<Limits>
}

/** All terminals of one server. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #limits: Limits
  readonly #budget: ReplayBudget
  readonly #typing = new Typing()
  readonly #recordings: ReplayBudget
  readonly #screens: ScreenBudget
  /** In the order of their start. */
  readonly #sessions = new Map<string, Session>()
  readonly #forgetting = new Map<string, NodeJS.Timeout>()
  #starting = 0
  #closed = false

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#budget = new ReplayBudget(this.#limits.replayBudgetBytes)
    this.#recordings = new ReplayBudget(this.#limits.recordingBudgetBytes)
    this.#screens = new ScreenBudget(this.#limits)
  }

  /** Starts a process. Throws ToolError `not_found` or `not_permitted` for its program or directory, `unavailable` at a limit. */
  async create(request: SessionRequest): Promise<SessionInfo> {
    this.#checkRoom()
    const id = crypto.randomUUID()
    const command = this.#commandOf(request, id)
    const { cols, rows, name } = request
    this.#starting++
    try {
      const session = await Session.start({
        id,
        name: name ?? null,
        command,
        isShell: request.command === undefined,
        linux: this.#options.linux,
        size: { cols, rows },
        limits: this.#limits,
        budget: this.#budget,
        typing: this.#typing,
        recordings: this.#recordings,
        record: request.record ?? false,
        screens: this.#screens,
        onEnd: () => this.#keepEnded(id),
      })
      this.#sessions.set(id, session)
      if (this.#closed) this.#forget(id)
      return session.info()
    } catch (error) {
      throw new ToolError('unavailable', `no terminal could be started: ${String(error)}`, { cause: error })
    } finally {
      this.#starting--
    }
  }

  list(): SessionInfo[] {
    return [...this.#sessions.values()].map(session => session.info())
  }

  get(id: string): SessionInfo | undefined {
    return this.#sessions.get(id)?.info()
  }

  /** Ends a session that runs, forgets one that has ended; false when there is none. */
  end(id: string): boolean {
    const session = this.#sessions.get(id)
    if (!session) return false
    if (!session.isRunning) this.#forget(id)
    // Where its processes can't be looked for (no descriptor left), the loss of the PTY is the kernel's own SIGHUP to them.
    else this.#hangUp([session], this.#limits.graceMs).catch(() => this.#forget(id))
    return true
  }

  /** Undefined when there is none of that id. */
  rename(id: string, name: string | null): SessionInfo | undefined {
    const session = this.#sessions.get(id)
    session?.rename(name)
    return session?.info()
  }

  /** Tells a session's viewers what is held out to them. */
  showOffers(id: string, offers: OfferView[]): void {
    this.#sessions.get(id)?.showOffers(offers)
  }

  /** A token that opens this session's stream alone; undefined when there is none of that id. Throws ToolError `unavailable`. */
  makeLink(id: string, readOnly: boolean): string | undefined {
    return this.#sessions.get(id)?.links.make(readOnly)
  }

  /** What a link's token allows; undefined when it is none of this session's. */
  accessBy(id: string, token: string): Access | undefined {
    return this.#sessions.get(id)?.links.find(token)
  }

  /** Ends all links of a session, and those who came by them leave; false when there is none of that id. */
  revokeLinks(id: string): boolean {
    this.#sessions.get(id)?.revokeLinks()
    return this.#sessions.has(id)
  }

  /** What records a session; undefined when there is none of that id. */
  recorder(id: string): Recorder | undefined {
    return this.#sessions.get(id)?.recorder
  }

  /** Takes over an open socket; one for no session is closed. */
  attach(id: string, arrival: Arrival, socket: ViewerSocket, access: Access = fullAccess): void {
    const session = this.#sessions.get(id)
    if (this.#closed) socket.close(...stopping)
    else if (session) session.attach(arrival, socket, access)
    else socket.close(closeCode.notFound, 'there is no such session')
  }

  /** Ends every session; resolves when nothing of them is left. Rejects when that can't be seen; their PTYs are closed even so. */
  async close(): Promise<void> {
    this.#closed = true
    const sessions = [...this.#sessions.values()]
    for (const session of sessions) session.disconnect(...stopping)
    try {
      await this.#hangUp(sessions, this.#limits.closeGraceMs)
    } finally {
      for (const id of [...this.#sessions.keys()]) this.#forget(id)
    }
  }

  #hangUp(sessions: Session[], graceMs: number): Promise<void> {
    const running = sessions.filter(({ isRunning }) => isRunning).map(({ pid }) => pid)
    return endSessions(this.#options.linux, new Set(running), graceMs)
  }

  #checkRoom(): void {
    if (this.#closed) throw new ToolError('unavailable', 'the server stops')
    const running = [...this.#sessions.values()].filter(({ isRunning }) => isRunning).length
    if (running + this.#starting < this.#limits.sessions) return
    throw new ToolError('unavailable', `${this.#limits.sessions} terminals run already`, {
      remedy: 'end one: DELETE /api/v1/terminals/{id}',
    })
  }

  #commandOf({ command, cwd, env }: SessionRequest, id: string): PtyCommand {
    const directory = cwd ?? this.#options.environment.HOME ?? '/'
    if (cwd !== undefined) checkDirectory(cwd)
    const common = { ...this.#options.environment, PWD: directory, DITTY_TERMINAL: id }
    if (command) {
      const [program = '', ...args] = command
      const environment: Record<string, string> = { ...common, ...env }
      return { file: findProgram(program, environment.PATH ?? '', directory), args, environment, cwd: directory }
    }
    const { file, args, environment } = this.#options.shell()
    return { file, args, environment: { ...common, SHELL: file, ...environment, ...env }, cwd: directory }
  }

  /** Of more than the limit the oldest goes at once. */
  #keepEnded(id: string): void {
    const forget = setTimeout(() => this.#forget(id), this.#limits.keepEndedMs)
    this.#forgetting.set(id, forget.unref())
    const [oldest] = this.#forgetting.keys()
    if (oldest !== undefined && this.#forgetting.size > this.#limits.sessions) this.#forget(oldest)
    this.#trimEnded()
  }

  /** The ended keep a quarter of the memory at most, the latest of them first; the rest is for those that run. */
  #trimEnded(): void {
    let left = this.#limits.replayBudgetBytes / 4
    for (const id of [...this.#forgetting.keys()].reverse()) {
      const session = this.#sessions.get(id)
      left -= session?.heldBytes ?? 0
      if (left < 0) void session?.forgetOutput()
    }
  }

  #forget(id: string): void {
    clearTimeout(this.#forgetting.get(id))
    this.#forgetting.delete(id)
    this.#sessions.get(id)?.dispose(closeCode.ended, 'the session has ended')
    this.#sessions.delete(id)
  }
}
