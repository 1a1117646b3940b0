import type { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'
import { Listeners } from '../listeners.ts'
import { onSettings, settings } from '../settings.ts'

/** Drivers that draw on the processor: those of Chrome, Mesa and Windows. None of them sets the flag that WebGL has for it. */
const softwareDriver = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Chrome gives a page sixteen contexts and takes the oldest away for a seventeenth; programs' images and tests of the driver need some. */
const mostContexts = 8

let contexts = 0
/** One was given back, and another terminal may want it. */
const freed = new Listeners()
let isFast: boolean | undefined

function giveBack(): void {
  contexts--
  queueMicrotask(() => freed.emit())
}

/** In virtual machines and remote desktops there is no GPU, and the DOM renderer shows a flood five times faster. */
function hasFastWebgl(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return false
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  const driver = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return !softwareDriver.test(driver)
}

function isWebglChosen(): boolean {
  const { renderer } = settings()
  if (renderer !== 'auto') return renderer === 'webgl'
  isFast ??= hasFastWebgl()
  return isFast
}

/**
 * Draws with WebGL while the terminal is seen and where that is fast. Browsers take contexts away (a driver that restarts); the
 * addon waits 3 s for one to come back, during which the screen is dead, so we leave for the DOM renderer at once, for good.
 */
export class Renderer {
  readonly #terminal: Terminal
  readonly #host: HTMLElement
  readonly #onChange: () => void
  readonly #ends: (() => void)[] = []
  #leave: (() => void) | undefined
  #isSeen = true
  /** The browser took its context away, or never gave one. */
  #isRefused = false
  #isLoading = false

  /** `onChange` is called when cells may have another size. */
  constructor(terminal: Terminal, host: HTMLElement, onChange: () => void) {
    this.#terminal = terminal
    this.#host = host
    this.#onChange = onChange
    const seen = new IntersectionObserver(entries => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? false
      void this.choose()
    })
    seen.observe(host)
    const onLost = () => {
      this.#isRefused = true
      this.#leave?.()
      onChange()
    }
    host.addEventListener('webglcontextlost', onLost, { capture: true })
    this.#ends.push(
      () => seen.disconnect(),
      () => host.removeEventListener('webglcontextlost', onLost, { capture: true }),
      onSettings(() => void this.choose()),
      freed.add(() => void this.choose()),
      () => this.#leave?.(),
    )
  }

  close(): void {
    for (const end of this.#ends) end()
    this.#isSeen = false
  }

  /** Takes the renderer that suits things as they stand. */
  async choose(): Promise<void> {
    const wants = this.#wantsWebgl
    if (!wants && this.#leave) {
      this.#leave()
      this.#onChange()
    } else if (wants && !this.#leave && !this.#isLoading && contexts < mostContexts) await this.#takeWebgl()
  }

  get #wantsWebgl(): boolean {
    return this.#isSeen && !this.#isRefused && isWebglChosen()
  }

  async #takeWebgl(): Promise<void> {
    this.#isLoading = true
    contexts++
    try {
      const { WebglAddon } = await import('@xterm/addon-webgl')
      if (this.#wantsWebgl) this.#draw(new WebglAddon())
      else giveBack()
    } catch {
      // The DOM renderer, which is there already, goes on.
      this.#isRefused = true
      giveBack()
    } finally {
      this.#isLoading = false
    }
  }

  #draw(addon: WebglAddon): void {
    this.#terminal.loadAddon(addon)
    const canvases = [...this.#host.querySelectorAll<HTMLCanvasElement>('.xterm-screen > canvas')]
    this.#leave = () => {
      this.#leave = undefined
      giveBack()
      addon.dispose()
      // Off the page it would hold its context until it is collected.
      for (const canvas of canvases) canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
    }
    this.#onChange()
  }
}
