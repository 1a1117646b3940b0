import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { boundCounts } from '../../server/protocol/terminal-screen.ts'
import { Images } from '../hands/images.ts'
import { stickyModifiers } from '../hands/sticky.ts'
import { onSettings, settings } from '../settings.ts'
import { words } from '../words.ts'
import { Fit } from './fit.ts'
import { fontFamily, fontSize, fontsReady } from './fonts.ts'
import { Renderer } from './renderer.ts'
import { isReply } from './replies.ts'
import { colours, onColoursChange } from './theme.ts'

/** How long a size must stand before the shell hears of it, in ms: dragging a window edge would redraw a full-screen program 60 times a second. */
const settleMs = 80

/** CAN ends a half-read character or sequence, RIS then resets; in the byte stream, so in order with what is still queued. */
const resetBytes = Uint8Array.of(0x18, 0x1b, 0x63)

/** The emulator in its box: it follows the size of the box, what the person chose, and what the browser can draw. */
export class Screen {
  readonly terminal: Terminal
  readonly fitting: Fit
  readonly #images: Images
  readonly #ends: (() => void)[] = []

  private constructor(terminal: Terminal) {
    this.terminal = terminal
    this.fitting = new Fit(terminal)
    this.#images = new Images(terminal)
    terminal.loadAddon(new UnicodeGraphemesAddon())
    boundCounts(terminal)
  }

  /** Resolves when the size is final: faces are loaded, the renderer is chosen, the box is filled. */
  static async open(host: HTMLElement): Promise<Screen> {
    Terminal.strings.promptLabel = words.terminal
    Terminal.strings.tooMuchOutput = words.tooMuchOutput
    await fontsReady()
    const screen = new Screen(new Terminal({ ...fixedOptions, ...chosenOptions() }))
    screen.terminal.open(host)
    const renderer = new Renderer(screen.terminal, host, () => screen.fit())
    screen.#ends.push(() => renderer.close())
    await renderer.choose()
    screen.fit()
    screen.#follow(host)
    return screen
  }

  get size(): TerminalSize {
    return { cols: this.terminal.cols, rows: this.terminal.rows }
  }

  fit(): void {
    this.fitting.apply()
  }

  /** Lets go of the emulator and all that it holds. */
  close(): void {
    for (const end of this.#ends) end()
    this.terminal.dispose()
  }

  write(bytes: Uint8Array, rendered?: () => void): void {
    this.#images.write(bytes, rendered)
  }

  /** Clears everything, scrollback and modes too, after what was written before; then takes the size, when one is given. */
  reset(size?: TerminalSize): void {
    this.#images.write(resetBytes, () => {
      // What a program sets by LNM and by `?12` the emulator takes for options, and its reset leaves them.
      Object.assign(this.terminal.options, { convertEol: false, cursorBlink: settings().cursorBlink })
      if (size) this.terminal.resize(size.cols, size.rows)
    })
  }

  /** What the person types, and what the emulator answers, on its way to the program. */
  onData(listener: (data: string) => void): void {
    this.terminal.onData(data => listener(isReply(data) ? data : stickyModifiers.apply(data)))
  }

  #follow(host: HTMLElement): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const box = new ResizeObserver(() => {
      clearTimeout(timer)
      timer = setTimeout(() => this.fit(), settleMs)
    })
    box.observe(host)
    const choose = () => {
      Object.assign(this.terminal.options, chosenOptions())
      this.fit()
    }
    this.#ends.push(
      () => clearTimeout(timer),
      () => box.disconnect(),
      onSettings(choose),
      onColoursChange(() => Object.assign(this.terminal.options, colours())),
    )
  }
}

const fixedOptions = {
  allowProposedApi: true,
  convertEol: false,
  cursorInactiveStyle: 'outline' as const,
  customGlyphs: true,
  fontFamily,
  lineHeight: 1.15,
  // Without it nothing could be selected on a Mac while a program has the mouse.
  macOptionClickForcesSelection: true,
  macOptionIsMeta: true,
  rescaleOverlappingGlyphs: true,
  // Sizes in pixels, which programs ask for before they draw an image.
  windowOptions: { getWinSizePixels: true, getCellSizePixels: true, getWinSizeChars: true },
  // A double click takes a path, an address or `name=value` whole, and Chinese up to its punctuation.
  wordSeparator: ' \u00a0\t()[]{}<>\'"`,;|│┃║，。；：！？、（）《》〈〉「」『』【】“”‘’…',
}

/** What the settings say, as the emulator takes it. */
function chosenOptions() {
  const { cursorStyle, cursorBlink, scrollback, screenReader } = settings()
  return { ...colours(), cursorStyle, cursorBlink, fontSize: fontSize(), scrollback, screenReaderMode: screenReader }
}
