import { addressName, keepTerminal, terminalInAddress } from '../address.ts'
import { ApiError } from '../api/client.ts'
import { listTerminals, type TerminalInfo } from '../api/terminals.ts'
import { element } from '../page/element.ts'
import { screenReaderSwitch } from '../page/screen-reader.ts'
import { Status } from '../page/status.ts'
import { StatusBar } from '../page/status-bar.ts'
import { words } from '../words.ts'
import { listenForKeys } from './commands.ts'
import type { Feature } from './feature.ts'
import { keepLayout } from './memory.ts'
import { openMenu } from './menu.ts'
import { restore } from './restore.ts'
import { TabStrip } from './tab-strip.ts'
import { Workspace } from './workspace.ts'

export interface PageParts {
  tabs: HTMLElement
  stage: HTMLElement
  status: HTMLElement
}

export interface PageOptions {
  features: readonly Feature[]
  askForToken(): Promise<void>
  /** The page was opened by a link to one session. */
  link?: { token: string; id: string } | undefined
}

/** Sets the workspace on the page, and what was open before in it. Resolves when the first terminal is there. */
export async function openPage(parts: PageParts, { features, askForToken, link }: PageOptions): Promise<Workspace> {
  const workspace = new Workspace(parts.stage, features, { askForToken, link: link?.token })
  const menuButton = element('button', { type: 'button', class: 'menu-button', 'aria-label': words.menu }, '≡')
  menuButton.addEventListener('click', () => openMenu(workspace))
  const bar = new StatusBar(parts.status, element('span'), menuButton)
  parts.status.append(screenReaderSwitch())
  const nothing = new Status()
  nothing.show('connecting', words.connecting)
  bar.follow(nothing)
  new TabStrip(parts.tabs, workspace, tab => {
    for (const pane of tab.panes) workspace.leave(pane)
  })
  listenForKeys(workspace)
  workspace.onChange(() => showFocused(workspace, bar))
  if (link) {
    const pane = await workspace.makePane()
    workspace.addTab(pane)
    pane.screen.fit()
    await pane.view.open(link.id)
  } else {
    workspace.onChange(() => keepLayout(workspace))
    await restore(workspace, await sessionsOf(askForToken), terminalInAddress())
  }
  return workspace
}

async function sessionsOf(askForToken: () => Promise<void>): Promise<TerminalInfo[]> {
  try {
    return await listTerminals()
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error
    await askForToken()
    return listTerminals()
  }
}

function showFocused(workspace: Workspace, bar: StatusBar): void {
  const { pane } = workspace
  if (!pane) return
  bar.follow(pane.status)
  document.title = pane.status.title ? `${pane.status.title} · ditty` : 'ditty'
  const { info, id } = pane.view
  if (id !== undefined) keepTerminal(info ? addressName(info, []) : id)
}
