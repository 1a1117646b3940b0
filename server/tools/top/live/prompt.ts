import { cellsOf, cutToCells } from '../../ps/cells.ts'

/** A question on the message line, and what is typed so far. */
export class Prompt {
  readonly question: string
  readonly #answer: (text: string) => void
  #text = ''

  /** `answer` is called once, with what was typed; with Escape never. */
  constructor(question: string, answer: (text: string) => void) {
    this.question = question
    this.#answer = answer
  }

  /** False when it is over. */
  press(key: string): boolean {
    if (key === 'Enter') {
      this.#answer(this.#text.trim())
      return false
    }
    if (key === 'Escape') return false
    if (key === 'Backspace') this.#text = [...this.#text].slice(0, -1).join('')
    else if (key === 'Ctrl-U') this.#text = ''
    else if ([...key].length === 1) this.#text += key
    return true
  }

  /** The line, and the cell that is typed into: the end stays in sight. */
  draw(columns: number): { line: string; column: number } {
    const question = `${cutToCells(this.question, Math.max(0, columns - 12))} `
    const room = Math.max(1, columns - cellsOf(question) - 1)
    let text = this.#text
    while (cellsOf(text) > room) text = [...text].slice(1).join('')
    return { line: `\x1b[1m${question}\x1b[0m${text}`, column: Math.min(columns - 1, cellsOf(question + text)) }
  }
}
