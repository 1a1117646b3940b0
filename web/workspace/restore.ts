import { findSession } from '../address.ts'
import type { TerminalInfo } from '../api/terminals.ts'
import { words } from '../words.ts'
import { panesOf, rename } from './layout.ts'
import { type KeptTab, keptLayout, storedLayout } from './memory.ts'
import type { Pane } from './pane.ts'
import type { Tab } from './tab.ts'
import type { Workspace } from './workspace.ts'

/** Opens what this browser tab showed before, and the session that its address names; a new one where there is nothing. */
export async function restore(
  workspace: Workspace,
  sessions: TerminalInfo[],
  wanted: string | undefined,
): Promise<void> {
  const known = new Map(sessions.map(session => [session.id, session]))
  const kept = keptLayout(storedLayout(), id => known.has(id))
  const opened: OpenedTab[] = []
  for (const tab of kept.tabs) {
    const made = await openTab(workspace, tab)
    if (made) opened.push(made)
  }
  const named = wanted === undefined ? undefined : findSession(sessions, wanted)
  const tabOfNamed = opened.find(({ panes }) => named && panes.has(named.id))
  const first = tabOfNamed ?? (wanted === undefined ? opened[kept.shown] : undefined)
  if (first) workspace.focus(first.panes.get(named?.id ?? '') ?? first.tab.focused)
  // The strip of tabs takes its place before anything is measured.
  await Promise.resolve()
  for (const each of opened.sort(tab => (tab === first ? -1 : 1))) fill(each, known)
  if (first) return
  await workspace.openTab(named ? { session: named } : { notice: wanted === undefined ? '' : words.replaced })
}

interface OpenedTab {
  tab: Tab
  isZoomed: boolean
  /** By the ids of the sessions they are for. */
  panes: Map<string, Pane>
}

async function openTab(workspace: Workspace, { layout, focused, isZoomed }: KeptTab): Promise<OpenedTab | undefined> {
  if (layout === undefined) return undefined
  const panes = new Map<string, Pane>()
  for (const id of panesOf(layout)) panes.set(id, await workspace.makePane())
  const [first] = panes.values()
  const inKeys = rename(layout, new Map([...panes].map(([id, pane]) => [id, pane.key])))
  if (!first || inKeys === undefined) return undefined
  const tab = workspace.addTab(first, false)
  tab.restore(inKeys, [...panes.values()], panes.get(focused) ?? first)
  return { tab, isZoomed, panes }
}

/** Each is measured where it will be seen, so that no program hears of a size it doesn't get. */
function fill({ tab, isZoomed, panes }: OpenedTab, known: Map<string, TerminalInfo>): void {
  tab.element.classList.add('measured')
  for (const [id, pane] of panes) {
    pane.screen.fit()
    const session = known.get(id)
    if (session) pane.view.show(session)
  }
  if (isZoomed) tab.zoom(true)
  tab.element.classList.remove('measured')
}
