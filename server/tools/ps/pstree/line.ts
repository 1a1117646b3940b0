import { cellsOf, cutToCells } from '../cells.ts'

/** A line as it grows, cut to the screen with a `+` in its last cell. */
export class Line {
  /** Cells so far, those beyond the screen too. */
  cells = 0
  #text = ''
  readonly #columns: number

  /** `columns`: Infinity for lines as long as they are. */
  constructor(columns: number) {
    this.#columns = columns
  }

  /** `draw`: what a terminal is sent for the part that has room. */
  add(text: string, draw = (part: string) => part): void {
    const width = cellsOf(text)
    const room = this.#columns - 1 - this.cells
    if (width <= room) this.#text += draw(text)
    else if (room >= 0) this.#text += `${draw(cutToCells(text, room))}+`
    this.cells += width
  }

  /** Takes no cells: a colour. */
  addMark(sequence: string): void {
    this.#text += sequence
  }

  /** Nothing more would be seen. */
  get isFull(): boolean {
    return this.cells >= this.#columns - 1
  }

  /** Whether so many more cells are on the screen, with the given ones left over. */
  hasRoom(cells: number, left: number): boolean {
    return this.cells + 1 + cells <= this.#columns - left
  }

  end(): string {
    const text = `${this.#text}\n`
    this.#text = ''
    this.cells = 0
    return text
  }
}
