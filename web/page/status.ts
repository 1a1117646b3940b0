import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { Listeners } from '../listeners.ts'

export type Phase = 'connecting' | 'open' | 'lost' | 'ended' | 'failed'

export interface Action {
  label: string
  run(): void
}

/** Characters of a title that are shown: a program may send 10 MB of them. */
const longestTitle = 300

/** How it goes with one terminal: what the line under it says while that terminal has the focus. */
export class Status {
  readonly #changes = new Listeners()
  #isTelling = false
  readonly #chips = new Map<string, HTMLElement>()
  #phase: Phase = 'connecting'
  #message = ''
  #action: Action | undefined
  #link: string | undefined
  #title = ''
  #name = ''
  #size: TerminalSize | undefined
  #hasRung = false

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  show(phase: Phase, message = '', action?: Action): void {
    this.#phase = phase
    this.#message = message
    this.#action = action
    this.#changed()
  }

  /** Where a link leads, while the pointer is on it. */
  showLink(address: string | undefined): void {
    this.#link = address
    this.#changed()
  }

  /** A small thing that stays in the line, by a name of its own; undefined takes it away. */
  setChip(name: string, chip: HTMLElement | undefined): void {
    if (chip) this.#chips.set(name, chip)
    else this.#chips.delete(name)
    this.#changed()
  }

  get phase(): Phase {
    return this.#phase
  }

  get message(): string {
    return this.#message
  }

  get action(): Action | undefined {
    return this.#action
  }

  get link(): string | undefined {
    return this.#link
  }

  get chips(): HTMLElement[] {
    return [...this.#chips.values()]
  }

  /** What a person called the session; empty when nobody did. */
  get name(): string {
    return this.#name
  }

  set name(name: string) {
    this.#name = name
    this.#changed()
  }

  /** What its program calls itself. */
  get title(): string {
    return this.#title
  }

  set title(title: string) {
    this.#title = title.slice(0, longestTitle)
    this.#changed()
  }

  /** A bell that nobody has seen yet. */
  get hasRung(): boolean {
    return this.#hasRung
  }

  set hasRung(hasRung: boolean) {
    if (hasRung === this.#hasRung) return
    this.#hasRung = hasRung
    this.#changed()
  }

  get size(): TerminalSize | undefined {
    return this.#size
  }

  set size(size: TerminalSize) {
    this.#size = size
    this.#changed()
  }

  /** A program may change its title a thousand times in one go. */
  #changed(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    queueMicrotask(() => {
      this.#isTelling = false
      this.#changes.emit()
    })
  }
}
