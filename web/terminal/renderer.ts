import type { Terminal } from '@xterm/xterm'

/**
 * Draws with WebGL where it can. Browsers take contexts away (sixteen a page in Chrome, a driver that restarts); the addon waits
 * 3 s for one to come back, during which the screen is dead, so we leave for the DOM renderer at once. `onChange` is called
 * then: cells may have another size.
 */
export async function drawWithWebgl(terminal: Terminal, host: HTMLElement, onChange: () => void): Promise<void> {
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl')
    const addon = new WebglAddon()
    terminal.loadAddon(addon)
    const leave = () => {
      addon.dispose()
      onChange()
    }
    host.addEventListener('webglcontextlost', leave, { capture: true, once: true })
  } catch {
    // No WebGL 2 here: the DOM renderer, which is there already, goes on.
  }
}
