import { terminalInAddress } from '../address.ts'
import { ApiError } from '../api/client.ts'
import { listTerminals, type TerminalInfo } from '../api/terminals.ts'
import { element } from '../page/element.ts'
import { screenReaderSwitch } from '../page/screen-reader.ts'
import { Status } from '../page/status.ts'
import { StatusBar } from '../page/status-bar.ts'
import { words } from '../words.ts'
import { followAddress } from './address-bar.ts'
import { closePanes } from './closing.ts'
import { listenForKeys } from './commands.ts'
import type { Feature } from './feature.ts'
import { keepLayout } from './memory.ts'
import { openMenu } from './menu.ts'
import { nothingOpen } from './nothing-open.ts'
import { panePicker } from './pane-picker.ts'
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
  const bar = new StatusBar(parts.status, panePicker(workspace), menuButton)
  parts.status.append(screenReaderSwitch())
  const opening = new Status()
  opening.show('connecting', words.connecting)
  bar.follow(opening)
  parts.stage.append(nothingOpen(workspace))
  new TabStrip(parts.tabs, workspace, tab => void closePanes(workspace, tab.panes))
  listenForKeys(workspace)
  for (const bar of [parts.tabs, parts.status]) keepFocus(bar)
  workspace.onChange(() => showFocused(workspace, bar))
  followAddress(workspace)
  if (link) {
    const pane = await workspace.makePane()
    workspace.addTab(pane)
    pane.screen.fit()
    await pane.view.open(link.id)
  } else {
    await restore(workspace, await sessionsOf(askForToken), terminalInAddress())
    workspace.onChange(() => keepLayout(workspace))
    keepLayout(workspace)
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
  const status = workspace.pane?.status ?? new Status()
  bar.follow(status)
  document.title = status.title ? `${status.title} · ditty` : 'ditty'
}

/** The mouse presses buttons around the terminal without taking the focus out of it; the Tab key still reaches them. */
function keepFocus(bar: HTMLElement): void {
  bar.addEventListener('mousedown', event => event.preventDefault())
}
