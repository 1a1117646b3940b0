import type { OfferView } from '../../server/protocol/terminal-frames.ts'
import { declineOffer, offerUrl } from '../api/files.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { showBytes } from './amounts.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'

/** What `ditty send` holds out, over the corner of its terminal. Nothing is fetched before it is pressed. */
export class OfferCards {
  readonly #list = element('ul', { class: 'offers' })
  readonly #session: () => string | undefined
  readonly #cards = new Map<string, HTMLElement>()

  constructor(host: HTMLElement, session: () => string | undefined) {
    this.#session = session
    host.append(this.#list)
  }

  show(offers: readonly OfferView[]): void {
    const ids = offers.map(({ id }) => id)
    for (const [id, card] of this.#cards) {
      if (ids.includes(id)) continue
      card.remove()
      this.#cards.delete(id)
    }
    for (const offer of offers) {
      if (this.#cards.has(offer.id)) continue
      const card = this.#cardOf(offer)
      this.#cards.set(offer.id, card)
      this.#list.append(card)
    }
  }

  #cardOf({ id, name, sizeBytes }: OfferView): HTMLElement {
    const size = sizeBytes === null ? words.files.folder : showBytes(sizeBytes)
    const detail = element('p', { class: 'detail' }, `${size} · ${words.files.offered}`)
    const take = element('button', { type: 'button', class: 'take' }, icon('download'), words.files.download)
    const decline = element(
      'button',
      { type: 'button', class: 'end', 'aria-label': words.files.decline, title: words.files.decline },
      '×',
    )
    const session = this.#session()
    take.addEventListener('click', () => {
      if (session === undefined) return
      download(offerUrl(session, id, sizeBytes === null))
      detail.textContent = `${size} · ${words.files.downloading}`
    })
    decline.addEventListener('click', () => {
      if (session !== undefined) void declineOffer(session, id).catch(() => undefined)
    })
    const kind = icon(sizeBytes === null ? 'folder' : 'file')
    return element(
      'li',
      { class: 'offer' },
      kind,
      element('p', { class: 'name', title: name }, name),
      decline,
      detail,
      take,
    )
  }
}
