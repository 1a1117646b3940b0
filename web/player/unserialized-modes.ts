import type { Terminal } from '@xterm/xterm'

/** What xterm.js's serializer leaves out and a screen in the middle of an editor shows: the cursor's look, and the scroll region. */
export class UnserializedModes {
  readonly #terminal: Terminal
  #isCursorHidden = false
  #cursorStyle = 0
  #region: [top: number, bottom: number] | undefined

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    const { parser } = terminal
    const forget = () => {
      this.#isCursorHidden = false
      this.#cursorStyle = 0
      this.#region = undefined
      return false
    }
    parser.registerEscHandler({ final: 'c' }, forget)
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, forget)
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, params => this.#setCursor(params, false))
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, params => this.#setCursor(params, true))
    parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) => {
      this.#cursorStyle = Number(style)
      return false
    })
    parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
      this.#region = [Number(top) || 1, Number(bottom) || terminal.rows]
      return false
    })
    terminal.onResize(() => {
      this.#region = undefined
    })
  }

  /** Written behind what the serializer gives. Setting a region moves the cursor. */
  serialize(): string {
    const { cursorX, cursorY } = this.#terminal.buffer.active
    const [top, bottom] = this.#region ?? [1, this.#terminal.rows]
    const isWhole = top === 1 && bottom === this.#terminal.rows
    const region = isWhole ? '' : `\x1b[${top};${bottom}r\x1b[${cursorY + 1};${cursorX + 1}H`
    return `${region}\x1b[${this.#cursorStyle} q${this.#isCursorHidden ? '\x1b[?25l' : ''}`
  }

  #setCursor(params: readonly (number | number[])[], isHidden: boolean): false {
    if (params.includes(25)) this.#isCursorHidden = isHidden
    return false
  }
}
