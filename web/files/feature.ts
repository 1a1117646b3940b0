import type { ApiError } from '../api/client.ts'
import { keepPlace } from '../api/files.ts'
import { readTerminal } from '../api/terminals.ts'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import type { Feature } from '../workspace/feature.ts'
import type { Pane } from '../workspace/pane.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { chooseFiles } from './choose-files.ts'
import { placeOfShell } from './destination.ts'
import { refuseOtherDrops, takeDrops } from './drop-target.ts'
import type { Bundle } from './dropped.ts'
import { askForLink } from './file-link.ts'
import { pathInUri } from './file-uri.ts'
import { icon } from './icons.ts'
import { OfferCards } from './offer-cards.ts'
import { upload } from './uploads.ts'

/** To where the shell stands. */
async function take({ view: { id }, status }: Pane, bundles: Bundle[]): Promise<void> {
  if (id === undefined || bundles.length === 0) return
  const place = await keepPlace(id).catch((error: ApiError) => error)
  if (!(place instanceof Error)) return upload(placeOfShell(id, place), bundles)
  status.show(status.phase, place.status === 0 ? words.unreachable : place.message)
}

const choose = (pane: Pane, isFolder: boolean) =>
  chooseFiles(isFolder, bundles => {
    void take(pane, bundles)
    pane.focus()
  })

const standing = (id: string) => readTerminal(id).then(({ cwd }) => cwd ?? undefined)

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
    pane.whenClosed(
      takeDrops(pane.element, {
        where: async () => standing(session() ?? ''),
        take: bundles => void take(pane, bundles),
      }),
    )
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
