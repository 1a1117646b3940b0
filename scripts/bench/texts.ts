import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What programs print, each some kilobytes that are repeated. */
const pieces = {
  /** Lines of words, no escape among them. */
  plain: `${'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 79)}\n`,
  /** A log with 256 colours by level, as `ls --color` and most loggers write, and every word of its message in a colour of its own. */
  coloured: Array.from({ length: 64 }, (_, line) => colouredLine(line)).join(''),
  /** `top`: the whole screen again and again, each cell placed by cursor movement, lines cleared to their end. */
  redrawn: Array.from({ length: 16 }, (_, frame) => screenful(frame)).join(''),
}

export type Text = keyof typeof pieces

/** Puts `megabytes` of a text into the folder. */
export function writeText(folder: string, text: Text, megabytes: number): string {
  const file = join(folder, `${text}-${megabytes}`)
  const piece = pieces[text]
  writeFileSync(file, piece.repeat((megabytes * 1e6) / piece.length))
  return file
}

function colouredLine(line: number): string {
  const level = ['\x1b[38;5;40mINFO\x1b[0m ', '\x1b[1;33mWARN\x1b[0m ', '\x1b[1;31mERROR\x1b[0m'][line % 3]
  const words = ['the', 'quick', 'brown', 'fox', 'jumps', 'over', 'the', 'lazy', 'dog'].map(
    (word, at) => `\x1b[38;2;${(line * 7 + at * 31) % 256};${(at * 53) % 256};${(line * 11) % 256}m${word}\x1b[39m`,
  )
  return `\x1b[2m12:00:${String(line % 60).padStart(2, '0')}\x1b[22m ${level} ${words.join(' ')}\n`
}

function screenful(frame: number): string {
  const rows = Array.from({ length: 23 }, (_, row) => {
    const load = ((frame * 13 + row * 29) % 1000) / 10
    const style = row === frame % 23 ? '\x1b[7m' : row % 4 === 0 ? '\x1b[1m' : ''
    return `\x1b[${row + 1};1H${style}${String(1000 + row).padStart(6)} root\x1b[${row + 1};20H${load.toFixed(1).padStart(5)}\x1b[m\x1b[${row + 1};30Hworker/${row}\x1b[K`
  })
  return `\x1b[?25l\x1b[H${rows.join('')}\x1b[24;1H\x1b[J\x1b[?25h`
}
