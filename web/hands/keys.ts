/** What of a key press decides which bytes it sends. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'keyCode' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'getModifierState'
>

/** Ctrl with what the key writes, on any layout. xterm.js goes by the place of the key on an American one, and has no RS of Shift+6. */
const withCtrl: Readonly<Record<string, string>> = {
  '2': '\x00',
  '@': '\x00',
  '[': '\x1b',
  '\\': '\x1c',
  ']': '\x1d',
  '^': '\x1e',
  '~': '\x1e',
  '/': '\x1f',
  _: '\x1f',
  '?': '\x7f',
}

/** Keys of the form `CSI n ~` whose modifiers xterm.js leaves out. */
const tildeKeys: Readonly<Record<string, number>> = { Insert: 2, PageUp: 5, PageDown: 6 }

const isPlace = (keyCode: number) => keyCode >= 65 && keyCode <= 90

/**
 * The bytes of a key that xterm.js would get wrong, undefined for all others. Kept from it as well: AltGr, which Windows reports as
 * Ctrl+Alt and which only writes what stands on the key.
 */
export function bytesOf(press: KeyPress, isMac: boolean): string | undefined {
  if (press.metaKey) return undefined
  if (press.ctrlKey && !isAlt(press)) return withCtrl[press.key]
  if (press.altKey && !press.ctrlKey) return isMac ? withOption(press) : withAlt(press)
  return undefined
}

/** AltGr is no Alt: Ctrl with a bracket that stands on the third level is still Ctrl with a bracket. */
const isAlt = (press: KeyPress) => press.altKey && !press.getModifierState('AltGraph')

function withAlt(press: KeyPress): string | undefined {
  const { key, keyCode, shiftKey } = press
  if (press.getModifierState('AltGraph')) return undefined
  const tilde = tildeKeys[key]
  if (tilde !== undefined) return shiftKey ? undefined : `\x1b[${tilde};3~`
  const isWritten = [...key].length === 1
  // A letter of another script goes by its place, so that Alt+B moves by a word on a Russian keyboard too.
  const isForeignLetter = key > '~' && isPlace(keyCode)
  return isWritten && !isForeignLetter ? `\x1b${key}` : undefined
}

/**
 * Option is Meta, yet the only way to `@`, `[` or `|` on many European keyboards. On those it writes ASCII; where it is free for
 * Meta, it would write å or ∫.
 */
const withOption = ({ key }: KeyPress) => (/^[!-~]$/.test(key) ? key : undefined)
