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
  /** What a terminal is sent for a part of those. */
  draw(part: string): string
}

const plain = (part: string) => part
const ascii: Symbols = { branch: '|-', last: '`-', vertical: '| ', single: '---', first: '-+-', draw: plain }
const unicode: Symbols = { branch: '├─', last: '└─', vertical: '│ ', single: '───', first: '─┬─', draw: plain }

/** The terminal's own line drawing: SO's character set by ESC ( 0. */
const vt100: Symbols = {
  branch: 'tq',
  last: 'mq',
  vertical: 'x ',
  single: 'qqq',
  first: 'qwq',
  draw: part => part.replace(/[a-z]+/, letters => `\x1b(0\x0f${letters}\x1b(B`),
}

export const symbols = { ascii, unicode, vt100 }
