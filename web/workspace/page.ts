import { terminalInAddress } from '../address.ts'
import { ApiError } from '../api/client.ts'
import { listTerminals, type TerminalInfo } from '../api/terminals.ts'
import { keyBar } from '../hands/key-bar.ts'
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

/** Between two tries of a page that couldn't even learn which sessions there are, in ms. */
const retryMs = 3_000

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
  parts.stage.after(keyBar(() => workspace.pane?.terminal))
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
    await restore(workspace, await sessionsOf(askForToken, opening), terminalInAddress())
    workspace.onChange(() => keepLayout(workspace))
    keepLayout(workspace)
  }
  return workspace
}

/** Until the server answers: it says what stands in the way, and tries again when asked to or after a while. */
async function sessionsOf(askForToken: () => Promise<void>, status: Status): Promise<TerminalInfo[]> {
  for (;;) {
    const answer = await listTerminals().catch((error: unknown) => error)
    if (Array.isArray(answer)) return answer
    if (!(answer instanceof ApiError)) throw answer
    if (answer.status === 401) await askForToken()
    else
      await new Promise<void>(resolve => {
        const why = answer.status === 0 ? words.unreachable : words.failed(answer.message)
        status.show('failed', why, { label: words.retry, run: resolve })
        setTimeout(resolve, retryMs)
      })
    status.show('connecting', words.connecting)
  }
}

function showFocused(workspace: Workspace, bar: StatusBar): void {
  const { pane } = workspace
  bar.follow(pane?.status ?? new Status())
  document.title = pane && pane.title !== 'ditty' ? `${pane.title} · ditty` : 'ditty'
}

/** The mouse presses buttons around the terminal without taking the focus out of it; the Tab key still reaches them. */
function keepFocus(bar: HTMLElement): void {
  bar.addEventListener('mousedown', event => event.preventDefault())
}
