import type { Terminal } from '@xterm/xterm'
import { words } from '../words.ts'
import { element } from './element.ts'

const key = 'ditty.screenReader'

/**
 * A switch that only those meet who go through the page without looking: xterm.js then keeps a copy of the screen in the
 * document and announces output, which costs everyone else speed. The choice is remembered.
 */
export function screenReaderSwitch(terminal: Terminal): HTMLElement {
  const button = element('button', { type: 'button', class: 'unseen' }, words.screenReader)
  const set = (on: boolean) => {
    terminal.options.screenReaderMode = on
    button.ariaPressed = String(on)
    localStorage.setItem(key, String(on))
  }
  set(localStorage.getItem(key) === 'true')
  button.addEventListener('click', () => set(!terminal.options.screenReaderMode))
  return button
}
