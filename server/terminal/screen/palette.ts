import type { ColorChange } from './core.ts'

/** Numbers of the foreground's, the background's and the cursor's colour, by the OSC that sets each. */
const special = [
  [256, 10],
  [257, 11],
  [258, 12],
] as const

const hex = (value: number) => (value & 0xff).toString(16).padStart(2, '0')

/** The colours that a program changed (OSC 4, 10, 11, 12): at most 259. */
export class Palette {
  readonly #colours = new Map<number, string>()

  change(changes: ColorChange[]): void {
    for (const { type, index, color } of changes) {
      if (type === 1 && index !== undefined && color) this.#colours.set(index, `rgb:${color.map(hex).join('/')}`)
      if (type === 2 && index !== undefined) this.#colours.delete(index)
      if (type === 2 && index === undefined) for (let each = 0; each < 256; each++) this.#colours.delete(each)
    }
  }

  /** What makes every colour what it is here, whatever it was before: a reset keeps them. */
  get sequences(): string {
    const own = special.map(([index, osc]) => {
      const colour = this.#colours.get(index)
      return colour ? `\x1b]${osc};${colour}\x1b\\` : `\x1b]${osc + 100}\x1b\\`
    })
    const indexed = [...this.#colours].filter(([index]) => index < 256).map(([index, colour]) => `${index};${colour}`)
    const set = indexed.length > 0 ? `\x1b]4;${indexed.join(';')}\x1b\\` : ''
    return `\x1b]104\x1b\\${set}${own.join('')}`
  }
}
