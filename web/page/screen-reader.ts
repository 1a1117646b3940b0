import { changeSettings, onSettings, settings } from '../settings.ts'
import { words } from '../words.ts'
import { element } from './element.ts'

/**
 * A switch that only those meet who go through the page without looking: xterm.js then keeps a copy of the screen in the
 * document and announces output, which costs everyone else speed.
 */
export function screenReaderSwitch(): HTMLElement {
  const button = element('button', { type: 'button', class: 'unseen' }, words.screenReader)
  const draw = () => {
    button.ariaPressed = String(settings().screenReader)
  }
  button.addEventListener('click', () => changeSettings({ screenReader: !settings().screenReader }))
  onSettings(draw)
  draw()
  return button
}
