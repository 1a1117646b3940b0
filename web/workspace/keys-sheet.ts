import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import { labelOf } from './commands.ts'
import type { Feature } from './feature.ts'
import { isMac, showKeys } from './keys.ts'
import type { Workspace } from './workspace.ts'

/** Every combination the page takes, whether it has something to do just now or not. */
function openKeys(workspace: Workspace): void {
  const commands = workspace.features
    .flatMap(({ commands = [] }) => commands)
    .filter(({ keys, forGuests }) => keys !== undefined && (forGuests || !workspace.isGuest))
  const rows = commands.flatMap(command => [
    element('dt', {}, labelOf(command, workspace)),
    element('dd', {}, element('kbd', {}, showKeys(command.keys ?? '', isMac))),
  ])
  const list = element('dl', { class: 'keys' }, ...rows)
  openSheet({ title: words.keys, kind: 'keys-sheet' }, list, element('p', { class: 'faint' }, words.keysHelp))
}

export const keysSheet: Feature = {
  commands: [{ group: 'page', label: words.keysEntry, forGuests: true, run: openKeys }],
}
