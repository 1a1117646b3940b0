import type { Terminal } from '@xterm/xterm'

/** Drivers that draw on the processor: those of Chrome, Mesa and Windows. None of them sets the flag that WebGL has for it. */
const softwareDriver = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** In virtual machines and remote desktops there is no GPU, and the DOM renderer shows a flood five times faster. */
function hasFastWebgl(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return false
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  const driver = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return !softwareDriver.test(driver)
}

/**
 * Draws with WebGL where that is fast. Browsers take contexts away (sixteen a page in Chrome, a driver that restarts); the addon
 * waits 3 s for one to come back, during which the screen is dead, so we leave for the DOM renderer at once. `onChange` is
 * called then: cells may have another size.
 */
export async function drawWithWebgl(terminal: Terminal, host: HTMLElement, onChange: () => void): Promise<void> {
  if (!hasFastWebgl()) return
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
    // The DOM renderer, which is there already, goes on.
  }
}
