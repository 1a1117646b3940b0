import { element } from '../page/element.ts'
import { words } from '../words.ts'
import type { Feature } from '../workspace/feature.ts'
import type { Pane } from '../workspace/pane.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { refuseOtherDrops, takeDrops } from './drop-target.ts'
import { type Bundle, chosenBundles } from './dropped.ts'
import { askForLink } from './file-link.ts'
import { pathInUri } from './file-uri.ts'
import { icon } from './icons.ts'
import { OfferCards } from './offer-cards.ts'
import { upload } from './uploads.ts'

const take = ({ view, status }: Pane, bundles: Bundle[]) => {
  if (view.id !== undefined) void upload(view.id, bundles, status)
}

/** Opens the browser's own dialog. */
function choose(pane: Pane, isFolder: boolean): void {
  const field = element('input', { type: 'file', multiple: '', hidden: '', class: 'file-field' })
  field.webkitdirectory = isFolder
  field.addEventListener('change', () => {
    take(pane, chosenBundles(field.files ?? []))
    field.remove()
    pane.focus()
  })
  field.addEventListener('cancel', () => field.remove())
  document.body.append(field)
  field.click()
}

const choosing = (label: string, isFolder: boolean) => ({
  group: 'session' as const,
  label,
  isOffered: ({ pane }: Workspace) => pane?.view.id !== undefined && !pane.view.isOver,
  run: ({ pane }: Workspace) => pane && choose(pane, isFolder),
})

/** For hands that can't drag: a small clip in the status line. */
function clipButton(pane: Pane): HTMLElement {
  const label = words.files.chooseFiles
  const button = element('button', { type: 'button', class: 'clip', 'aria-label': label, title: label }, icon('clip'))
  button.addEventListener('click', () => choose(pane, false))
  return button
}

let isRefusing = false

/** Files dropped on a terminal, held out by it, and behind its links. Who came by a link has no right to any of it. */
export const files: Feature = {
  commands: [choosing(words.files.upload, false), choosing(words.files.uploadFolder, true)],
  addTo(pane, workspace) {
    if (!isRefusing) refuseOtherDrops()
    isRefusing = true
    if (workspace.isGuest) return
    const session = () => pane.view.id
    const cards = new OfferCards(pane.element, session)
    pane.whenClosed(takeDrops(pane.element, session, bundles => take(pane, bundles)))
    pane.whenClosed(pane.view.onState(({ offers }) => cards.show(offers)))
    pane.whenClosed(pane.view.onShown(() => cards.show([])))
    pane.status.setChip('files', clipButton(pane))
    pane.view.onFileLink(uri => {
      const path = pathInUri(uri)
      const id = session()
      if (path && id !== undefined) askForLink(id, path)
    })
  },
}
