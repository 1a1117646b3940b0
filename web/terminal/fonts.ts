import { settings } from '../settings.ts'

/**
 * Monospace faces first, then CJK ones by platform: a Latin face that lacks a glyph hands it on, and the cell's width stays
 * that of the first. The generic family comes last, since a browser may map it to a CJK face.
 */
export const fontFamily = [
  'ui-monospace',
  '"SF Mono"',
  '"Cascadia Mono"',
  '"JetBrains Mono"',
  'Menlo',
  'Consolas',
  '"DejaVu Sans Mono"',
  '"Noto Sans Mono CJK SC"',
  '"PingFang SC"',
  '"Microsoft YaHei"',
  'monospace',
  '"Apple Color Emoji"',
  '"Segoe UI Emoji"',
  '"Noto Color Emoji"',
].join(', ')

/** In pixels; a phone gets more columns for smaller letters, unless a size was chosen. */
export const fontSize = () => settings().fontSize || (innerWidth < 600 ? 12 : 14)

/** Resolves when a cell can be measured for good: before that, the first fit would give a size that changes under the shell. */
export async function fontsReady(): Promise<void> {
  const styles = ['', 'bold ', 'italic ']
  await Promise.allSettled(styles.map(style => document.fonts.load(`${style}${fontSize()}px ${fontFamily}`)))
  await document.fonts.ready
}
