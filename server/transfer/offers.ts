import { randomBytes } from 'node:crypto'
import { ToolError } from '../core/errors.ts'
import type { OfferView } from '../protocol/terminal-frames.ts'
import type { Source } from './source.ts'

/** Files that one terminal offers at once; each holds a descriptor, and a page shows a card for each. */
export const maxOffers = 32
/** All terminals together. */
const maxAllOffers = 128

export type OfferEvent =
  | ({ type: 'offer' } & OfferView)
  /** `sentBytes`: of a file, how far it was sent without a gap; of a folder, bytes of the zip so far. */
  | { type: 'progress'; id: string; sentBytes: number }
  | { type: 'sent'; id: string; sentBytes: number }
  | { type: 'declined'; id: string }

type Outcome = 'open' | 'sent' | 'declined'

/** A file or folder that someone at a terminal holds out; it stays open until it was taken, declined or withdrawn. */
export class Offer {
  readonly id = randomBytes(8).toString('hex')
  readonly source: Source
  readonly #tell: (event: OfferEvent) => void
  readonly #downloads = new Set<() => void>()
  #outcome: Outcome = 'open'
  #sentBytes = 0

  constructor(source: Source, tell: (event: OfferEvent) => void) {
    this.source = source
    this.#tell = tell
  }

  get view(): OfferView {
    const { name, kind } = this.source
    return { id: this.id, name, sizeBytes: kind === 'file' ? this.source.sizeBytes : null }
  }

  get outcome(): Outcome {
    return this.#outcome
  }

  get sentBytes(): number {
    return this.#sentBytes
  }

  /** One more download goes on; `cut` ends it. Gives what says that it is over. */
  begin(cut: () => void): () => void {
    this.#downloads.add(cut)
    return () => this.#downloads.delete(cut)
  }

  /** Bytes from `from` to `to` were sent; only what joins on counts, so that a range of the end alone is no file. */
  progress(from: number, to: number): void {
    if (from > this.#sentBytes || to <= this.#sentBytes) return
    this.#sentBytes = to
    this.#tell({ type: 'progress', id: this.id, sentBytes: to })
  }

  /** An answer was sent up to its end, which is that of the file. */
  finish(from: number): void {
    const { sizeBytes } = this.view
    if (from > this.#sentBytes || (sizeBytes !== null && this.#sentBytes < sizeBytes)) return
    this.#end('sent', { type: 'sent', id: this.id, sentBytes: this.#sentBytes })
  }

  decline(): void {
    this.#end('declined', { type: 'declined', id: this.id })
  }

  /** Ends downloads under way and closes the file. */
  async close(): Promise<void> {
    for (const cut of this.#downloads) cut()
    await this.source.handle.close()
  }

  #end(outcome: Outcome, event: OfferEvent): void {
    if (this.#outcome !== 'open') return
    this.#outcome = outcome
    this.#tell(event)
  }
}

/** What the terminals of one server offer. */
export class Offers {
  readonly #show: (terminal: string, offers: OfferView[]) => void
  /** By terminal, in the order of their coming. */
  readonly #offers = new Map<string, Offer[]>()

  /** `show` tells a terminal's viewers what is offered there. */
  constructor(show: (terminal: string, offers: OfferView[]) => void) {
    this.#show = show
  }

  /** Throws ToolError `unavailable` when there are too many. */
  checkRoom(terminal: string, count: number): void {
    const all = [...this.#offers.values()].flat().length
    if (this.#of(terminal).length + count > maxOffers || all + count > maxAllOffers)
      throw new ToolError(
        'unavailable',
        `a terminal offers at most ${maxOffers} files at once, all together ${maxAllOffers}`,
        {
          remedy: 'send the folder that holds them',
        },
      )
  }

  add(terminal: string, offers: readonly Offer[]): void {
    this.#set(terminal, [...this.#of(terminal), ...offers])
  }

  remove(terminal: string, offers: readonly Offer[]): void {
    this.#set(
      terminal,
      this.#of(terminal).filter(offer => !offers.includes(offer)),
    )
  }

  /** Throws ToolError `not_found`. */
  get(terminal: string, id: string): Offer {
    const offer = this.#of(terminal).find(offer => offer.id === id)
    if (offer) return offer
    throw new ToolError('not_found', `there is no offer '${id}'`, {
      remedy: 'it was taken, declined or withdrawn; run `ditty send` again',
    })
  }

  #of(terminal: string): Offer[] {
    return this.#offers.get(terminal) ?? []
  }

  #set(terminal: string, offers: Offer[]): void {
    if (offers.length > 0) this.#offers.set(terminal, offers)
    else this.#offers.delete(terminal)
    this.#show(
      terminal,
      offers.map(({ view }) => view),
    )
  }
}
