import type { IImageAddonOptions, ImageAddon } from '@xterm/addon-image'
import type { Terminal } from '@xterm/xterm'
import { ImageTrigger } from './image-trigger.ts'

/**
 * Of one terminal. A picture of a whole 4K screen is 8.3 million pixels; decoded, four bytes each. When all that is kept exceeds
 * `storageLimit` (MB), the oldest go. What a program sends for one picture is cut off at 8 MiB.
 */
const limits: IImageAddonOptions = {
  pixelLimit: 3840 * 2160,
  storageLimit: 48,
  sixelSizeLimit: 8 * 1024 * 1024,
  iipSizeLimit: 8 * 1024 * 1024,
}

/** The decoder is compiled in the background, in some 10 ms; without it a sixel image is skipped, nothing worse. */
const decoderDeadlineMs = 2_000

/**
 * Images in the terminal. Few programs print any, so what shows them (60 KB and a WebAssembly decoder) is loaded when the first
 * one comes, and the output from there waits for it. Everything that is written goes through here, in order.
 */
export class Images {
  readonly #terminal: Terminal
  readonly #trigger = new ImageTrigger()
  readonly #held: { bytes: Uint8Array; rendered: (() => void) | undefined }[] = []
  #state: 'unused' | 'loading' | 'settled' = 'unused'

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    // Before anything is shown programs ask; `4` among the attributes says sixel.
    terminal.parser.registerCsiHandler({ final: 'c' }, ([kind]) => {
      if (kind) return false
      terminal.input('\x1b[?62;4;9;22c', false)
      return true
    })
  }

  /** What is held is bounded by the server, which waits for what it sent to be rendered. */
  write(bytes: Uint8Array, rendered?: () => void): void {
    const at = this.#state === 'unused' ? this.#trigger.find(bytes) : -1
    if (at >= 0) {
      this.#state = 'loading'
      this.#terminal.write(bytes.subarray(0, at), () => void this.#load())
      this.#held.push({ bytes: bytes.subarray(at), rendered })
    } else if (this.#state === 'loading') this.#held.push({ bytes, rendered })
    else this.#terminal.write(bytes, rendered)
  }

  async #load(): Promise<void> {
    try {
      const { ImageAddon } = await import('@xterm/addon-image')
      const addon = new ImageAddon(limits)
      this.#terminal.loadAddon(addon)
      await prepare(addon)
    } catch {
      // The text around it is shown all the same.
    }
    this.#state = 'settled'
    for (const { bytes, rendered } of this.#held.splice(0)) this.#terminal.write(bytes, rendered)
  }
}

/** Of the addon, what it doesn't show: its readers of sixel and of iTerm's sequence. */
interface Handlers {
  get(name: 'sixel'): { _dec?: unknown } | undefined
  get(name: 'iip'): { end(success: boolean): boolean | Promise<boolean> } | undefined
}

/** The addon skips sixel images until its decoder is there, and lets the browser's refusal of a broken file go uncaught. */
async function prepare(addon: ImageAddon): Promise<void> {
  const { _handlers: handlers } = addon as unknown as { _handlers?: Handlers }
  const iterm = handlers?.get('iip')
  const end = iterm?.end.bind(iterm)
  if (iterm && end)
    iterm.end = success => {
      const shown = end(success)
      return shown instanceof Promise ? shown.catch(() => true) : shown
    }
  const deadline = performance.now() + decoderDeadlineMs
  while (handlers?.get('sixel')?._dec === undefined && performance.now() < deadline)
    await new Promise(resolve => setTimeout(resolve, 5))
}
