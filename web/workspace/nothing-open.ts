import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { openSessions } from './sessions.ts'
import type { Workspace } from './workspace.ts'

/** What the stage shows when its last terminal was closed. */
export function nothingOpen(workspace: Workspace): HTMLElement {
  const add = element('button', { type: 'button', class: 'button main' }, words.newTerminal)
  const all = element('button', { type: 'button', class: 'button' }, words.sessionsEntry)
  const note = element(
    'section',
    { class: 'nothing', hidden: '' },
    element('p', {}, words.nothingOpen),
    element('div', { class: 'actions' }, add, all),
  )
  add.addEventListener('click', () => void workspace.openTab())
  all.addEventListener('click', () => openSessions(workspace))
  workspace.onChange(() => {
    const isEmpty = workspace.tabs.length === 0
    if (isEmpty && note.hidden) queueMicrotask(() => add.focus())
    note.hidden = !isEmpty
  })
  return note
}
