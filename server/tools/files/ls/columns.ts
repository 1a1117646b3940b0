import type { ByteText } from '../byte-text.ts'

/** One name with all that stands before and behind it. */
export interface Cell {
  text: ByteText
  cells: number
}

export interface Page {
  /** In cells; 0 for no end. */
  width: number
  /** 0: only blanks. */
  tabSize: number
}

/** Narrowest column: a letter and two blanks. */
const minimumCells = 3
const gapCells = 2

/** Names in columns, downwards or across, as ls(1) fills a page; each line ends with a newline. */
export function inColumns(all: readonly Cell[], page: Page, isAcross: boolean): ByteText {
  if (all.length === 0) return ''
  if (page.width === 0) return `${all.map(({ text }) => text).join('  ')}\n`
  const widths = fittingWidths(all, page.width, isAcross)
  const rows = Math.ceil(all.length / widths.length)
  let text = ''
  for (let row = 0; row < rows; row++) {
    const line = widths.map((_, column) => all[isAcross ? row * widths.length + column : column * rows + row])
    text += `${lineOf(line, widths, page.tabSize)}\n`
  }
  return text
}

function lineOf(line: readonly (Cell | undefined)[], widths: readonly number[], tabSize: number): ByteText {
  let text = ''
  let [start, at] = [0, 0]
  for (const [column, cell] of line.entries()) {
    if (!cell) break
    text += indent(at, start, tabSize) + cell.text
    at = start + cell.cells
    start += widths[column]!
  }
  return text
}

/** With tabs, where one leads no further than it should. */
function indent(from: number, to: number, tabSize: number): string {
  let text = ''
  for (let at = from; at < to; ) {
    if (tabSize !== 0 && Math.floor(to / tabSize) > Math.floor((at + 1) / tabSize)) {
      text += '\t'
      at += tabSize - (at % tabSize)
    } else {
      text += ' '
      at++
    }
  }
  return text
}

/** As many columns as fit, each as wide as its widest name. */
function fittingWidths(all: readonly Cell[], width: number, isAcross: boolean): number[] {
  const most = Math.min(Math.max(1, Math.floor(width / minimumCells)), all.length)
  for (let count = most; count > 1; count--) {
    const widths = widthsOf(all, count, isAcross)
    if (widths.reduce((sum, cells) => sum + cells, 0) < width) return widths
  }
  return widthsOf(all, 1, isAcross)
}

function widthsOf(all: readonly Cell[], count: number, isAcross: boolean): number[] {
  const widths = new Array<number>(count).fill(minimumCells)
  const rows = Math.ceil(all.length / count)
  for (const [at, { cells }] of all.entries()) {
    const column = isAcross ? at % count : Math.floor(at / rows)
    const gap = column === count - 1 ? 0 : gapCells
    widths[column] = Math.max(widths[column]!, cells + gap)
  }
  return widths
}

/** Names with commas between, as many on a line as fit. */
export function withCommas(all: readonly Cell[], width: number): ByteText {
  let text = ''
  let at = 0
  for (const [index, cell] of all.entries()) {
    if (index > 0) {
      const fits = width === 0 || at + cell.cells + 2 < width
      text += fits ? ', ' : ',\n'
      at = fits ? at + 2 : 0
    }
    text += cell.text
    at += cell.cells
  }
  return all.length > 0 ? `${text}\n` : ''
}
