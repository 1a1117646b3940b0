import type { Terminal } from '@xterm/xterm'
import { copyText } from '../page/copy.ts'
import { settings } from '../settings.ts'
import { pasteText } from './paste.ts'

/** `tell` is given what to say when the browser doesn't let us at the clipboard. */
export function attachPointer(terminal: Terminal, host: HTMLElement, tell: () => void): void {
  const programHasMouse = ({ shiftKey }: MouseEvent) => terminal.modes.mouseTrackingMode !== 'none' && !shiftKey
  const keep = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  host.addEventListener('mouseup', ({ button }) => button === 0 && queueMicrotask(() => copySelection(terminal)))
  const onContextMenu = (event: MouseEvent) => {
    if (programHasMouse(event)) keep(event)
    else if (settings().rightClick === 'paste') {
      keep(event)
      void copyOrPaste(terminal, tell)
    }
  }
  host.addEventListener('contextmenu', onContextMenu, { capture: true })
  // The middle button pastes where the system has a selection of its own, unless a program has the mouse.
  host.addEventListener('auxclick', event => event.button === 1 && programHasMouse(event) && keep(event), {
    capture: true,
  })
}

function copySelection(terminal: Terminal): void {
  if (settings().copyOnSelect && terminal.hasSelection()) void copyText(terminal.getSelection())
}

async function copyOrPaste(terminal: Terminal, tell: () => void): Promise<void> {
  if (terminal.hasSelection()) {
    const copied = await copyText(terminal.getSelection())
    if (copied) terminal.clearSelection()
    else tell()
    return
  }
  try {
    await pasteText(terminal, await navigator.clipboard.readText())
  } catch {
    tell()
  }
}
