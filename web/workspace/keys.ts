/** A combination as it is written in the menu and in commands: `Ctrl+Shift+F`, `Alt+Shift+Left`. */
export type Keys = string

/** Names of keys beside letters and digits. By code, since Shift changes what they would write. */
const named: Record<string, string> = {
  Left: 'ArrowLeft',
  Right: 'ArrowRight',
  Up: 'ArrowUp',
  Down: 'ArrowDown',
  '>': 'Period',
  '<': 'Comma',
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>

export function isPressed(keys: Keys, press: KeyPress): boolean {
  const parts = keys.split('+')
  const key = parts.pop() ?? ''
  const modifiersHold =
    press.ctrlKey === parts.includes('Ctrl') &&
    press.altKey === parts.includes('Alt') &&
    press.shiftKey === parts.includes('Shift') &&
    !press.metaKey
  return modifiersHold && isKey(key, press)
}

/** A letter counts by what it writes, on any layout, and by its place where it writes none (Option on a Mac, an IME). */
function isKey(name: string, { key, code }: KeyPress): boolean {
  if (/^[A-Z]$/.test(name)) return /^[a-z]$/i.test(key) ? key.toUpperCase() === name : code === `Key${name}`
  return code === (named[name] ?? name)
}

const arrows: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' }
export const isMac = /^mac/i.test(navigator.platform)
const macSymbols: Record<string, string> = { Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }

/** How the keys are written for a person at this keyboard. */
export function showKeys(keys: Keys, isMac: boolean): string {
  const parts = keys.split('+').map(part => arrows[part] ?? (isMac ? macSymbols[part] : undefined) ?? part)
  return parts.join(isMac ? '' : '+')
}
