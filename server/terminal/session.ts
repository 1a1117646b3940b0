import { constants } from 'node:os'
import { basename } from 'node:path'
import type { Linux } from '../linux/linux.ts'
import { closeCode, type OfferView, type TerminalSize } from '../protocol/terminal-frames.ts'
import type { Arrival } from './arrival.ts'
import { Audience, type AudienceEvents } from './audience.ts'
import { Flow } from './flow.ts'
import { readForeground } from './foreground.ts'
import type { Limits } from './limits.ts'
import { type Access, Links } from './links.ts'
import { openPty, type Pty, type PtyCommand, type PtyEvents, ptyReadBytes } from './pty.ts'
import { castHeader } from './recording/cast-header.ts'
import { Recorder, type RecorderSource } from './recording/recorder.ts'
import { watchInput } from './recording/seen-input.ts'
import type { ReplayBudget } from './replay-budget.ts'
import { ReplayRing } from './replay-ring.ts'
import { SessionScreen } from './screen/screen.ts'
import type { ScreenBudget } from './screen/screen-budget.ts'
import type { SessionInfo } from './session-info.ts'
import { TitleWatch } from './title-watch.ts'
import type { Typing } from './typing.ts'
import { untilExecuted } from './until-executed.ts'
import type { Viewer } from './viewer.ts'
import type { ViewerSocket } from './viewer-socket.ts'

/** Output read in one turn of the event loop past the first 4 KiB: enough for large frames. */
const turnBytes = 64 * 1024

/** So much while another session is typed into, whose echoes wait for a turn of every flood. */
const politeTurnBytes = 16 * 1024

/** And then nothing for so long, in ms: a flood takes two processors, and where there are no more, echoes wait for those too. */
const restMs = 10

/** A program may set its title with every line; the viewers hear of it no sooner than this, in ms, and only of the last one. */
const titleMs = 100

export interface SessionOptions {
  id: string
  name: string | null
  command: PtyCommand
  /** Whether `command` is an interactive shell: then only what it runs is worth a question before the session is ended. */
  isShell: boolean
  linux: Linux
  size: TerminalSize
  limits: Limits
  budget: ReplayBudget
  typing: Typing
  /** Memory that all recordings share. */
  recordings: ReplayBudget
  /** Records from the first byte. */
  record: boolean
  screens: ScreenBudget
  /** Called once, when the process has ended and its last output is in the ring. */
  onEnd(): void
}

/** A process on a PTY that lives on while nobody looks, its last output, and those who look. */
export class Session {
  readonly id: string
  readonly links = new Links()
  readonly recorder: Recorder
  readonly #options: SessionOptions
  readonly #ring: ReplayRing
  readonly #flow: Flow
  readonly #audience: Audience
  readonly #screen: SessionScreen
  readonly #programTitle = new TitleWatch()
  readonly #startTime = new Date()
  #pty!: Pty
  #name: string | null
  #offers: OfferView[] = []
  #size: TerminalSize
  #lastOutputTime: number
  #paused = false
  #titleTimer: NodeJS.Timeout | undefined
  /** Runs while a flood rests. */
  #restTimer: NodeJS.Timeout | undefined
  #exit: { status: number; signal: number; time: Date } | undefined
  #isDrained = false

  /** Throws when no process can be started. */
  static async start(options: SessionOptions): Promise<Session> {
    const session = new Session(options)
    if (options.record) await session.recorder.start(false)
    session.#pty = await openPty(options.command, options.size, session.#ptyEvents())
    await untilExecuted(options.linux, session.pid)
    return session
  }

