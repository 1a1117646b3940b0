import { type Control, closeCode, type TerminalSize, type TerminalState } from '../protocol/terminal-frames.ts'
import type { Arrival } from './arrival.ts'
import { ClientInputs } from './client-inputs.ts'
import type { Limits } from './limits.ts'
import type { Access } from './links.ts'
import { Pen } from './pen.ts'
import type { ReplayRing } from './replay-ring.ts'
import type { Snapshot } from './screen/screen.ts'
import { Viewer, type ViewerEvents } from './viewer.ts'
import type { ViewerSocket } from './viewer-socket.ts'

/** What all viewers of a session see around the screen. */
export type Surroundings = Pick<TerminalState, 'title' | 'size' | 'recording' | 'offers'>

/** What the viewers ask of their session, through the one that has the pen. */
export interface AudienceEvents {
  surroundings(): Surroundings
  input(bytes: Uint8Array, viewer: Viewer): void
  resize(size: TerminalSize): void
  progress(): void
  snapshot(): Promise<Snapshot>
}

/** Everyone who looks at one session: one writes, the others watch. */
export class Audience {
  readonly #ring: ReplayRing
  readonly #limits: Limits
  readonly #events: AudienceEvents
  readonly #viewers = new Set<Viewer>()
  readonly #pen = new Pen()
  readonly #inputs = new ClientInputs()
  #admitted = 0

  constructor(ring: ReplayRing, limits: Limits, events: AudienceEvents) {
    this.#ring = ring
    this.#limits = limits
    this.#events = events
  }

  get size(): number {
    return this.#viewers.size
  }

  /** The one whose screen is furthest. */
  fastest(): Viewer | undefined {
    let fastest: Viewer | undefined
    for (const viewer of this.#viewers) if (viewer.reached >= (fastest?.reached ?? 0)) fastest = viewer
    return fastest
  }

  /**
   * Output goes on from byte `after`. Without one, or where that is no longer held, there is a snapshot first, unless nothing was
   * printed yet. A socket that asks for a byte never written is closed. An earlier connection of the same client has ended by
   * that, though its end may not have shown: nothing that it still brings counts.
   */
  admit({ after, client }: Arrival, socket: ViewerSocket, access: Access): void {
    const { end } = this.#ring
    if (after !== undefined && after > end) {
      socket.close(closeCode.badFrame, `after=${after} is past the end of the output, ${end}`)
      return
    }
    if (client !== undefined)
      this.dismiss(closeCode.replaced, 'the client has come by another connection', viewer => viewer.client === client)
    const id = String(++this.#admitted)
    const viewer = new Viewer(
      {
        id,
        access,
        offset: after === undefined && end > 0 ? undefined : (after ?? 0),
        ...(client === undefined ? {} : { client, input: this.#inputs.of(client) }),
      },
      this.#ring,
      this.#limits,
      socket,
      this.#viewerEvents(),
    )
    this.#viewers.add(viewer)
    this.#pen.pickUp(viewer)
    this.announce()
    this.#events.progress()
  }

  /** Sends each what the ring holds for it and its window lets out. */
  pump(): void {
    for (const viewer of this.#viewers) viewer.pump()
  }

  /** Tells everyone the title, the size and who else looks. */
  announce(): void {
    const surroundings = this.#events.surroundings()
    const viewers = [...this.#viewers].map(viewer => ({
      id: viewer.id,
      role: this.#roleOf(viewer),
      readOnly: viewer.access.readOnly,
    }))
    for (const viewer of this.#viewers) {
      const { id, access } = viewer
      const own = { role: this.#roleOf(viewer), viewer: id, readOnly: access.readOnly }
      viewer.send({ type: 'state', state: { ...surroundings, ...own, viewers } })
    }
  }

  /**
   * Tells the end to those who were sent all the output, and lets them go. Each that leaves brings us here again, so this walks
   * the set itself, which passes over those who have left meanwhile.
   */
  sayExit(status: number, signal: number): void {
    for (const viewer of this.#viewers) {
      if (!viewer.isUpToDate) continue
      viewer.send({ type: 'exit', status, signal })
      viewer.close(closeCode.ended, 'the session has ended')
    }
  }

  /** Reads again from those who were held back. */
  release(): void {
    for (const viewer of this.#viewers) viewer.release()
  }

  dismiss(code: number, reason: string, whom: (viewer: Viewer) => boolean = () => true): void {
    for (const viewer of this.#viewers) if (whom(viewer)) viewer.close(code, reason)
  }

  #viewerEvents(): ViewerEvents {
    return {
      input: (bytes, viewer) => this.#input(bytes, viewer),
      resize: (size, viewer) => this.#resize(size, viewer),
      control: (control, viewer) => this.#control(control, viewer),
      progress: () => this.#events.progress(),
      snapshot: () => this.#events.snapshot(),
      gone: viewer => this.#remove(viewer),
    }
  }

  /** One that came to watch and wants more is sent away. */
  #refuses(viewer: Viewer): boolean {
    if (viewer.access.readOnly) viewer.close(closeCode.notPermitted, 'this link may only watch')
    return viewer.access.readOnly
  }

  #roleOf(viewer: Viewer): 'writer' | 'reader' {
    return viewer === this.#pen.holder ? 'writer' : 'reader'
  }

  /** What comes from one who only watches is dropped: it may have been typed before the pen went to another. */
  #input(bytes: Uint8Array, viewer: Viewer): void {
    if (this.#refuses(viewer)) return
    if (this.#pen.pickUp(viewer)) this.#passed(viewer)
    if (this.#pen.holder === viewer) this.#events.input(bytes, viewer)
    else this.announce()
  }

  #resize(size: TerminalSize, viewer: Viewer): void {
    if (this.#pen.holder === viewer) this.#events.resize(size)
  }

  #control({ type, viewer: id }: Control, viewer: Viewer): void {
    if (this.#refuses(viewer)) return
    const isWriter = this.#pen.holder === viewer
    const other = [...this.#viewers].find(each => each.id === id)
    if (type === 'take' && this.#pen.take(viewer)) this.#passed(viewer)
    else if (type === 'give' && isWriter) this.#give(viewer, id, other)
    else if (type === 'kick' && isWriter && other !== viewer)
      other?.close(closeCode.notPermitted, 'the one who writes has sent you away')
    this.announce()
  }

  /** To no one in particular lays it down. One who has left meanwhile, or can't write, doesn't get it. */
  #give(viewer: Viewer, id: string | undefined, other: Viewer | undefined): void {
    if (id === undefined) this.#pen.layDown(viewer)
    else if (other && this.#pen.take(other)) this.#passed(other)
  }

  /** The size follows the one who writes. */
  #passed(to: Viewer): void {
    if (to.wishedSize) this.#events.resize(to.wishedSize)
    this.announce()
  }

  #remove(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer)) return
    this.#pen.layDown(viewer)
    this.announce()
    this.#events.progress()
  }
}
