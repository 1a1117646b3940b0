import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import { closePanes } from './closing.ts'
import type { Workspace } from './workspace.ts'

/** On a narrow window, in place of the tabs: which of the terminals is shown, and the way to the others. */
export function panePicker(workspace: Workspace): HTMLElement {
  const button = element('button', { type: 'button', class: 'picker', hidden: '' })
  button.addEventListener('click', () => openPicker(workspace))
  workspace.onChange(() => {
    const { panes, pane } = workspace
    button.hidden = panes.length < 2
    button.textContent = pane ? `${panes.indexOf(pane) + 1}/${panes.length}` : ''
    button.ariaLabel = words.terminals(panes.length)
  })
  return button
}

function openPicker(workspace: Workspace): void {
  let then = () => workspace.pane?.focus()
  const leaveWith = (action: () => void) => {
    then = action
    sheet.close()
  }
  const rows = workspace.panes.map(pane => {
    const open = element('button', { type: 'button', class: 'session-open' }, pane.title)
    const close = element('button', { type: 'button', class: 'button' }, words.close)
    if (pane === workspace.pane) open.ariaCurrent = 'true'
    open.addEventListener('click', () => leaveWith(() => workspace.focus(pane)))
    close.addEventListener('click', () => leaveWith(() => void closePanes(workspace, [pane])))
    return element('li', { class: 'session' }, open, close)
  })
  const add = element('button', { type: 'button', class: 'button main' }, words.newTab)
  add.addEventListener('click', () => leaveWith(() => void workspace.openTab()))
  const sheet = openSheet(
    { title: words.terminals(rows.length), kind: 'picker-sheet', onClosed: () => then() },
    element('ul', { class: 'sessions' }, ...rows),
    element('div', { class: 'actions' }, add),
  )
}
