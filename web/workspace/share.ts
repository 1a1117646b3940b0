import { linkAddress } from '../address.ts'
import { ApiError } from '../api/client.ts'
import { createLink, revokeLinks } from '../api/terminals.ts'
import { copyText } from '../page/copy.ts'
import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'
import type { Workspace } from './workspace.ts'

/** Makes addresses that open the focused session, and nothing else, for whoever has them. */
function openShare({ pane }: Workspace): void {
  const id = pane?.view.id
  if (id === undefined) return
  const share = new Share(id)
  openSheet({ title: words.share, kind: 'share-sheet' }, ...share.parts)
  void share.choose(true)
}

class Share {
  readonly #id: string
  readonly #made = new Map<boolean, string>()
  readonly #field = element('input', { type: 'text', class: 'link', readonly: '', 'aria-label': words.linkField })
  readonly #copy = element('button', { type: 'button', class: 'button main' }, words.copy)
  readonly #revoke = element('button', { type: 'button', class: 'button' }, words.revoke)
  readonly #trouble = element('p', { class: 'wrong', role: 'alert' })
  readonly #kinds: HTMLElement
  #readOnly = true

  constructor(id: string) {
    this.#id = id
    this.#kinds = element(
      'fieldset',
      { class: 'kinds' },
      element('legend', {}, words.linkMay),
      this.#kind(true, words.linkWatch),
      this.#kind(false, words.linkType),
    )
    this.#field.addEventListener('focus', () => this.#field.select())
    this.#copy.addEventListener('click', () => void this.#copyLink())
    this.#revoke.addEventListener('click', () => void this.#revokeAll())
  }

  get parts(): HTMLElement[] {
    return [
      this.#kinds,
      element('div', { class: 'row' }, this.#field, this.#copy),
      element('p', { class: 'faint' }, words.linkHelp),
      this.#trouble,
      element('div', { class: 'actions' }, this.#revoke),
    ]
  }

  /** A link of each kind is made once, when it is first asked for. */
  async choose(readOnly: boolean): Promise<void> {
    this.#readOnly = readOnly
    this.#copy.textContent = words.copy
    await this.#try(async () => {
      const token = this.#made.get(readOnly) ?? (await createLink(this.#id, readOnly))
      this.#made.set(readOnly, token)
      if (this.#readOnly === readOnly) this.#field.value = linkAddress(location.href, this.#id, token)
    })
  }

  async #copyLink(): Promise<void> {
    if (this.#field.value === '') await this.choose(this.#readOnly)
    this.#copy.textContent = (await copyText(this.#field.value)) ? words.copied : words.copy
    this.#field.select()
  }

  async #revokeAll(): Promise<void> {
    await this.#try(async () => {
      await revokeLinks(this.#id)
      this.#made.clear()
      this.#field.value = ''
      this.#field.placeholder = words.revoked
      this.#copy.textContent = words.newLink
    })
  }

  async #try(action: () => Promise<void>): Promise<void> {
    this.#trouble.textContent = ''
    try {
      await action()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#trouble.textContent = error.status === 0 ? words.unreachable : error.message
    }
  }

  #kind(readOnly: boolean, label: string): HTMLElement {
    const input = element('input', { type: 'radio', name: 'link-kind' })
    input.checked = readOnly
    input.addEventListener('change', () => void this.choose(readOnly))
    return element('label', {}, input, label)
  }
}

export const share: Feature = {
  commands: [
    {
      group: 'session',
      label: words.shareEntry,
      isOffered: ({ pane }) => pane?.view.id !== undefined && !pane.view.isOver,
      run: openShare,
    },
  ],
}
