import type { Terminal } from '@xterm/xterm'
import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { type BarKey, barKeys, cursorSequence } from './bar-keys.ts'
import { stickyModifiers as modifiers } from './sticky.ts'

/** A key held down repeats after the first and at the second, in ms, as keyboards do. */
const repeatAfterMs = 400
const repeatEveryMs = 60

/** The keys that on-screen keyboards lack. Style shows it where the finger is the pointer. `target`: the terminal to type into. */
export function keyBar(target: () => Terminal | undefined): HTMLElement {
  const bar = element('div', { class: 'key-bar', role: 'toolbar', 'aria-label': words.hands.keyBar })
  bar.append(...barKeys.map(key => buttonOf(key, target)))
  // A press must not take the focus from the terminal: the on-screen keyboard would go.
  bar.addEventListener('pointerdown', event => event.preventDefault())
  bar.addEventListener('mousedown', event => event.preventDefault())
  return bar
}

function buttonOf(key: BarKey, target: () => Terminal | undefined): HTMLElement {
  const button = element('button', { type: 'button', 'aria-label': key.name }, key.label)
  if ('modifier' in key) followModifier(button, key.modifier)
  const press = () => {
    const terminal = target()
    if (terminal) send(key, terminal)
  }
  button.addEventListener('click', press)
  if ('repeats' in key && key.repeats) repeatWhileHeld(button, press)
  return button
}

function send(key: BarKey, terminal: Terminal): void {
  if ('modifier' in key) modifiers.tap(key.modifier, performance.now())
  else if ('text' in key) terminal.input(key.text, true)
  else {
    const { applicationCursorKeysMode } = terminal.modes
    terminal.input(cursorSequence(key.final, modifiers.parameter, applicationCursorKeysMode), true)
    modifiers.release()
  }
}

function followModifier(button: HTMLElement, modifier: 'ctrl' | 'alt'): void {
  const draw = () => {
    const hold = modifiers.hold(modifier)
    button.dataset.hold = hold
    button.ariaPressed = String(hold !== 'off')
  }
  modifiers.onChange(draw)
  draw()
}

/** The press itself is the click at its end; what repeats comes before that. */
function repeatWhileHeld(button: HTMLElement, press: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const repeat = () => {
    press()
    timer = setTimeout(repeat, repeatEveryMs)
  }
  button.addEventListener('pointerdown', () => {
    timer = setTimeout(repeat, repeatAfterMs)
  })
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
    button.addEventListener(end, () => clearTimeout(timer))
}
