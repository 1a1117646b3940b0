import type { Terminal } from '@xterm/xterm'
import { settings } from '../settings.ts'
import { needsQuestion, readPaste } from './paste-text.ts'

/** Pastes text as a person would, after asking them where it could do harm. */
export async function pasteText(terminal: Terminal, raw: string): Promise<void> {
  if (raw === '' || terminal.options.disableStdin) return
  const paste = readPaste(raw)
  const { bracketedPasteMode } = terminal.modes
  if (!needsQuestion(paste, bracketedPasteMode, settings().warnPaste)) return terminal.paste(paste.text)
  const { askToPaste } = await import('./paste-sheet.ts')
  const text = await askToPaste(raw, paste)
  if (text !== undefined) terminal.paste(text)
}

/** Before xterm.js sees it, which passes on whatever the clipboard has. */
export function attachPaste(terminal: Terminal, host: HTMLElement): void {
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain')
    if (!text) return
    event.preventDefault()
    event.stopPropagation()
    void pasteText(terminal, text)
  }
  host.addEventListener('paste', onPaste, { capture: true })
}
