import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import type { Sessions } from '../../terminal/sessions.ts'
import { Offers } from '../../transfer/offers.ts'
import { type Place, Places } from '../../transfer/places.ts'
import { openStand, type Stand } from '../../transfer/stand.ts'
import { type UploadLimits, Uploads } from '../../transfer/uploads.ts'

/** What the routes of files share: the terminals, and what goes in and out beside them. */
export class TransferDesk {
  readonly uploads: Uploads
  readonly offers: Offers
  readonly places = new Places()
  readonly linux: Linux
  readonly #sessions: Sessions
  readonly #closing = new AbortController()

  constructor(sessions: Sessions, linux: Linux, limits: Partial<UploadLimits> = {}) {
    this.#sessions = sessions
    this.linux = linux
    this.uploads = new Uploads(limits)
    this.offers = new Offers((terminal, offers) => sessions.showOffers(terminal, offers))
  }

  /** Aborts when the server stops. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Throws ToolError `not_found`. */
  sessionOf(id: string) {
    const session = this.#sessions.get(id)
    if (session) return session
    throw new ToolError('not_found', `there is no terminal '${id}'`, { remedy: 'GET /api/v1/terminals lists them' })
  }

  /** Where the shell of a terminal stands; whoever asks closes it. Throws ToolError. */
  async standOf(id: string): Promise<Stand> {
    const { running, pid } = this.sessionOf(id)
    if (!running) throw new ToolError('unavailable', 'the terminal has ended', { remedy: 'open a new one' })
    return await openStand(this.linux, pid)
  }

  /** The place of that id, else where the shell stands. */
  placeOf(terminal: string, id: string | undefined): Promise<Place & AsyncDisposable> {
    return id === undefined ? this.standOf(terminal) : this.places.open(terminal, id)
  }

  async standing<Value>(id: string, work: (stand: Stand) => Promise<Value>): Promise<Value> {
    await using stand = await this.standOf(id)
    return await work(stand)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.uploads.close(), this.places.close()])
  }
}
