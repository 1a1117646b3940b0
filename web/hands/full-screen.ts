import { words } from '../words.ts'
import type { Command } from '../workspace/feature.ts'

/** Chromium's Keyboard Lock: with it Ctrl+W, Ctrl+T, Ctrl+N, Ctrl+Tab and Escape reach the program; held, Escape still leaves. */
declare global {
  interface Navigator {
    keyboard?: { lock(keys?: string[]): Promise<void>; unlock(): void }
  }
}

/** The one way to the keys that a browser keeps for itself, where it has one at all. */
export const fullScreen: Command = {
  group: 'page',
  label: () => (document.fullscreenElement ? words.hands.leaveFullScreen : words.hands.fullScreen),
  forGuests: true,
  isOffered: () => document.fullscreenEnabled,
  run: () => void toggle(),
}

async function toggle(): Promise<void> {
  if (document.fullscreenElement) {
    navigator.keyboard?.unlock()
    await document.exitFullscreen()
    return
  }
  try {
    await document.documentElement.requestFullscreen()
    await navigator.keyboard?.lock()
  } catch {
    // The browser refused; the page stays as it is.
  }
}
