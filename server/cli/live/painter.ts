import type { Frame } from '../../core/live.ts'

const at = (row: number, column: number) => `\x1b[${row + 1};${column + 1}H`

/** Without colours, to the end of the line. */
const clearRest = '\x1b[0m\x1b[K'

/** The other screen, without a cursor, and no line runs over its edge. */
export const enterScreen = '\x1b[?1049h\x1b[?25l\x1b[?7l'
export const leaveScreen = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

/** Turns frames into what changes the screen from one to the next: lines that are the same are not written again, and nothing is cleared first. */
export class Painter {
  #shown: string[] = []
  #cursor = ''

  /** Empty where nothing has changed. The terminal shows all of it at once, where it knows synchronized output (mode 2026). */
  paint({ lines, cursor }: Frame): string {
    let changes = ''
    for (let row = 0; row < Math.max(lines.length, this.#shown.length); row++) {
      const line = lines[row] ?? ''
      if (line !== this.#shown[row]) changes += at(row, 0) + line + clearRest
    }
    this.#shown = [...lines]
    const position = cursor ? `${at(cursor.row, cursor.column)}\x1b[?25h` : '\x1b[?25l'
    if (changes === '' && position === this.#cursor) return ''
    this.#cursor = position
    return `\x1b[?2026h\x1b[?25l${changes}${position}\x1b[?2026l`
  }

  /** The screen holds something else by now. */
  forget(rows: number): void {
    this.#shown = Array.from({ length: rows }, () => '\0')
    this.#cursor = ''
  }
}
