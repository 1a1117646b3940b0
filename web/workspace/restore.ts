import { findSession } from '../address.ts'
import type { TerminalInfo } from '../api/terminals.ts'
import { words } from '../words.ts'
import { panesOf, rename } from './layout.ts'
import { type KeptTab, keptLayout, storedLayout } from './memory.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/** Opens what this browser tab showed before, and the session that its address names; a new one where there is nothing. */
export async function restore(
  workspace: Workspace,
  sessions: TerminalInfo[],
  wanted: string | undefined,
): Promise<void> {
  const known = new Map(sessions.map(session => [session.id, session]))
  const kept = keptLayout(storedLayout(), id => known.has(id))
  const named = wanted === undefined ? undefined : findSession(sessions, wanted)
  const shows = ({ layout }: KeptTab) =>
    named !== undefined && layout !== undefined && panesOf(layout).includes(named.id)
  const first = kept.tabs.find(shows) ?? (wanted === undefined ? kept.tabs[kept.shown] : undefined)
  for (const tab of kept.tabs) await openTab(workspace, tab, known, tab === first)
  const isShown = named && workspace.panes.find(({ view }) => view.id === named.id)
  if (isShown) workspace.focus(isShown)
  else if (named) await workspace.openTab({ session: named })
  else if (wanted !== undefined) await workspace.openTab({ notice: words.replaced })
  else if (!workspace.pane) await workspace.openTab()
}

async function openTab(
  workspace: Workspace,
  { layout, focused, isZoomed }: KeptTab,
  known: Map<string, TerminalInfo>,
  isShown: boolean,
): Promise<void> {
  if (layout === undefined) return
  const panes = new Map<string, Pane>()
  for (const id of panesOf(layout)) panes.set(id, await workspace.makePane())
  const [first] = panes.values()
  const keys = new Map([...panes].map(([id, pane]) => [id, pane.key]))
  const inKeys = rename(layout, keys)
  if (!first || inKeys === undefined) return
  const tab = workspace.addTab(first, isShown)
  tab.restore(inKeys, [...panes.values()], panes.get(focused) ?? first)
  // Measured where they will be seen, so that no program hears of a size it doesn't get.
  tab.element.classList.add('measured')
  for (const [id, pane] of panes) {
    pane.screen.fit()
    const session = known.get(id)
    if (session) pane.view.show(session)
  }
  if (isZoomed) tab.zoom(true)
  tab.element.classList.remove('measured')
}