  private constructor(options: SessionOptions) {
    this.id = options.id
    this.#options = options
    this.#name = options.name
    this.#size = options.size
    this.#lastOutputTime = this.#startTime.getTime()
    this.#ring = new ReplayRing(options.limits.replayBytes, options.budget)
    this.recorder = new Recorder(this.#recorderSource(), options.limits, options.recordings)
    this.#audience = new Audience(this.#ring, options.limits, this.#audienceEvents())
    this.#screen = new SessionScreen(this.#ring, options.screens, options.size, () => this.#turn())
    this.#flow = new Flow(this.#ring, this.#audience, options.limits, () => this.#turn())
  }

  get isRunning(): boolean {
    return this.#exit === undefined
  }

  info(): SessionInfo {
    const { id, command } = this.#options
    const exit = this.#exit
    return {
      id,
      name: this.#name,
      title: this.#title,
      command: [command.file, ...command.args],
      pid: this.#pty.pid,
      ...this.#activity(),
      cols: this.#size.cols,
      rows: this.#size.rows,
      running: exit === undefined,
      exitCode: exit && exit.signal === 0 ? exit.status : null,
      signal: signalName(exit?.signal ?? 0),
      startTime: this.#startTime.toISOString(),
      endTime: exit?.time.toISOString() ?? null,
      lastOutputTime: new Date(this.#lastOutputTime).toISOString(),
      viewers: this.#audience.size,
      oldestOffset: this.#ring.start,
      nextOffset: this.#ring.end,
      recording: this.recorder.state,
    }
  }

  rename(name: string | null): void {
    this.#name = name
    this.#audience.announce()
  }

  /** Tells the viewers what is held out to them. */
  showOffers(offers: OfferView[]): void {
    this.#offers = offers
    this.#audience.announce()
  }

  attach(arrival: Arrival, socket: ViewerSocket, access: Access): void {
    this.#audience.admit(arrival, socket, access)
  }

  /** Ends all links, and sends those away who came by one. */
  revokeLinks(): void {
    this.links.clear()
    this.#audience.dismiss(closeCode.notPermitted, 'this link was ended', ({ access }) => access.byLink)
  }

  /** Its shell's pid, and so the number of the kernel's session. */
  get pid(): number {
    return this.#pty.pid
  }

  /** Memory of the output held, and of the screen. */
  get heldBytes(): number {
    return this.#ring.capacity + this.#screen.frozenBytes
  }

  /** Forgets the output and keeps the screen, which is a tenth of it; whoever comes for the output gets that. */
  async forgetOutput(): Promise<void> {
    if (this.#ring.capacity === 0) return
    await this.#screen.finish()
    this.#ring.release()
  }

  disconnect(code: number, reason: string): void {
    this.#audience.dismiss(code, reason)
  }

  /** Lets go of everyone, the PTY and all memory. What still runs on it gets the kernel's own SIGHUP. */
  dispose(code: number, reason: string): void {
    this.disconnect(code, reason)
    this.#isDrained = true
    this.#flow.close()
    clearTimeout(this.#titleTimer)
    clearTimeout(this.#restTimer)
    this.#pty.close()
    this.#screen.close()
    this.#ring.release()
    this.recorder.forget()
  }

  get #title(): string {
    return this.#programTitle.title || this.#name || basename(this.#options.command.file)
  }

  #activity(): Pick<SessionInfo, 'foreground' | 'cwd'> {
    if (!this.isRunning) return { foreground: null, cwd: null }
    const { linux, command, isShell } = this.#options
    const { process, cwd } = readForeground(linux, this.#pty.pid)
    const program = isShell ? null : { pid: this.#pty.pid, comm: basename(command.file) }
    return { foreground: process ?? program, cwd }
  }

  #ptyEvents(): PtyEvents {
    return {
      readable: first => this.#read(first),
      drain: () => this.#releaseInput(),
      exit: (status, signal) => {
        this.#exit = { status, signal, time: new Date() }
      },
      end: () => this.#drained(),
    }
  }

  #audienceEvents(): AudienceEvents {
    return {
      surroundings: () => ({
        title: this.#title,
        size: this.#size,
        recording: this.recorder.state,
        offers: this.#offers,
      }),
      input: (bytes, viewer) => this.#write(bytes, viewer),
      resize: size => this.#resize(size),
      progress: () => this.#turn(),
      snapshot: () => this.#screen.snapshot(this.#programTitle.title),
    }
  }

  #recorderSource(): RecorderSource {
    const { command, isShell, linux } = this.#options
    const session = this
    return {
      get isRunning() {
        return !session.#isDrained
      },
      header: () => castHeader(command, isShell, this.#title, this.#size),
      opening: () => this.#opening(),
      watchInput: () => watchInput({ linux, isShell, pid: this.pid, descriptor: () => this.#pty.descriptor }),
      changed: () => this.#audience.announce(),
    }
  }

  /** The output itself while all of it is held, else the screen and what came after it. */
  async #opening(): Promise<Uint8Array> {
    while (this.#ring.start > 0) {
      const { offset, bytes } = await this.#screen.snapshot(this.#programTitle.title)
      if (offset >= this.#ring.start) return Buffer.concat([bytes, this.#ring.slice(offset)])
    }
    return this.#ring.slice(0)
  }

  #read(first: Buffer): void {
    this.#lastOutputTime = Date.now()
    this.#screen.makeRoom(first.length)
    this.#ring.append(first)
    this.recorder.output(first)
    let isTitled = this.#programTitle.read(first)
    const isPolite = this.#options.typing.elsewhere(this.id)
    const most = Math.min(isPolite ? politeTurnBytes : turnBytes, this.#flow.room(), this.#screen.room)
    this.#screen.makeRoom(most)
    let left = most
    while (left > 0) {
      const place = this.#ring.reserve(left)
      const length = this.#pty.read(place)
      if (length === 0) break
      this.#ring.commit(length)
      this.recorder.output(place.subarray(0, length))
      if (this.#programTitle.read(place.subarray(0, length))) isTitled = true
      left -= length
    }
    if (isTitled) this.#titleTimer ??= setTimeout(() => this.#tellTitle(), titleMs)
    if (isPolite && left < most) this.#restTimer ??= setTimeout(() => this.#rested(), restMs)
    this.#turn()
  }

  #rested(): void {
    this.#restTimer = undefined
    this.#steer()
  }

  /** Sends what may be sent, then reads or pauses as the acks demand. */
  #turn(): void {
    this.#audience.pump()
    if (this.#isDrained && this.#exit) this.#audience.sayExit(this.#exit.status, this.#exit.signal)
    this.#steer()
  }

  #steer(): void {
    if (this.#isDrained) return
    const isFull = this.#flow.room() < ptyReadBytes
    if (isFull) this.#flow.paused()
    this.#screen.makeRoom(ptyReadBytes)
    const mustPause = isFull || this.#screen.room < ptyReadBytes || this.#restTimer !== undefined
    if (mustPause === this.#paused) return
    this.#paused = mustPause
    if (mustPause) this.#pty.pause()
    else this.#pty.resume()
  }

  #write(bytes: Uint8Array, viewer: Viewer): void {
    const { input } = this.#pty
    this.#options.typing.typed(this.id)
    this.recorder.input(bytes)
    input.write(bytes)
    if (input.waiting < this.#options.limits.inputBytes) return
    viewer.hold()
    this.#steer()
  }

  #releaseInput(): void {
    if (this.#pty.input.waiting >= this.#options.limits.inputBytes) return
    this.#audience.release()
    this.#steer()
  }

  #resize({ cols, rows }: TerminalSize): void {
    if (cols === this.#size.cols && rows === this.#size.rows) return
    this.#size = { cols, rows }
    this.#pty.resize(this.#size)
    this.recorder.resized(this.#size)
    this.#screen.resize(this.#size)
    this.#audience.announce()
  }

  #tellTitle(): void {
    clearTimeout(this.#titleTimer)
    this.#titleTimer = undefined
    this.#audience.announce()
  }

  #drained(): void {
    if (this.#isDrained) return
    this.#isDrained = true
    this.#flow.close()
    if (this.#exit) this.recorder.ended(this.#exit.status, this.#exit.signal)
    if (this.#titleTimer) this.#tellTitle()
    this.#options.onEnd()
    this.#turn()
  }
}

function signalName(number: number): string | null {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null
}
