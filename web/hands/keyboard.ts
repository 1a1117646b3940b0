import type { Terminal } from '@xterm/xterm'
import { copyText } from '../page/copy.ts'
import { bytesOf } from './keys.ts'

const isMac = /^mac/i.test(navigator.platform)

/** The keys that xterm.js needs a hand with, and Ctrl+Shift+C: Ctrl+C belongs to the program. */
export function attachKeyboard(terminal: Terminal): void {
  terminal.attachCustomKeyEventHandler(event => {
    if (event.type !== 'keydown' || event.isComposing) return true
    const bytes = bytesOf(event, isMac)
    if (bytes !== undefined) terminal.input(bytes, true)
    else if (isCopy(event)) void copyText(terminal.getSelection())
    else return true
    event.preventDefault()
    return false
  })
}

/** Without a selection too: the browser would open its developer tools. */
const isCopy = ({ code, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent) =>
  code === 'KeyC' && ctrlKey && shiftKey && !altKey && !metaKey && !isMac
