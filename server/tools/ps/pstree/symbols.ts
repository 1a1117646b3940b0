/** What joins names in a line, and stands at the beginning of one. */
export interface Symbols {
  /** Before a child that others follow, and before the last one. */
  branch: string
  last: string
  /** Beside children that others follow. */
  vertical: string
  /** Between a parent and its only child, and its first of several. */
  single: string
  first: string
}

const ascii: Symbols = { branch: '|-', last: '`-', vertical: '| ', single: '---', first: '-+-' }
const unicode: Symbols = { branch: '├─', last: '└─', vertical: '│ ', single: '───', first: '─┬─' }

/** The terminal's own line drawing: SO's character set by ESC ( 0. */
const drawn = (letters: string) => `\x1b(0\x0f${letters}\x1b(B`
const vt100: Symbols = {
  branch: drawn('tq'),
  last: drawn('mq'),
  vertical: `${drawn('x')} `,
  single: drawn('qqq'),
  first: drawn('qwq'),
}

export const symbols = { ascii, unicode, vt100 }
