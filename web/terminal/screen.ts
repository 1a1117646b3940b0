import { FitAddon } from '@xterm/addon-fit'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { words } from '../words.ts'
import { fontFamily, fontSize, fontsReady } from './fonts.ts'
import { drawWithWebgl } from './renderer.ts'
import { colours, onColoursChange } from './theme.ts'

/** Lines kept above the screen: what the server's own screen will keep too. Some 12 bytes a cell, so 5 MB at 200 columns. */
const scrollback = 2_000

/** How long a size must stand before the shell hears of it, in ms: dragging a window edge would redraw a full-screen program 60 times a second. */
const settleMs = 80

/** CAN ends a half-read character or sequence, RIS then resets; in the byte stream, so in order with what is still queued. */
const resetBytes = Uint8Array.of(0x18, 0x1b, 0x63)

/** The emulator in its box: it follows the size of the box, the reader's colours, and what the browser can draw. */
export class Screen {
  readonly terminal: Terminal
  readonly #fit = new FitAddon()

  private constructor(terminal: Terminal) {
    this.terminal = terminal
    terminal.loadAddon(this.#fit)
    terminal.loadAddon(new UnicodeGraphemesAddon())
  }

  /** Resolves when the size is final: faces are loaded, the renderer is chosen, the box is filled. */
  static async open(host: HTMLElement): Promise<Screen> {
    Terminal.strings.promptLabel = words.terminal
    Terminal.strings.tooMuchOutput = words.tooMuchOutput
    await fontsReady()
    const screen = new Screen(new Terminal(options()))
    screen.terminal.open(host)
    await drawWithWebgl(screen.terminal, host, () => screen.fit())
    screen.fit()
    screen.#follow(host)
    return screen
  }

  get size(): TerminalSize {
    return { cols: this.terminal.cols, rows: this.terminal.rows }
  }

  fit(): void {
    this.#fit.fit()
  }

  write(bytes: Uint8Array, rendered?: () => void): void {
    this.terminal.write(bytes, rendered)
  }

  /** Clears everything, scrollback and modes too, after what was written before; then takes the size, when one is given. */
  reset(size?: TerminalSize): void {
    this.terminal.write(resetBytes, () => size && this.terminal.resize(size.cols, size.rows))
  }

  #follow(host: HTMLElement): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const settle = () => {
      this.terminal.options.fontSize = fontSize()
      this.fit()
    }
    new ResizeObserver(() => {
      clearTimeout(timer)
      timer = setTimeout(settle, settleMs)
    }).observe(host)
    onColoursChange(() => Object.assign(this.terminal.options, colours()))
  }
}

const options = () => ({
  ...colours(),
  allowProposedApi: true,
  convertEol: false,
  cursorInactiveStyle: 'outline' as const,
  customGlyphs: true,
  fontFamily,
  fontSize: fontSize(),
  lineHeight: 1.15,
  macOptionIsMeta: true,
  rescaleOverlappingGlyphs: true,
  scrollback,
})
