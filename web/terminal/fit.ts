import { FitAddon } from '@xterm/addon-fit'
import type { Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { Listeners } from '../listeners.ts'
import { fontSize } from './fonts.ts'

/** In pixels; below that nobody reads, and what doesn't fit is scrolled to. */
const leastFontSize = 7

/** The size of the emulator: that of its box, or, for one who watches, the writer's, in letters small enough for the box. */
export class Fit {
  readonly #terminal: Terminal
  readonly #addon = new FitAddon()
  readonly #wishes = new Listeners<TerminalSize>()
  #wish: TerminalSize | undefined
  #given: TerminalSize | undefined

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    terminal.loadAddon(this.#addon)
  }

  /** What the box has room for, in letters of the size chosen. */
  get wish(): TerminalSize {
    return this.#wish ?? this.#terminal
  }

  /** Calls back when the box has room for another size. */
  onWish(listener: (size: TerminalSize) => void): () => void {
    return this.#wishes.add(listener)
  }

  /** The size of somebody else's window; undefined to follow the box again. */
  give(size: TerminalSize | undefined): void {
    if (sameSize(size, this.#given)) return
    this.#given = size && { cols: size.cols, rows: size.rows }
    this.apply()
  }

  /** Measures the box, which has no size while it is hidden. */
  apply(): void {
    this.#terminal.options.fontSize = fontSize()
    const room = this.#room()
    if (!room) return
    const given = this.#given
    this.#terminal.resize(given?.cols ?? room.cols, given?.rows ?? room.rows)
    if (given) this.#shrink(given, room)
    if (sameSize(room, this.#wish)) return
    this.#wish = room
    this.#wishes.emit(room)
  }

  #room(): TerminalSize | undefined {
    const isHidden = !this.#terminal.element?.parentElement?.clientWidth
    const room = isHidden ? undefined : this.#addon.proposeDimensions()
    return room && Number.isFinite(room.cols) && Number.isFinite(room.rows) ? room : undefined
  }

  /** Cells are whole pixels, so the letters that should fit are tried, in half pixels. */
  #shrink(given: TerminalSize, room: TerminalSize): void {
    const ratio = Math.min(1, room.cols / given.cols, room.rows / given.rows)
    if (ratio === 1) return
    const fits = (now: TerminalSize | undefined) => now && now.cols >= given.cols && now.rows >= given.rows
    const { options } = this.#terminal
    options.fontSize = Math.ceil(fontSize() * ratio * 2) / 2
    while (options.fontSize > leastFontSize && !fits(this.#room())) options.fontSize -= 0.5
  }
}

const sameSize = (one: TerminalSize | undefined, other: TerminalSize | undefined) =>
  one?.cols === other?.cols && one?.rows === other?.rows
