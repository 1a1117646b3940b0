import type { Modifier } from './sticky.ts'

/** A key of the bar: what stands on it, and what it sends. */
export type BarKey =
  | { label: string; name: string; modifier: Modifier }
  | { label: string; name: string; text: string }
  /** `CSI final` and its kin. */
  | { label: string; name: string; final: string; repeats: boolean }

export const barKeys: readonly BarKey[] = [
  { label: 'Esc', name: 'Escape', text: '\x1b' },
  { label: 'Tab', name: 'Tab', text: '\t' },
  { label: 'Ctrl', name: 'Control', modifier: 'ctrl' },
  { label: 'Alt', name: 'Alt', modifier: 'alt' },
  { label: '←', name: 'ArrowLeft', final: 'D', repeats: true },
  { label: '↓', name: 'ArrowDown', final: 'B', repeats: true },
  { label: '↑', name: 'ArrowUp', final: 'A', repeats: true },
  { label: '→', name: 'ArrowRight', final: 'C', repeats: true },
  { label: '|', name: '|', text: '|' },
  { label: '/', name: '/', text: '/' },
  { label: '-', name: '-', text: '-' },
  { label: '~', name: '~', text: '~' },
  { label: 'Home', name: 'Home', final: 'H', repeats: false },
  { label: 'End', name: 'End', final: 'F', repeats: false },
]

/** `parameter` as in xterm's ctlseqs: 1 for no modifier. `isApplication`: the program set DECCKM. */
export function cursorSequence(final: string, parameter: number, isApplication: boolean): string {
  if (parameter > 1) return `\x1b[1;${parameter}${final}`
  return isApplication ? `\x1bO${final}` : `\x1b[${final}`
}
