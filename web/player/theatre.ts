import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { fontFamily } from '../terminal/fonts.ts'
import { colours, onColoursChange } from '../terminal/theme.ts'

/** In pixels. Below the first nothing can be read, so a wider recording is scrolled; above the last letters look silly. */
const fontSizes = { least: 4, most: 22 }
/** The frame around it, in pixels; player.css draws it. */
const framePx = 9

/**
 * An emulator that only shows: nothing can be typed, no link leads anywhere, and what it would answer is heard by nobody. It is
 * scaled so that the recorded size fills its box.
 */
export class Theatre {
  readonly terminal: Terminal
  readonly #box: HTMLElement
  readonly #ends: (() => void)[] = []

  constructor(box: HTMLElement, { cols, rows }: TerminalSize) {
    this.#box = box
    this.terminal = new Terminal({
      ...colours(),
      cols,
      rows,
      allowProposedApi: true,
      cursorInactiveStyle: 'block',
      disableStdin: true,
      fontFamily,
      fontSize: 14,
      lineHeight: 1.15,
      linkHandler: { activate: () => undefined, allowNonHttpProtocols: false },
      rescaleOverlappingGlyphs: true,
      scrollback: 1000,
    })
    this.terminal.loadAddon(new UnicodeGraphemesAddon())
    this.terminal.open(box)
    // Keys are the player's.
    this.terminal.attachCustomKeyEventHandler(() => false)
    this.terminal.textarea?.setAttribute('tabindex', '-1')
    const observer = new ResizeObserver(() => this.fit())
    observer.observe(box)
    const resized = this.terminal.onResize(() => this.fit())
    this.#ends.push(
      () => observer.disconnect(),
      () => resized.dispose(),
      onColoursChange(() => Object.assign(this.terminal.options, colours())),
    )
    this.fit()
  }

  /** A cell grows with the font in whole pixels, so the first guess may be a little off. */
  fit(): void {
    const { options } = this.terminal
    for (let tries = 0; tries < 4; tries++) {
      const scale = this.#scale()
      if (scale >= 1 && scale < 1.04) return
      const size = Math.floor((options.fontSize ?? 14) * Math.min(scale, 4) * 2) / 2
      const next = Math.min(Math.max(size, fontSizes.least), fontSizes.most)
      if (next === options.fontSize) return
      options.fontSize = next
    }
    while (this.#scale() < 1 && (options.fontSize ?? 0) > fontSizes.least)
      options.fontSize = (options.fontSize ?? 14) - 0.5
  }

  close(): void {
    for (const end of this.#ends) end()
    this.terminal.dispose()
  }

  #scale(): number {
    const screen = this.#box.querySelector('.xterm-screen')?.getBoundingClientRect()
    if (!screen?.width || !screen.height) return 1
    const { clientWidth, clientHeight } = this.#box
    return Math.min((clientWidth - 2 * framePx) / screen.width, (clientHeight - 2 * framePx) / screen.height)
  }
}
