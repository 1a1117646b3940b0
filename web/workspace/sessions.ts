import { renameTerminal, type TerminalInfo } from '../api/terminals.ts'
import { askForText } from '../page/ask.ts'
import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'
import { SessionList } from './session-list.ts'
import type { Workspace } from './workspace.ts'

/** All sessions of the server: to be opened here, renamed and ended. */
export function openSessions(workspace: Workspace): void {
  let then = () => {}
  const leaveWith = (action: () => void) => {
    then = action
    sheet.close()
  }
  const list = new SessionList({
    isHere: id => workspace.panes.some(({ view }) => view.id === id),
    open: session => leaveWith(() => void workspace.openSession(session)),
    rename: session => leaveWith(() => void rename(workspace, session).then(() => openSessions(workspace))),
  })
  const add = element('button', { type: 'button', class: 'button main' }, words.newTab)
  add.addEventListener('click', () => leaveWith(() => void workspace.openTab()))
  const sheet = openSheet(
    { title: words.sessions, kind: 'session-sheet', onClosed: () => then() },
    list.element,
    element('div', { class: 'actions' }, add),
  )
  void list.follow()
}

async function rename(workspace: Workspace, session: Pick<TerminalInfo, 'id' | 'name'>): Promise<void> {
  const name = await askForText(words.renameSession, words.nameOfSession, session.name ?? '', words.save)
  if (name === undefined) return
  const renamed = await renameTerminal(session.id, name).catch(() => undefined)
  if (renamed) workspace.renamed(renamed)
}

export function renameFocused(workspace: Workspace): void {
  const session = workspace.pane?.view.info
  if (session) void rename(workspace, session)
}

export const sessions: Feature = {
  commands: [
    { group: 'session', label: words.sessionsEntry, keys: 'Alt+Shift+L', run: openSessions },
    {
      group: 'session',
      label: words.renameEntry,
      isOffered: ({ pane }) => pane?.view.info !== undefined && !pane.view.isOver,
      run: renameFocused,
    },
  ],
}
