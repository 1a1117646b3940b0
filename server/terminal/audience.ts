import { closeCode, type TerminalState } from '../protocol/terminal-frames.ts'
import type { Limits } from './limits.ts'
import type { ReplayRing } from './replay-ring.ts'
import { Viewer, type ViewerEvents } from './viewer.ts'
import type { ViewerSocket } from './viewer-socket.ts'

/** What all viewers of a session see around the screen. */
export type Surroundings = Pick<TerminalState, 'title' | 'size'>

/** What the viewers ask of their session. */
export interface AudienceEvents extends Omit<ViewerEvents, 'gone' | 'control'> {
  surroundings(): Surroundings
}

/** Everyone who looks at one session. Until roles exist each of them writes. */
export class Audience {
  readonly #ring: ReplayRing
  readonly #limits: Limits
  readonly #events: AudienceEvents
  readonly #viewers = new Set<Viewer>()
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

  /** Output goes on from byte `after`, by default from the oldest held; a socket that asks for one never written is closed. */
  admit(after: number | undefined, socket: ViewerSocket): void {
    const { end } = this.#ring
    if (after !== undefined && after > end) {
      socket.close(closeCode.badFrame, `after=${after} is past the end of the output, ${end}`)
      return
    }
    const id = String(++this.#admitted)
    const events: ViewerEvents = {
      ...this.#events,
      control: () => this.announce(),
      gone: () => this.#remove(viewer),
    }
    const viewer: Viewer = new Viewer(id, after ?? 0, this.#ring, this.#limits, socket, events)
    this.#viewers.add(viewer)
    this.announce()
    this.#events.progress()
  }

  /** Sends each what the ring holds for it and its window lets out. */
  pump(): void {
    const { size } = this.#events.surroundings()
    for (const viewer of this.#viewers) viewer.pump(size)
  }

  /** Tells everyone the title, the size and who else looks. */
  announce(): void {
    const role = 'writer' as const
    const viewers = [...this.#viewers].map(({ id }) => ({ id, role }))
    for (const viewer of this.#viewers) {
      const state = { ...this.#events.surroundings(), role, viewer: viewer.id, viewers, readOnly: false }
      viewer.send({ type: 'state', state })
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

  dismiss(code: number, reason: string): void {
    for (const viewer of this.#viewers) viewer.close(code, reason)
  }

  #remove(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer)) return
    this.announce()
    this.#events.progress()
  }
}
