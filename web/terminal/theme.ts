import type { ITheme } from '@xterm/xterm'
import { settings } from '../settings.ts'

/** Night watch: deep water, brass, and the signal colours a little muted. Every one reads at 4.5:1 or more on the water. */
const night: ITheme = {
  background: '#0e1621',
  foreground: '#d7dde4',
  cursor: '#e3b363',
  cursorAccent: '#0e1621',
  selectionBackground: '#2f4d6e',
  scrollbarSliderBackground: '#22324680',
  scrollbarSliderHoverBackground: '#2d4a6bcc',
  scrollbarSliderActiveBackground: '#2d4a6b',
  black: '#2a3b50',
  red: '#f0716b',
  green: '#8fc77f',
  yellow: '#e3b363',
  blue: '#6fa8e8',
  magenta: '#c792d6',
  cyan: '#5fc3c0',
  white: '#c9d1da',
  brightBlack: '#74859a',
  brightRed: '#ff938c',
  brightGreen: '#aee09b',
  brightYellow: '#f5cf88',
  brightBlue: '#94c3ff',
  brightMagenta: '#deb0ea',
  brightCyan: '#86dedb',
  brightWhite: '#f4f1e8',
}

/** Chart paper: ink on warm white. */
const paper: ITheme = {
  background: '#faf6ec',
  foreground: '#26323d',
  cursor: '#8d6410',
  cursorAccent: '#faf6ec',
  selectionBackground: '#c9dbea',
  scrollbarSliderBackground: '#d9cfb880',
  scrollbarSliderHoverBackground: '#c4b899cc',
  scrollbarSliderActiveBackground: '#c4b899',
  black: '#26323d',
  red: '#b3362f',
  green: '#3f7a2d',
  yellow: '#8d6410',
  blue: '#1f5fa8',
  magenta: '#8a3f9c',
  cyan: '#0d7377',
  white: '#d9d2c0',
  brightBlack: '#6f7880',
  brightRed: '#c23d34',
  brightGreen: '#47802f',
  brightYellow: '#8f6512',
  brightBlue: '#2a6bbb',
  brightMagenta: '#984bac',
  brightCyan: '#117a80',
  brightWhite: '#fffdf6',
}

const light = matchMedia('(prefers-color-scheme: light)')

export function isLight(): boolean {
  const { theme } = settings()
  return theme === 'system' ? light.matches : theme === 'light'
}

/** Matches of a search: what is written in any of the sixteen colours still reads on them. The ruler isn't shown. */
const matches = {
  night: {
    matchBackground: '#2b3f2f',
    matchBorder: '#4d6b4f',
    activeMatchBackground: '#5a4316',
    activeMatchBorder: '#e3b363',
  },
  paper: {
    matchBackground: '#efe3b8',
    matchBorder: '#cdb873',
    activeMatchBackground: '#f6cf73',
    activeMatchBorder: '#8d6410',
  },
}

export const searchColours = () => ({
  ...(isLight() ? matches.paper : matches.night),
  matchOverviewRuler: '#000000',
  activeMatchColorOverviewRuler: '#000000',
})

/** Programs that choose white for a dark terminal stay legible on paper; on the dark theme colours are shown as sent. */
export const colours = () => ({ theme: isLight() ? paper : night, minimumContrastRatio: isLight() ? 3 : 1 })

/** Calls back when the system goes from day to night. Gives what ends it. */
export function onColoursChange(listener: () => void): () => void {
  light.addEventListener('change', listener)
  return () => light.removeEventListener('change', listener)
}
