import type { Terminal } from '@xterm/headless'
import type { TerminalSize } from '../../protocol/terminal-frames.ts'
import { boundCounts, scrollbackLines } from '../../protocol/terminal-screen.ts'
import { type Charset, type Core, groundState, stringStates } from './core.ts'
import { boundLinks, boundMarks } from './hostile-output.ts'
import { Palette } from './palette.ts'
import type { CharsetNames } from './state-writer.ts'

/** Cells above the screen: at more than 500 columns fewer lines are kept, so that no window costs more than 12 MB of them. */
const scrollbackCells = 1_000_000

export const scrollbackAt = (cols: number) => Math.min(scrollbackLines, Math.floor(scrollbackCells / cols))

/** Final letters of the charsets that xterm.js knows. */
const charsetLetters = '0A4C5RQKYE6ZH7='

export type NewEmulator = (size: TerminalSize) => Emulator

let loading: Promise<NewEmulator> | undefined

/** The library costs 6 MiB and 50 ms, so it is loaded when the first screen is wanted. */
export function loadEmulator(): Promise<NewEmulator> {
  loading ??= load()
  return loading
}

/**
 * The addon unpacks its table from a Buffer and overlooks where in Node's shared pool that begins: from anywhere but the start it
 * would read other bytes, and never end. Without a pool each Buffer is its own.
 */
async function loadGraphemes() {
  const { poolSize } = Buffer
  Buffer.poolSize = 0
  try {
    return await import('@xterm/addon-unicode-graphemes')
  } finally {
    Buffer.poolSize = poolSize
  }
}

async function load(): Promise<NewEmulator> {
  // Both are CommonJS, which the bundle gives as a default alone.
  const [{ default: headless }, { default: graphemes }] = await Promise.all([
    import('@xterm/headless'),
    loadGraphemes(),
  ])
  const open = ({ cols, rows }: TerminalSize) => {
    const scrollback = scrollbackAt(cols)
    const terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' })
    terminal.loadAddon(new graphemes.UnicodeGraphemesAddon())
    return terminal
  }
  const probe = open({ cols: 8, rows: 2 })
  boundMarks(coreOf(probe))
  const charsets = probeCharsets(coreOf(probe))
  probe.dispose()
  return size => new Emulator(open(size), charsets)
}

const coreOf = (terminal: Terminal) => (terminal as unknown as { _core: Core })._core

function probeCharsets(core: Core): CharsetNames {
  const names = new Map<Charset, string>([[undefined, 'B']])
  for (const letter of charsetLetters) {
    core.writeSync(Buffer.from(`\x1b(${letter}`))
    const table = core._charsetService._charsets[0]
    if (!names.has(table)) names.set(table, letter)
  }
  return names
}

/** A terminal without a window: it reads at once, never answers, and is harmed by nothing that it reads. */
export class Emulator {
  readonly core: Core
  readonly charsets: CharsetNames
  readonly palette = new Palette()
  readonly #terminal: Terminal

  constructor(terminal: Terminal, charsets: CharsetNames) {
    this.#terminal = terminal
    this.core = coreOf(terminal)
    this.charsets = charsets
    boundCounts(terminal)
    boundLinks(this.core)
    this.core._inputHandler.onColor(changes => this.palette.change(changes))
  }

  get size(): TerminalSize {
    return { cols: this.core.cols, rows: this.core.rows }
  }

  write(bytes: Uint8Array): void {
    this.core.writeSync(bytes)
  }

  resize({ cols, rows }: TerminalSize): void {
    const scrollback = scrollbackAt(cols)
    if (scrollback > scrollbackAt(this.core.cols)) this.#terminal.options.scrollback = scrollback
    this.#terminal.resize(cols, rows)
    this.#terminal.options.scrollback = scrollback
  }

  get isAtGround(): boolean {
    return this.core._inputHandler._parser.currentState === groundState
  }

  /** What opens a string like the one that is being read, so that the rest of it is passed over; undefined outside of strings. */
  get openString(): string | undefined {
    switch (this.core._inputHandler._parser.currentState) {
      case stringStates.osc:
        return '\x1b]999;'
      case stringStates.dcs:
      case stringStates.dcsIgnore:
        return '\x1bP0~'
      case stringStates.command:
        return '\x1b_'
      default:
        return undefined
    }
  }

  /** What the string being read would do is given up, and its bytes are let go. */
  forgetString(): void {
    this.core._inputHandler._parser._oscParser.reset()
    this.core._inputHandler._parser._dcsParser.reset()
  }

  /**
   * Whether a line printed now scrolls out in the end, and everything that was on the screen before with it: the normal screen,
   * scrolling as a whole, and no mode that reaches back.
   */
  get scrollsOut(): boolean {
    const { buffers, coreService, rows, _inputHandler } = this.core
    const { active, normal } = buffers
    return (
      this.isAtGround &&
      active === normal &&
      active.scrollTop === 0 &&
      active.scrollBottom === rows - 1 &&
      !coreService.decPrivateModes.reverseWraparound &&
      _inputHandler._curAttrData.extended._urlId === 0
    )
  }

  close(): void {
    this.#terminal.dispose()
  }
}
