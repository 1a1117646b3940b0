import type { Terminal } from '@xterm/xterm'

/**
 * `window.ditty`, for tests, browser extensions and the console: the emulator as it stands, with its buffer, and the id of the
 * session it shows.
 */
export interface DittyHandle {
  readonly terminal: Terminal
  readonly session: string | undefined
  /** The player's, while it plays; `settled` resolves when its screen shows the place that was asked for. */
  player?: { readonly terminal: Terminal; settled(): Promise<void> }
}

declare global {
  var ditty: DittyHandle
}
